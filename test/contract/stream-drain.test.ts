// StreamWriter: drain() by several tasks and on lost connections, close() and waitClosed().
import { expect, it } from "vitest";
import { type Coroutine, createTask, gather, openConnection, sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { HOST, withPeerServer } from "../support/peers.ts";
import { errorOf } from "../support/outcomes.ts";
import { echo, withServer } from "../support/stream-server.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

describeBackends("StreamWriter", (backend) => {
  it("close() sends what is buffered first", () =>
    onLoop(backend, function* () {
      const size = 4 * 1024 * 1024;
      yield* withPeerServer(function* (server, port) {
        const [, writer] = yield* openConnection(HOST, port);
        const peer = yield* server.peer();
        writer.write(Buffer.alloc(size, "x"));
        writer.close();
        peer.socket.resume();
        yield* writer.waitClosed();
        yield* until(() => peer.ended, "the end");
        expect(peer.received.length).toBe(size);
      }, true);
    }));

  it("drain() waits only above the mark; any number of drains are woken together", () =>
    onLoop(backend, function* () {
      yield* withPeerServer(function* (server, port) {
        const [, writer] = yield* openConnection(HOST, port);
        const peer = yield* server.peer();
        let passed = false;
        const waitOnce = createTask(function* () {
          yield* writer.drain();
          passed = true;
        });
        yield* passes(2);
        expect(passed).toBe(true);
        yield* waitOnce;
        writer.write(Buffer.alloc(16 * 1024 * 1024));
        const drains = [1, 2, 3].map(() => createTask(writer.drain()));
        yield* sleep(0.01);
        expect(drains.map((drain) => drain.done())).toEqual([false, false, false]);
        drains[1].cancel();
        yield* errorOf(drains[1]);
        peer.socket.resume();
        yield* gather(drains[0], drains[2]);
        expect(writer.transport.getWriteBufferSize()).toBeLessThanOrEqual(16384);
        writer.close();
        yield* writer.waitClosed();
      }, true);
    }));

  it("drain() throws when the connection is lost while it waits, and afterwards", () =>
    onLoop(backend, function* () {
      yield* withPeerServer(function* (server, port) {
        const [, writer] = yield* openConnection(HOST, port);
        const peer = yield* server.peer();
        writer.write(Buffer.alloc(16 * 1024 * 1024));
        const drains = [createTask(writer.drain()), createTask(writer.drain())];
        yield* sleep(0.005);
        peer.socket.resetAndDestroy();
        for (const drain of drains) {
          expect((yield* errorOf(drain)) as NodeJS.ErrnoException).toMatchObject({ code: "ECONNRESET" });
        }
        expect((yield* errorOf(writer.drain())) as NodeJS.ErrnoException).toMatchObject({
          code: "ECONNRESET",
        });
        writer.close();
        yield* errorOf(writer.waitClosed());
      }, true);
    }));

  it("drain() throws the reader's exception first", () =>
    onLoop(backend, function* () {
      yield* withServer(echo, function* (port) {
        const [reader, writer] = yield* openConnection(HOST, port);
        const broken = new Error("stored");
        reader.setException(broken);
        expect(yield* errorOf(writer.drain())).toBe(broken);
        writer.close();
        yield* writer.waitClosed();
      });
    }));

  it("drain() on a closing writer gives way, so that a loop of write and drain comes to its end", () =>
    onLoop(backend, function* () {
      yield* withServer(echo, function* (port) {
        const [, writer] = yield* openConnection(HOST, port);
        writer.close();
        let rounds = 0;
        const loopOn = function* (): Coroutine<void> {
          for (; rounds < 100_000; rounds++) {
            writer.write(bytes("x"));
            yield* writer.drain();
          }
        };
        expect(yield* errorOf(loopOn())).toMatchObject({ code: "ECONNRESET" });
        expect(rounds).toBeLessThan(100_000);
      });
    }));

  it("waitClosed() throws the error that the connection was lost with", () =>
    onLoop(backend, function* () {
      yield* withPeerServer(function* (server, port) {
        const [reader, writer] = yield* openConnection(HOST, port);
        const peer = yield* server.peer();
        peer.socket.resetAndDestroy();
        expect(yield* errorOf(reader.read())).toMatchObject({ code: "ECONNRESET" });
        writer.close();
        expect(yield* errorOf(writer.waitClosed())).toMatchObject({ code: "ECONNRESET" });
      });
    }));

  it("waitClosed() started before close() ends when the connection does", () =>
    onLoop(backend, function* () {
      yield* withServer(echo, function* (port) {
        const [, writer] = yield* openConnection(HOST, port);
        const waits = [createTask(writer.waitClosed()), createTask(writer.waitClosed())];
        yield* passes(3);
        expect(waits.some((wait) => wait.done())).toBe(false);
        writer.close();
        yield* gather(...waits);
      });
    }));
});
