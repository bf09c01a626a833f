// Flow control in both directions: write marks strictly above and at or below, synchronous calls, pausing and resuming reads.
import { expect, it } from "vitest";
import { type Coroutine, type EventLoop, sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer, HOST, type Peer, withPeerServer } from "../support/peers.ts";
import { thrownBy } from "../support/outcomes.ts";
import { type Behaviour, RecordingProtocol } from "../support/recording-protocol.ts";

/** A client whose peer reads nothing, with the kernel's buffers full: from here on each byte written stays with us. */
function* withFullSocket(
  loop: EventLoop,
  behaviour: Behaviour,
  body: (protocol: RecordingProtocol, peer: Peer, base: number) => Coroutine<void>,
): Coroutine<RecordingProtocol> {
  return yield* withPeerServer(function* (server, port) {
    const [transport, protocol] = yield* loop.createConnection(
      () => new RecordingProtocol(behaviour),
      HOST,
      port,
    );
    const peer = yield* server.peer();
    transport.setWriteBufferLimits({ high: 2 ** 30 });
    transport.write(Buffer.alloc(16 * 1024 * 1024));
    let size = -1;
    while (size !== transport.getWriteBufferSize()) {
      size = transport.getWriteBufferSize();
      yield* sleep(0.01);
    }
    try {
      yield* body(protocol, peer, size);
    } finally {
      transport.abort();
    }
    yield* until(() => protocol.lost, "the loss");
    return protocol;
  }, true);
}

describeBackends("write flow control", (backend) => {
  it("has marks of 64 KiB and a quarter of it, and derives one from the other", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withPeerServer(function* (_server, port) {
        const [transport, protocol] = yield* loop.createConnection(() => new RecordingProtocol(), HOST, port);
        expect(transport.getWriteBufferLimits()).toEqual([16384, 65536]);
        transport.setWriteBufferLimits({ high: 1000 });
        expect(transport.getWriteBufferLimits()).toEqual([250, 1000]);
        transport.setWriteBufferLimits({ low: 50 });
        expect(transport.getWriteBufferLimits()).toEqual([50, 200]);
        transport.setWriteBufferLimits({ high: 10, low: 10 });
        expect(transport.getWriteBufferLimits()).toEqual([10, 10]);
        transport.setWriteBufferLimits({ high: 0 });
        expect(transport.getWriteBufferLimits()).toEqual([0, 0]);
        transport.setWriteBufferLimits();
        expect(transport.getWriteBufferLimits()).toEqual([16384, 65536]);
        for (const bad of [{ high: 5, low: 6 }, { low: -1 }, { high: -1 }, { high: NaN }]) {
          expect(thrownBy(() => transport.setWriteBufferLimits(bad))).toBeInstanceOf(RangeError);
        }
        for (const bad of [{ high: "5" }, { low: null }, { high: {} }]) {
          expect(thrownBy(() => transport.setWriteBufferLimits(bad as never))).toBeInstanceOf(TypeError);
        }
        expect(transport.getWriteBufferLimits()).toEqual([16384, 65536]);
        transport.abort();
        yield* until(() => protocol.lost, "the loss");
      });
    }));

  it("pauses strictly above the high mark, synchronously from write(), once", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withFullSocket(loop, {}, function* (client, _peer, base) {
        const { transport, log } = client;
        expect(base).toBeGreaterThan(0);
        transport.setWriteBufferLimits({ high: base + 100, low: 0 });
        transport.write(Buffer.alloc(100));
        expect(transport.getWriteBufferSize()).toBe(base + 100);
        expect(log).toEqual(["made"]);
        transport.write(Buffer.alloc(1));
        expect(log).toEqual(["made", "pause"]);
        transport.write(Buffer.alloc(1000));
        yield* passes(3);
        expect(log).toEqual(["made", "pause"]);
      });
    }));

  it("re-evaluates at once when the marks are moved, in both directions", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withFullSocket(loop, {}, function* (client, _peer, base) {
        const { transport, log } = client;
        transport.setWriteBufferLimits({ high: base - 1, low: 0 });
        expect(log).toEqual(["made", "pause"]);
        transport.setWriteBufferLimits({ high: base + 10, low: base - 1 });
        expect(log).toEqual(["made", "pause"]);
        yield* passes(2);
      });
    }));

  it("resumes at or below the low mark, once, when the peer reads", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: number[] = [];
      const resume = ({ transport }: RecordingProtocol): unknown => seen.push(transport.getWriteBufferSize());
      const protocol = yield* withFullSocket(loop, { resume }, function* (client, peer, base) {
        const { transport } = client;
        transport.setWriteBufferLimits({ high: base, low: 1000 });
        transport.write(Buffer.alloc(10));
        expect(client.log).toEqual(["made", "pause"]);
        peer.socket.resume();
        yield* until(() => client.log.includes("resume"), "the resume");
        yield* until(() => transport.getWriteBufferSize() === 0, "the rest");
        yield* passes(3);
      });
      expect(protocol.log).toEqual(["made", "pause", "resume", "lost"]);
      expect(seen.length).toBe(1);
      expect(seen[0]).toBeLessThanOrEqual(1000);
    }));

  it("with a high mark of 0 pauses on the first byte that stays, and resumes when all is gone", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = yield* withFullSocket(loop, {}, function* (client, peer) {
        client.transport.setWriteBufferLimits({ high: 0 });
        expect(client.log).toEqual(["made", "pause"]);
        peer.socket.resume();
        yield* until(() => client.log.includes("resume"), "the resume");
        expect(client.transport.getWriteBufferSize()).toBe(0);
      });
      expect(protocol.log).toEqual(["made", "pause", "resume", "lost"]);
    }));

  it("never pauses for what the kernel takes, however many small writes there are", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withPeerServer(function* (server, port) {
        const [transport, protocol] = yield* loop.createConnection(() => new RecordingProtocol(), HOST, port);
        const peer = yield* server.peer();
        for (let i = 0; i < 100; i++) {
          transport.write(Buffer.alloc(100));
          yield* sleep(0);
        }
        yield* until(() => peer.received.length === 10_000, "the bytes");
        expect(protocol.log).toEqual(["made"]);
        expect(transport.getWriteBufferSize()).toBe(0);
        transport.abort();
        yield* until(() => protocol.lost, "the loss");
      });
    }));

  it("counts what was written and not taken, at once after write()", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withFullSocket(loop, {}, function* (client, _peer, base) {
        client.transport.write(Buffer.alloc(10));
        expect(client.transport.getWriteBufferSize()).toBe(base + 10);
        client.transport.writelines([Buffer.alloc(5), Buffer.alloc(100_000)]);
        expect(client.transport.getWriteBufferSize()).toBe(base + 100_015);
        yield* passes(1);
      });
    }));

  it("closing from resumeWriting() loses the connection once, after the rest was sent", () =>
    onLoop(backend, function* ({ loop }) {
      const total = 16 * 1024 * 1024;
      const resume = ({ transport }: RecordingProtocol): void => transport.close();
      yield* withFullSocket(loop, { resume }, function* (client, peer, base) {
        client.transport.setWriteBufferLimits({ high: base - 1, low: Math.floor(base / 2) });
        peer.socket.resume();
        yield* until(() => client.lost, "the loss");
        yield* until(() => peer.ended, "the end");
        expect(peer.received.length).toBe(total);
        yield* passes(5);
        expect(client.log).toEqual(["made", "pause", "resume", "lost"]);
      });
    }));

  it("writing from resumeWriting() until paused again keeps a producer going", () =>
    onLoop(backend, function* ({ loop }) {
      const chunk = Buffer.alloc(50_000, "z");
      const total = chunk.length * 200;
      let written = 0;
      let paused = false;
      const produce = (protocol: RecordingProtocol): void => {
        paused = false;
        while (!paused && written < total) {
          written += chunk.length;
          protocol.transport.write(chunk);
        }
        if (written === total) protocol.transport.close();
      };
      const behaviour = { made: produce, resume: produce, pause: () => (paused = true) };
      yield* withPeerServer(function* (server, port) {
        const [, protocol] = yield* loop.createConnection(() => new RecordingProtocol(behaviour), HOST, port);
        const peer = yield* server.peer();
        yield* until(() => protocol.lost, "the loss");
        yield* until(() => peer.ended, "the end");
        expect(peer.received.length).toBe(total);
      });
    }));
});

