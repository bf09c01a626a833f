// Checks the handles of the pure backend from below: what is delivered, when, and what never is.
import { createConnection, type Socket } from "node:net";
import { setImmediate as nextImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Coroutine, type EventLoop, type Future, newEventLoop, sleep } from "../../../lib/index.ts";
import type { ListenerHandle, StreamHandle, StreamOwner } from "../../../lib/types/backend.ts";
import { uvCode } from "../../../lib/pure/error-codes.ts";
import { HOST, onPureLoop, pattern, withPeer } from "./pure-loop.ts";

const ANY = { ipv6Only: false, reusePort: false };

class Recorder implements StreamOwner {
  readonly log: string[] = [];
  received = 0;
  drains = 0;

  onData(data: Buffer): void {
    this.received += data.length;
    this.log.push("data");
  }

  onEnd(): void {
    this.log.push("end");
  }

  onReadError(code: number): void {
    this.log.push(`read error ${code}`);
  }

  onWriteError(code: number): void {
    this.log.push(`write error ${code}`);
  }

  onDrain(): void {
    this.drains++;
  }

  onShutdown(code: number): void {
    this.log.push(`shutdown ${code}`);
  }
}

function connect(loop: EventLoop, port: number): Future<StreamHandle> {
  const connected = loop.createFuture<StreamHandle>();
  loop._backend.connectTcp(HOST, port, null, (stream, code) => {
    if (stream === null) connected.setException(new Error(`connect: ${code}`));
    else connected.setResult(stream);
  });
  return connected;
}

/** A connected handle with a recorder on it, and the foreign end. */
async function withPair(
  use: (stream: StreamHandle, owner: Recorder, peer: Socket, loop: EventLoop) => Coroutine<void>,
): Promise<void> {
  const peers: Socket[] = [];
  await withPeer(
    (socket) => void peers.push(socket),
    async (port) => {
      await onPureLoop(function* (loop) {
        const stream = yield* connect(loop, port);
        while (peers.length === 0) yield* sleep(0.001);
        const owner = new Recorder();
        stream.owner = owner;
        yield* use(stream, owner, peers[0]!, loop);
        stream.close(false);
      });
    },
  );
}

function* until(condition: () => boolean): Coroutine<void> {
  while (!condition()) yield* sleep(0.001);
}

