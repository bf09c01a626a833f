// The sequence of protocol calls over real sockets: made, data, eof, lost, with half-closes from both sides.
import { expect, it } from "vitest";
import { sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer } from "../support/peers.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";
import { withClient, withServer } from "../support/connections.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

describeBackends("a connection", (backend) => {
  it("is made, gets data, the end, and is lost: each once and in this order", () =>
    onLoop(backend, function* ({ loop }) {
      const protocols = yield* withServer(loop, {}, function* (seen, port) {
        const peer = yield* connectPeer(port);
        peer.socket.write("hello ");
        yield* until(() => seen[0]?.text === "hello ", "the first data");
        peer.socket.end("world");
        yield* peer.closing();
        yield* until(() => seen[0].lost, "the loss");
        yield* passes(5);
      });
      expect(protocols[0].log).toEqual(["made", "data", "eof", "lost"]);
      expect(protocols[0].text).toBe("hello world");
      expect(protocols[0].exception).toBe(null);
    }));

  it("with nothing sent is made, ended and lost", () =>
    onLoop(backend, function* ({ loop }) {
      const protocols = yield* withServer(loop, {}, function* (seen, port) {
        const peer = yield* connectPeer(port);
        peer.socket.end();
        yield* until(() => seen[0]?.lost, "the loss");
      });
      expect(protocols[0].log).toEqual(["made", "eof", "lost"]);
    }));

  it("stays half-open when eofReceived() gives true, until our side closes", () =>
    onLoop(backend, function* ({ loop }) {
      const protocols = yield* withServer(loop, { eof: () => true }, function* (seen, port) {
        const peer = yield* connectPeer(port);
        peer.socket.end("question");
        yield* until(() => seen[0]?.log.includes("eof"), "the end");
        yield* sleep(0.005);
        expect(seen[0].lost).toBe(false);
        expect(seen[0].transport.isClosing()).toBe(false);
        seen[0].transport.write(bytes("answer"));
        yield* until(() => peer.text === "answer", "the answer");
        seen[0].transport.close();
        yield* peer.closing();
        yield* until(() => seen[0].lost, "the loss");
      });
      expect(protocols[0].log).toEqual(["made", "data", "eof", "lost"]);
      expect(protocols[0].exception).toBe(null);
    }));

  it("closed by eofReceived()'s result sends what is buffered first", () =>
    onLoop(backend, function* ({ loop }) {
      const size = 3 * 1024 * 1024;
      yield* withServer(
        loop,
        { made: ({ transport }) => transport.write(Buffer.alloc(size)) },
        function* (seen, port) {
          const peer = yield* connectPeer(port);
          peer.socket.end();
          yield* until(() => seen[0]?.lost, "the loss");
          yield* until(() => peer.ended, "the peer's end");
          expect(peer.received.length).toBe(size);
        },
      );
    }));

  it("half-closed by writeEof() still receives", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = yield* withClient(loop, { eof: () => true }, function* (client, peer) {
        client.transport.write(bytes("last words"));
        expect(client.transport.canWriteEof()).toBe(true);
        client.transport.writeEof();
        client.transport.writeEof();
        yield* until(() => peer.ended, "the half-close");
        expect(peer.text).toBe("last words");
        for (const part of ["more ", "and ", "more"]) {
          peer.socket.write(part);
          yield* sleep(0.001);
        }
        yield* until(() => client.text === "more and more", "the data");
        peer.socket.end();
        yield* until(() => client.log.includes("eof"), "the end");
        client.transport.close();
      });
      expect(protocol.log).toEqual(["made", "data", "eof", "lost"]);
      expect(protocol.exception).toBe(null);
    }));

  it("half-closed by both sides after writeEof(): connectionLost comes by itself when eofReceived() gives false", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = yield* withClient(loop, {}, function* (client, peer) {
        client.transport.writeEof();
        yield* until(() => peer.ended, "the half-close");
        peer.socket.end();
        yield* until(() => client.lost, "the loss");
      });
      expect(protocol.log).toEqual(["made", "eof", "lost"]);
    }));

  it("writeEof() comes after all that is buffered", () =>
    onLoop(backend, function* ({ loop }) {
      const size = 4 * 1024 * 1024;
      yield* withClient(
        loop,
        { eof: () => true },
        function* (client, peer) {
          client.transport.write(Buffer.alloc(size, "y"));
          client.transport.writeEof();
          yield* sleep(0.005);
          peer.socket.resume();
          yield* until(() => peer.ended, "the half-close");
          expect(peer.received.length).toBe(size);
        },
        true,
      );
    }));

  it("close() in connectionMade() ends it in order, with what was written there", () =>
    onLoop(backend, function* ({ loop }) {
      const made = ({ transport }: RecordingProtocol): void => {
        transport.write(bytes("go away"));
        transport.close();
        transport.close();
        expect(transport.isClosing()).toBe(true);
      };
      const protocols = yield* withServer(loop, { made }, function* (seen, port) {
        const peer = yield* connectPeer(port);
        peer.socket.write("ignored");
        yield* until(() => peer.ended || peer.closed, "the end");
        expect(peer.text).toBe("go away");
        yield* until(() => seen[0].lost, "the loss");
      });
      expect(protocols[0].log).toEqual(["made", "lost"]);
      expect(protocols[0].exception).toBe(null);
    }));

  it("close() reports the loss through the ready queue, never inline, and delivers no more data", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withClient(loop, {}, function* (client, peer) {
        peer.socket.write("too late");
        client.transport.close();
        expect(client.lost).toBe(false);
        expect(client.transport.isReading()).toBe(false);
        yield* until(() => client.lost, "the loss");
        expect(client.log).toEqual(["made", "lost"]);
      });
    }));

  it("takes a byte at a time from a slow peer", () =>
    onLoop(backend, function* ({ loop }) {
      const text = "a slow and steady peer";
      const protocols = yield* withServer(loop, {}, function* (seen, port) {
        const peer = yield* connectPeer(port);
        for (const char of text) {
          peer.socket.write(char);
          yield* sleep(0.0005);
        }
        peer.socket.end();
        yield* until(() => seen[0].lost, "the loss");
      });
      expect(protocols[0].text).toBe(text);
    }));
});
