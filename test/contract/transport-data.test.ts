// What a transport sends, delivers and knows: any bytes in order, owned and borrowed data, addresses, setProtocol().
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { Protocol, sleep, type Transport } from "../../lib/index.ts";
import { describeBackends, onLoop, until } from "../support/backends.ts";
import { connectPeer, HOST, withPeerServer } from "../support/peers.ts";
import { thrownBy } from "../support/outcomes.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";
import { withClient, withServer } from "../support/connections.ts";

describeBackends("a transport", (backend) => {
  it("takes any Uint8Array, copying what is small, and refuses the rest with a TypeError", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withClient(loop, {}, function* (client, peer) {
        const backing = new Uint8Array([1, 2, 3, 4, 5]);
        const { transport } = client;
        transport.write(backing.subarray(1, 4));
        backing.fill(9);
        transport.write(Buffer.alloc(0));
        transport.writelines([new Uint8Array([7]), Buffer.from([8])]);
        for (const bad of [1, null, undefined, {}, [1, 2], new ArrayBuffer(2), true]) {
          expect(thrownBy(() => transport.write(bad as never))).toBeInstanceOf(TypeError);
        }
        for (const bad of [1, null, undefined, {}, [1], [null]]) {
          expect(thrownBy(() => transport.writelines(bad as never))).toBeInstanceOf(TypeError);
        }
        yield* until(() => peer.received.length === 5, "the bytes");
        expect([...peer.received]).toEqual([2, 3, 4, 7, 8]);
      });
    }));

  it("keeps the order of small, large and empty writes", () =>
    onLoop(backend, function* ({ loop }) {
      const sent = createHash("sha256");
      let total = 0;
      yield* withClient(
        loop,
        {},
        function* (client, peer) {
          for (let i = 0; i < 300; i++) {
            const part = Buffer.alloc([0, 1, 100, 5000, 70_000][i % 5], i & 0xff);
            sent.update(part);
            total += part.length;
            if (i % 7 === 0) client.transport.writelines([part.subarray(0, 50), part.subarray(50)]);
            else client.transport.write(part);
            if (i % 50 === 0) yield* sleep(0);
          }
          peer.socket.resume();
          yield* until(() => peer.received.length === total, "all the bytes");
          expect(createHash("sha256").update(peer.received).digest("hex")).toBe(sent.digest("hex"));
        },
        true,
      );
    }));

  it("moves 10 MiB in both directions at once without a changed byte", () =>
    onLoop(backend, function* ({ loop }) {
      const size = 10 * 1024 * 1024;
      const payload = Buffer.alloc(size);
      for (let i = 0; i < size; i += 4) payload.writeUInt32LE(Math.imul(i, 2654435761) >>> 0, i);
      const hash = (data: Buffer): string => createHash("sha256").update(data).digest("hex");
      yield* withClient(loop, { eof: () => true }, function* (client, peer) {
        client.transport.write(payload);
        client.transport.writeEof();
        peer.socket.end(payload);
        yield* until(() => peer.ended && client.log.includes("eof"), "both ends");
        expect([peer.received.length, client.received.length]).toEqual([size, size]);
        expect(hash(peer.received)).toBe(hash(payload));
        expect(hash(client.received)).toBe(hash(payload));
      });
    }));

  it("gives data that is the receiver's own: it does not change afterwards", () =>
    onLoop(backend, function* ({ loop }) {
      const kept: Buffer[] = [];
      yield* withServer(loop, { data: (_protocol, data) => kept.push(data) }, function* (_seen, port) {
        const peer = yield* connectPeer(port);
        for (let i = 0; i < 20; i++) {
          const before = kept.length;
          peer.socket.write(Buffer.alloc(1000, i));
          yield* until(() => kept.length > before, "the data");
        }
        const all = Buffer.concat(kept);
        for (let i = 0; i < 20; i++)
          expect(all.subarray(i * 1000, (i + 1) * 1000)).toEqual(Buffer.alloc(1000, i));
        peer.socket.destroy();
      });
      expect(kept.every((data) => Buffer.isBuffer(data))).toBe(true);
    }));

  it("with borrowsData gives the same bytes during the call", () =>
    onLoop(backend, function* ({ loop }) {
      const received = createHash("sha256");
      let total = 0;
      class Borrower extends Protocol {
        static override borrowsData = true;
        override dataReceived(data: Buffer): void {
          received.update(data);
          total += data.length;
        }
      }
      const size = 5 * 1024 * 1024;
      const payload = Buffer.alloc(size);
      for (let i = 0; i < size; i++) payload[i] = (i * 31) & 0xff;
      yield* withPeerServer(function* (server, port) {
        const [transport] = yield* loop.createConnection(() => new Borrower(), HOST, port);
        const peer = yield* server.peer();
        peer.socket.write(payload);
        yield* until(() => total === size, "all the data");
        transport.abort();
      });
      expect(received.digest("hex")).toBe(createHash("sha256").update(payload).digest("hex"));
    }));

  it("with borrowsData may send borrowed bytes back from inside the call", () =>
    onLoop(backend, function* ({ loop }) {
      class Echo extends Protocol {
        static override borrowsData = true;
        #transport!: Transport;
        override connectionMade(transport: Transport): void {
          this.#transport = transport;
        }
        override dataReceived(data: Buffer): void {
          this.#transport.write(data);
        }
      }
      const server = yield* loop.createServer(() => new Echo(), HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      const payload = Buffer.alloc(2 * 1024 * 1024);
      for (let i = 0; i < payload.length; i++) payload[i] = (i * 13) & 0xff;
      peer.socket.write(payload);
      yield* until(() => peer.received.length === payload.length, "the echo");
      expect(peer.received.equals(payload)).toBe(true);
      peer.socket.end();
      yield* peer.closing();
      server.close();
      yield* server.waitClosed();
    }));

  it("knows its addresses, also after it was closed", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = yield* withClient(loop, {}, function* (client, peer) {
        const { transport } = client;
        const peername = [HOST, peer.socket.localPort];
        const sockname = [HOST, peer.socket.remotePort];
        for (const when of ["open", "closed"]) {
          expect([when, transport.getExtraInfo("peername")]).toEqual([when, peername]);
          expect([when, transport.getExtraInfo("sockname")]).toEqual([when, sockname]);
          if (when === "open") {
            const socket = transport.getExtraInfo("socket") as {
              getsockname(): unknown;
              getpeername(): unknown;
            };
            expect([socket.getsockname(), socket.getpeername()]).toEqual([sockname, peername]);
            transport.close();
            yield* until(() => client.lost, "the loss");
          }
        }
        expect(transport.getExtraInfo("no such thing", 5)).toBe(5);
      });
      expect(protocol.lost).toBe(true);
    }));

  it("hands over to another protocol with setProtocol()", () =>
    onLoop(backend, function* ({ loop }) {
      const second = new RecordingProtocol();
      const first = yield* withClient(loop, {}, function* (client, peer) {
        expect(client.transport.getProtocol()).toBe(client);
        peer.socket.write("one");
        yield* until(() => client.text === "one", "the first data");
        client.transport.setProtocol(second);
        expect(client.transport.getProtocol()).toBe(second);
        peer.socket.write("two");
        yield* until(() => second.text === "two", "the second data");
        client.transport.abort();
        yield* until(() => second.lost, "the loss");
        client.connectionLost(null);
      });
      expect(first.text).toBe("one");
      expect(second.log).toEqual(["data", "lost"]);
    }));
});