describe("PureStream", () => {
  it("reads nothing before it is asked to", () =>
    withPair(function* (stream, owner, peer) {
      let written = false;
      peer.write("early", () => (written = true));
      yield* until(() => written);
      for (let i = 0; i < 20; i++) yield* sleep(0);
      expect(owner.log).toEqual([]);
      stream.readStart(false);
      yield* until(() => owner.received === 5);
    }));

  it("delivers all in order through any number of stops and starts, and the end once", () =>
    withPair(function* (stream, owner, peer) {
      const sent = pattern(3_000_000);
      const got: Buffer[] = [];
      owner.onData = (data) => {
        got.push(data);
        stream.readStop();
      };
      peer.end(sent);
      stream.readStart(false);
      yield* until(() => {
        const before = got.length;
        stream.readStart(false);
        // Not within the call.
        expect(got.length).toBe(before);
        return owner.log.length > 0;
      });
      expect(Buffer.concat(got).equals(sent)).toBe(true);
      for (let i = 0; i < 20; i++) yield* sleep(0);
      expect(owner.log).toEqual(["end"]);
    }));

  it("delivers nothing while it is stopped", () =>
    withPair(function* (stream, owner, peer) {
      owner.onData = () => {
        owner.received++;
        stream.readStop();
      };
      stream.readStart(false);
      peer.write(pattern(2_000_000));
      yield* until(() => owner.received > 0);
      for (let i = 0; i < 50; i++) yield* sleep(0);
      expect(owner.received).toBe(1);
    }));

  it("answers with the number of bytes that wait, and tells when they shrink", () =>
    withPair(function* (stream, owner, peer) {
      peer.pause();
      expect(stream.queued).toBe(0);
      stream.write(Buffer.from("corked"));
      expect(stream.queued).toBe(6);
      stream.flush();
      expect(stream.queued).toBe(0);
      let written = 0;
      while (stream.queued === 0) {
        stream.write(pattern(1_000_000));
        written += 1_000_000;
      }
      stream.write(Buffer.from("behind the large ones"));
      stream.flush();
      expect(owner.drains).toBe(0);
      peer.resume();
      yield* until(() => stream.queued === 0 && owner.drains > 0);
      yield* until(() => peer.bytesRead === written + 6 + 21);
    }));

  it("keeps the bytes of each stream together and in order when several write in turn", () =>
    withPair(function* (stream, _owner, peer, loop) {
      const other = yield* connect(loop, peer.localPort!);
      const got: Buffer[] = [];
      peer.on("data", (data) => got.push(data));
      let expected = "";
      for (let i = 0; i < 200; i++) {
        stream.write(Buffer.from(`a${i} `));
        if (i % 3 === 0) other.write(Buffer.from(`other ${i}`));
        stream.write(Buffer.from(`b${i} `));
        expected += `a${i} b${i} `;
      }
      yield* until(() => peer.bytesRead === expected.length);
      expect(Buffer.concat(got).toString()).toBe(expected);
      other.close(false);
    }));

  it("copies small data also while the peer does not read", () =>
    withPair(function* (stream, _owner, peer) {
      const got: Buffer[] = [];
      peer.on("data", (data) => got.push(data)).pause();
      let before = 0;
      while (stream.queued === 0) {
        stream.write(pattern(1_000_000));
        before += 1_000_000;
      }
      const reused = Buffer.alloc(3);
      for (const text of ["one", "two", "six"]) {
        reused.write(text);
        stream.write(reused);
      }
      reused.fill(0);
      peer.resume();
      yield* until(() => peer.bytesRead === before + 9);
      expect(Buffer.concat(got).subarray(before).toString()).toBe("onetwosix");
    }));

  it("refuses a write when the connection has failed, though nobody reads", () =>
    withPair(function* (stream, owner, peer) {
      stream.readStart(false);
      peer.write("x");
      yield* until(() => owner.received === 1);
      stream.readStop();
      owner.log.length = 0;
      peer.resetAndDestroy();
      yield* until(() => {
        if (owner.log.length === 0) stream.write(Buffer.from("y"));
        return owner.log.length > 0;
      });
      expect(owner.log[0]).toMatch(/^write error -/);
    }));

  it("copies large data whose memory could shrink", () =>
    withPair(function* (stream, _owner, peer) {
      const make = ArrayBuffer as unknown as new (
        length: number,
        options: { maxByteLength: number },
      ) => ArrayBuffer;
      const buffer = new make(1_000_000, { maxByteLength: 1_000_000 });
      new Uint8Array(buffer).set(pattern(1_000_000));
      const got: Buffer[] = [];
      // Fill what the kernel takes first, so that the copy has to wait.
      peer.pause();
      let before = 0;
      while (stream.queued === 0) {
        stream.write(pattern(1_000_000));
        before += 1_000_000;
      }
      stream.write(new Uint8Array(buffer));
      (buffer as unknown as { resize(length: number): void }).resize(0);
      peer.on("data", (data) => got.push(data)).resume();
      yield* until(() => peer.bytesRead === before + 1_000_000);
      expect(Buffer.concat(got).subarray(before).equals(pattern(1_000_000))).toBe(true);
    }));

  it("ends its side after what is queued, and says so", () =>
    withPair(function* (stream, owner, peer) {
      const got: Buffer[] = [];
      let ended = false;
      peer.on("data", (data) => got.push(data));
      peer.on("end", () => (ended = true));
      stream.write(Buffer.from("last words"));
      stream.shutdown();
      stream.shutdown();
      expect(owner.log).toEqual([]);
      yield* until(() => ended && owner.log.length > 0);
      expect(Buffer.concat(got).toString()).toBe("last words");
      expect(owner.log).toEqual(["shutdown 0"]);
      stream.write(Buffer.from("too late"));
      yield* until(() => owner.log.length > 1);
      expect(owner.log[1]).toBe(`write error ${uvCode("EPIPE")}`);
    }));

  it("keeps its names when both sides have ended", () =>
    withPair(function* (stream, owner, peer) {
      const names = [stream.sockname(), stream.peername()];
      expect(names).toEqual([
        [HOST, peer.remotePort],
        [HOST, peer.localPort],
      ]);
      stream.readStart(false);
      stream.shutdown();
      peer.end();
      yield* until(() => owner.log.length === 2);
      for (let i = 0; i < 20; i++) yield* sleep(0);
      expect([stream.sockname(), stream.peername()]).toEqual(names);
    }));

  it("reports a reset of the peer to whoever reads", () =>
    withPair(function* (stream, owner, peer) {
      stream.readStart(false);
      peer.resetAndDestroy();
      yield* until(() => owner.log.length > 0);
      expect(owner.log).toEqual([`read error ${uvCode("ECONNRESET")}`]);
    }));

  it.each([false, true])(
    "reports a reset of the peer to whoever waits for a drain and does not read (has read before: %s)",
    (hasRead) =>
      withPair(function* (stream, owner, peer) {
        if (hasRead) {
          // Node goes on reading ahead after the stop, so it is a read of its own that fails.
          stream.readStart(false);
          peer.write("x");
          yield* until(() => owner.received === 1);
          stream.readStop();
        }
        owner.log.length = 0;
        peer.pause();
        while (stream.queued === 0) stream.write(pattern(1_000_000));
        peer.resetAndDestroy();
        yield* until(() => owner.log.length > 0);
        expect(owner.log[0]).toMatch(/^write error -/);
        expect(stream.queued).toBe(0);
      }),
  );

  it("resets, so that the peer sees an error and not an end", () =>
    withPair(function* (stream, _owner, peer) {
      const seen: string[] = [];
      peer.on("end", () => seen.push("end"));
      peer.on("error", (error: NodeJS.ErrnoException) => seen.push(error.code ?? ""));
      peer.resume();
      stream.close(true);
      yield* until(() => seen.length > 0);
      expect(seen).toEqual(["ECONNRESET"]);
    }));

  it("resets what it has half-closed by an ordinary close", () =>
    withPair(function* (stream, owner, peer) {
      stream.shutdown();
      yield* until(() => owner.log.length > 0);
      stream.close(true);
      let closed = false;
      peer.on("close", () => (closed = true));
      peer.end();
      peer.resume();
      yield* until(() => closed);
    }));

  it("is silent after its close, whatever was under way", () =>
    withPair(function* (stream, owner, peer) {
      stream.readStart(false);
      owner.onData = () => {
        owner.log.push("data");
        stream.write(pattern(100_000));
        stream.shutdown();
        stream.close(false);
      };
      peer.end(pattern(1_000_000));
      yield* until(() => owner.log.length > 0);
      for (let i = 0; i < 50; i++) yield* sleep(0);
      expect(owner.log).toEqual(["data"]);
      expect(stream.owner).toBe(null);
      stream.close(true);
      stream.write(Buffer.from("x"));
      stream.flush();
      stream.shutdown();
      stream.readStop();
      stream.setNoDelay(true);
      stream.setKeepAlive(true, 1);
      expect([stream.readStart(true), stream.queued, stream.fileno()]).toEqual([0, 0, -1]);
      expect([stream.sockname(), stream.peername()]).toEqual([null, null]);
    }));

  it("takes no more than a bounded amount from a peer while the loop is stopped", async () => {
    const size = 64 * 1024 * 1024;
    const loop = newEventLoop({ backend: "pure" });
    await withPeer(
      (socket) => void socket.write(Buffer.alloc(size)),
      async (port) => {
        const owner = new Recorder();
        const stream = await loop.runUntilComplete(function* () {
          const connected = yield* connect(loop, port);
          connected.owner = owner;
          connected.readStart(false);
          yield* until(() => owner.received > 0);
          return connected;
        });
        const before = owner.received;
        // Each of these rounds polls: without a bound they read all that there is.
        for (let round = 0; round < 500; round++) await nextImmediate();
        await loop.runUntilComplete(sleep(0));
        stream.close(false);
        expect(owner.received - before).toBeGreaterThan(0);
        expect(owner.received - before).toBeLessThan(8 * 1024 * 1024);
        loop.close();
      },
    );
  });
});

