// openConnection() and startServer() over real sockets: data in both directions, limits, many connections.
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import {
  type Coroutine,
  gather,
  IncompleteReadError,
  openConnection,
  sleep,
  StreamReader,
  StreamWriter,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer, HOST, withPeerServer } from "../support/peers.ts";
import { errorOf } from "../support/outcomes.ts";
import { echo, withServer } from "../support/stream-server.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

describeBackends("streams", (backend) => {
  it("carry lines there and back, and both ends close", () =>
    onLoop(backend, function* () {
      yield* withServer(echo, function* (port) {
        const [reader, writer] = yield* openConnection(HOST, port);
        expect([reader, writer]).toEqual([expect.any(StreamReader), expect.any(StreamWriter)]);
        for (let i = 0; i < 50; i++) {
          writer.write(bytes(`line ${i}\n`));
          yield* writer.drain();
          expect((yield* reader.readline()).toString()).toBe(`line ${i}\n`);
        }
        expect(writer.isClosing()).toBe(false);
        writer.close();
        expect(writer.isClosing()).toBe(true);
        yield* writer.waitClosed();
        yield* writer.waitClosed();
      });
    }));

  it("carry 10 MiB there and back without a changed byte, within bounded buffers", () =>
    onLoop(backend, function* () {
      const size = 10 * 1024 * 1024;
      const chunk = Buffer.alloc(100_000);
      for (let i = 0; i < chunk.length; i++) chunk[i] = (i * 7) & 0xff;
      const sent = createHash("sha256");
      const received = createHash("sha256");
      yield* withServer(echo, function* (port) {
        const [reader, writer] = yield* openConnection(HOST, port);
        const send = function* (): Coroutine<void> {
          for (let left = size; left > 0; left -= chunk.length) {
            const part = Buffer.from(chunk.subarray(0, Math.min(left, chunk.length)));
            part[0] = left & 0xff;
            sent.update(part);
            writer.write(part);
            yield* writer.drain();
            expect(writer.transport.getWriteBufferSize()).toBeLessThanOrEqual(65536);
          }
          writer.writeEof();
        };
        const receive = function* (): Coroutine<number> {
          let total = 0;
          for (;;) {
            const data = yield* reader.read(65536);
            if (data.length === 0) return total;
            received.update(data);
            total += data.length;
          }
        };
        const [, total] = yield* gather(send(), receive());
        expect(total).toBe(size);
        writer.close();
        yield* writer.waitClosed();
      });
      expect(received.digest("hex")).toBe(sent.digest("hex"));
    }));

  it("writer: writelines, writeEof, canWriteEof, getExtraInfo, transport", () =>
    onLoop(backend, function* () {
      yield* withPeerServer(function* (server, port) {
        const [reader, writer] = yield* openConnection(HOST, port);
        const peer = yield* server.peer();
        writer.writelines([bytes("a"), new Uint8Array([98]), bytes("")]);
        writer.writelines(new Set([bytes("c"), bytes("d")]));
        expect(writer.canWriteEof()).toBe(true);
        expect(writer.getExtraInfo("peername")).toEqual([HOST, port]);
        expect(writer.getExtraInfo("nothing of the kind")).toBe(null);
        expect(writer.getExtraInfo("nothing of the kind", "fallback")).toBe("fallback");
        expect(writer.transport.isClosing()).toBe(false);
        writer.writeEof();
        yield* until(() => peer.ended, "the half-close");
        expect(peer.text).toBe("abcd");
        peer.socket.end("still here");
        expect((yield* reader.read()).toString()).toBe("still here");
        writer.close();
        yield* writer.waitClosed();
      });
    }));

  it("a peer that sends a byte at a time, and half-closes between, gives whole lines", () =>
    onLoop(backend, function* () {
      const lines: string[] = [];
      yield* withServer(
        function* (reader, writer) {
          for (;;) {
            const line = yield* reader.readline();
            if (line.length === 0) break;
            lines.push(line.toString());
          }
          writer.write(bytes("bye"));
          writer.close();
        },
        function* (port) {
          const peer = yield* connectPeer(port);
          for (const char of "one\ntwo\nthree") {
            peer.socket.write(char);
            yield* passes(2);
          }
          peer.socket.end();
          yield* until(() => peer.ended, "the answer");
          expect(peer.text).toBe("bye");
        },
      );
      expect(lines).toEqual(["one\n", "two\n", "three"]);
    }));

  it("the limit option bounds what is buffered for a reader that does not read", () =>
    onLoop(backend, function* ({ loop }) {
      let seen: StreamReader | null = null;
      const release = loop.createFuture<void>();
      yield* withServer(
        function* (reader, writer) {
          seen = reader;
          yield* release;
          expect((yield* reader.readexactly(8 * 1024 * 1024)).length).toBe(8 * 1024 * 1024);
          writer.close();
        },
        function* (port) {
          const peer = yield* connectPeer(port);
          peer.socket.write(Buffer.alloc(8 * 1024 * 1024));
          yield* until(() => seen !== null, "the connection");
          yield* sleep(0.02);
          // The rest waits in the kernel's and the peer's own buffers.
          expect(peer.socket.writableLength).toBeGreaterThan(0);
          release.setResult();
          yield* until(() => peer.ended, "the end");
          peer.socket.destroy();
        },
        1000,
      );
    }));

  it("readexactly() cut short by the peer's end gives what there was", () =>
    onLoop(backend, function* () {
      yield* withPeerServer(function* (server, port) {
        const [reader, writer] = yield* openConnection(HOST, port);
        (yield* server.peer()).socket.end("abc");
        const error = (yield* errorOf(reader.readexactly(10))) as IncompleteReadError;
        expect(error).toBeInstanceOf(IncompleteReadError);
        expect(error.partial.toString()).toBe("abc");
        expect(reader.atEof()).toBe(true);
        writer.close();
        yield* writer.waitClosed();
      });
    }));

  it("a hundred connections at once do not mix their data", () =>
    onLoop(backend, function* () {
      yield* withServer(echo, function* (port) {
        const client = function* (id: number): Coroutine<string> {
          const [reader, writer] = yield* openConnection(HOST, port);
          for (let i = 0; i < 10; i++) {
            writer.write(bytes(`${id}:${i}\n`));
            yield* sleep(0);
          }
          writer.writeEof();
          const text = (yield* reader.read()).toString();
          writer.close();
          yield* writer.waitClosed();
          return text;
        };
        const texts = yield* gather(Array.from({ length: 100 }, (_, id) => client(id)));
        for (const [id, text] of texts.entries()) {
          expect(text).toBe(Array.from({ length: 10 }, (_, i) => `${id}:${i}\n`).join(""));
        }
      });
    }));
});
