// How a connection is lost: abort, reset while reading or writing, writes that come too late.
import { expect, it } from "vitest";
import { RuntimeError, sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer } from "../support/peers.ts";
import { label, thrownBy } from "../support/outcomes.ts";
import { withClient, withServer } from "../support/connections.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

describeBackends("a connection", (backend) => {
  it("abort() drops what is buffered and reports the loss without an error", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withClient(
        loop,
        {},
        function* (client, peer) {
          client.transport.write(Buffer.alloc(16 * 1024 * 1024));
          expect(client.transport.getWriteBufferSize()).toBeGreaterThan(0);
          client.transport.abort();
          client.transport.abort();
          expect(client.transport.isClosing()).toBe(true);
          expect(client.lost).toBe(false);
          yield* until(() => client.lost, "the loss");
          expect(client.exception).toBe(null);
          expect(client.log).toEqual(["made", "pause", "lost"]);
          expect(client.transport.getWriteBufferSize()).toBe(0);
          peer.socket.resume();
          yield* until(() => peer.ended || peer.closed, "the peer's end");
          expect(peer.received.length).toBeLessThan(16 * 1024 * 1024);
        },
        true,
      );
    }));

  it("abort() after close() does not wait for the buffer", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withClient(
        loop,
        {},
        function* (client) {
          client.transport.write(Buffer.alloc(16 * 1024 * 1024));
          client.transport.close();
          yield* passes(3);
          expect(client.lost).toBe(false);
          client.transport.abort();
          yield* until(() => client.lost, "the loss");
          expect(client.exception).toBe(null);
        },
        true,
      );
    }));

  it("reset by the peer while reading is lost with ECONNRESET; others go on", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const protocols = yield* withServer(loop, {}, function* (seen, port) {
        const bad = yield* connectPeer(port);
        const good = yield* connectPeer(port);
        bad.socket.write("x");
        yield* until(() => seen.some((protocol) => protocol.text === "x"), "the data");
        bad.socket.resetAndDestroy();
        const victim = seen.find((protocol) => protocol.text === "x")!;
        yield* until(() => victim.lost, "the loss");
        good.socket.write("fine");
        yield* until(() => seen.some((protocol) => protocol.text === "fine"), "the other's data");
        good.socket.destroy();
      });
      const victim = protocols.find((protocol) => protocol.text === "x")!;
      expect(victim.log).toEqual(["made", "data", "lost"]);
      expect(victim.exception).toMatchObject({ code: "ECONNRESET", syscall: "read" });
      expect((victim.exception as NodeJS.ErrnoException).errno).toBeLessThan(0);
      expect(takeReports()).toEqual([]);
    }));

  it("reset by the peer while much is being written is lost once, with an error", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const protocol = yield* withClient(
        loop,
        {},
        function* (client, peer) {
          client.transport.write(Buffer.alloc(16 * 1024 * 1024));
          yield* sleep(0.002);
          peer.socket.resetAndDestroy();
          yield* until(() => client.lost, "the loss");
          yield* passes(5);
        },
        true,
      );
      expect(protocol.log).toEqual(["made", "pause", "lost"]);
      expect(["ECONNRESET", "EPIPE"]).toContain((protocol.exception as NodeJS.ErrnoException).code);
      expect(takeReports()).toEqual([]);
    }));

  it("write() and writelines() after the loss are dropped in silence", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = yield* withClient(loop, {}, function* (client, peer) {
        peer.socket.resetAndDestroy();
        yield* until(() => client.lost, "the loss");
        for (let i = 0; i < 2; i++) {
          client.transport.write(bytes("dropped"));
          client.transport.writelines([bytes("dropped"), bytes("too")]);
        }
        expect(client.transport.getWriteBufferSize()).toBe(0);
        client.transport.close();
        client.transport.abort();
        client.transport.pauseReading();
        client.transport.resumeReading();
        yield* passes(3);
      });
      expect(protocol.log.filter((call) => call === "lost").length).toBe(1);
    }));

  it("write() after writeEof() is a RuntimeError", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withClient(loop, { eof: () => true }, function* (client) {
        client.transport.writeEof();
        expect(label(thrownBy(() => client.transport.write(bytes("x"))))).toMatch(
          /^RuntimeError: .*write_?eof/i,
        );
        expect(thrownBy(() => client.transport.writelines([bytes("x")]))).toBeInstanceOf(RuntimeError);
        yield* passes(1);
      });
    }));
});