describeBackends("read flow control", (backend) => {
  it("pauseReading() stops the data, resumeReading() brings it; both are idempotent", () =>
    onLoop(backend, function* ({ loop }) {
      yield* withPeerServer(function* (server, port) {
        const [transport, protocol] = yield* loop.createConnection(() => new RecordingProtocol(), HOST, port);
        const peer = yield* server.peer();
        expect(transport.isReading()).toBe(true);
        transport.pauseReading();
        transport.pauseReading();
        expect(transport.isReading()).toBe(false);
        peer.socket.write("held back");
        yield* sleep(0.01);
        expect(protocol.text).toBe("");
        transport.resumeReading();
        transport.resumeReading();
        expect(transport.isReading()).toBe(true);
        yield* until(() => protocol.text === "held back", "the data");
        transport.abort();
        expect(transport.isReading()).toBe(false);
        yield* until(() => protocol.lost, "the loss");
      });
    }));

  it("pauseReading() in connectionMade() is honoured, also for the end of the stream", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = new RecordingProtocol({ made: ({ transport }) => transport.pauseReading() });
      const server = yield* loop.createServer(() => protocol, HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      peer.socket.end("early");
      yield* until(() => protocol.log.includes("made"), "the connection");
      yield* sleep(0.01);
      expect(protocol.log).toEqual(["made"]);
      protocol.transport.resumeReading();
      yield* until(() => protocol.lost, "the loss");
      expect(protocol.log).toEqual(["made", "data", "eof", "lost"]);
      expect(protocol.text).toBe("early");
      server.close();
      yield* server.waitClosed();
    }));

  it("pauseReading() inside dataReceived() lets no further data through", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = new RecordingProtocol({ data: ({ transport }) => transport.pauseReading() });
      const server = yield* loop.createServer(() => protocol, HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      const size = 4 * 1024 * 1024;
      peer.socket.end(Buffer.alloc(size));
      let calls = 0;
      while (!protocol.lost) {
        const before = protocol.received.length;
        yield* sleep(0.001);
        if (protocol.received.length > before) {
          const held = protocol.received.length;
          yield* passes(20);
          expect(protocol.received.length).toBe(held);
          calls++;
        }
        if (protocol.transport !== undefined) protocol.transport.resumeReading();
      }
      expect(calls).toBeGreaterThan(1);
      expect(protocol.received.length).toBe(size);
      server.close();
      yield* server.waitClosed();
    }));

  it("a paused reader bounds what is buffered: the peer is held back", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = new RecordingProtocol({ made: ({ transport }) => transport.pauseReading() });
      const server = yield* loop.createServer(() => protocol, HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      peer.socket.write(Buffer.alloc(32 * 1024 * 1024));
      yield* sleep(0.02);
      expect(peer.socket.writableLength).toBeGreaterThan(0);
      protocol.transport.abort();
      yield* until(() => protocol.lost, "the loss");
      peer.socket.destroy();
      server.close();
      yield* server.waitClosed();
    }));
});