describe("connects and listeners", () => {
  it("never calls back after a cancel, however late it comes", async () => {
    await withPeer(
      () => undefined,
      async (port) => {
        await onPureLoop(function* (loop) {
          let calls = 0;
          for (let rounds = 0; rounds < 10; rounds++) {
            const pending = loop._backend.connectTcp(HOST, port, null, () => void calls++);
            if (typeof pending === "number") throw new Error(`connect: ${pending}`);
            for (let i = 0; i < rounds && calls === 0; i++) yield* sleep(0);
            const before = calls;
            pending.cancel();
            for (let i = 0; i < 20; i++) yield* sleep(0);
            expect(calls).toBe(before);
            calls = 0;
          }
        });
      },
    );
  });

  it("refuses what is not a literal address instead of asking a resolver", async () => {
    await onPureLoop(function* (loop) {
      expect(loop._backend.bindTcp("localhost", 0, ANY)).toBe(uvCode("EINVAL"));
      expect(loop._backend.connectTcp("localhost", 1, null, () => undefined)).toBe(uvCode("EINVAL"));
      expect(loop._backend.connectTcp(HOST, 1, ["localhost", 0], () => undefined)).toBe(uvCode("EINVAL"));
      yield* sleep(0);
    });
  });

  it("closes a connection that nobody waits for", async () => {
    await onPureLoop(function* (loop) {
      const listener = loop._backend.bindTcp(HOST, 0, ANY) as ListenerHandle;
      expect(listener.listen(10)).toBe(0);
      const client = yield* connect(loop, listener.sockname()![1]);
      const owner = new Recorder();
      client.owner = owner;
      client.readStart(false);
      yield* until(() => owner.log.length > 0);
      client.close(false);
    });
  });

  it("closes a connection that came when its listener was gone", async () => {
    await onPureLoop(function* (loop) {
      const listener = loop._backend.bindTcp(HOST, 0, ANY) as ListenerHandle;
      expect(listener.listen(10)).toBe(0);
      let accepted = 0;
      listener.onConnection = () => void accepted++;
      // Held back, so that it has certainly been accepted by Node and not been delivered.
      const { collect } = loop._backend;
      loop._backend.collect = () => undefined;
      let closed = false;
      const client = createConnection(listener.sockname()![1], HOST).resume();
      client.on("error", () => undefined).on("close", () => (closed = true));
      yield* until(() => loop.statistics().streams === 1);
      listener.close();
      listener.close();
      loop._backend.collect = collect;
      loop._backend.wake();
      yield* until(() => closed);
      expect(accepted).toBe(0);
      expect(listener.sockname()).toBe(null);
      expect(listener.listen(10)).toBe(uvCode("EBADF"));
    });
  });

  it("closes everything with the backend, also what is half open", async () => {
    await withPeer(
      () => undefined,
      async (port) => {
        await onPureLoop(function* (loop) {
          const listener = loop._backend.bindTcp(HOST, 0, {
            ipv6Only: false,
            reusePort: false,
          }) as ListenerHandle;
          expect(listener.listen(10)).toBe(0);
          const stream = yield* connect(loop, port);
          loop._backend.connectTcp(HOST, port, null, () => undefined);
          expect(stream.queued).toBe(0);
          expect(loop.statistics()).toMatchObject({ streams: 2, listeners: 1 });
          // All this is left to loop.close(), and onPureLoop looks.
        });
      },
    );
  });
});
