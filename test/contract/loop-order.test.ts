// The order of events: one FIFO ready queue, passes over a snapshot of it, I/O before timers.
import { expect, it } from "vitest";
import { createTask, Protocol, sleep, type Coroutine, type EventLoop } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer, HOST } from "../support/peers.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";

/** Counts passes of the ready queue: `now` is the same for everything that runs in one pass. */
class PassCounter {
  now = 0;
  #running = true;
  readonly #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
    this.#tick();
  }

  #tick = (): void => {
    this.now++;
    if (this.#running) this.#loop.callSoon(this.#tick);
  };

  stop(): void {
    this.#running = false;
  }
}

describeBackends("order of events", (backend) => {
  it("interleaves callbacks and first steps in the order they were scheduled, second steps after all of them", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const twoSteps = function* (name: string): Coroutine<void> {
        log.push(`${name}.1`);
        yield* sleep(0);
        log.push(`${name}.2`);
      };
      loop.callSoon(() => log.push("a"));
      const first = createTask(twoSteps("t1"));
      loop.callSoon(() => log.push("b"));
      const second = createTask(twoSteps("t2"));
      yield* first;
      yield* second;
      expect(log).toEqual(["a", "t1.1", "b", "t2.1", "t1.2", "t2.2"]);
    }));

  it("runs what a pass schedules in the next pass only", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      loop.callSoon(() => {
        log.push("a1");
        loop.callSoon(() => {
          log.push("a2");
          loop.callSoon(() => log.push("a3"));
        });
      });
      loop.callSoon(() => {
        log.push("b1");
        loop.callSoon(() => log.push("b2"));
      });
      loop.callSoon(() => log.push("c1"));
      yield* passes(4);
      expect(log).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
    }));

  it("runs each pass over a snapshot of the queue, however it grows meanwhile", () =>
    onLoop(backend, function* ({ loop }) {
      const counter = new PassCounter(loop);
      const generations: number[][] = [[], [], []];
      const spread = (generation: number): void => {
        generations[generation].push(counter.now);
        if (generation < 2) for (let i = 0; i < 3; i++) loop.callSoon(spread, generation + 1);
      };
      yield* sleep(0);
      const start = counter.now;
      loop.callSoon(spread, 0);
      yield* passes(5);
      counter.stop();
      expect(generations.map((seen) => seen.length)).toEqual([1, 3, 9]);
      for (const [generation, seen] of generations.entries()) {
        expect(new Set(seen)).toEqual(new Set([start + 1 + generation]));
      }
    }));

  it("resumes the awaiter of a future one pass after setResult(), and the awaiter of a task one pass after its last step", () =>
    onLoop(backend, function* ({ loop }) {
      const counter = new PassCounter(loop);
      const future = loop.createFuture<string>();
      const log: [string, number][] = [];
      const inner = createTask(function* () {
        yield* future;
        log.push(["inner", counter.now]);
      });
      const outer = createTask(function* () {
        yield* inner;
        log.push(["outer", counter.now]);
      });
      yield* passes(3);
      let set = 0;
      loop.callSoon(() => {
        set = counter.now;
        future.setResult("x");
      });
      yield* outer;
      counter.stop();
      expect(log).toEqual([
        ["inner", set + 1],
        ["outer", set + 2],
      ]);
    }));

  it("calls done-callbacks through the queue, in the order of registration, after what was queued before", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const future = loop.createFuture<number>();
      for (const name of ["first", "second", "third"]) future.addDoneCallback(() => log.push(name));
      loop.callSoon(() => log.push("queued before"));
      future.setResult(1);
      expect(log).toEqual([]);
      loop.callSoon(() => log.push("queued after"));
      yield* sleep(0);
      expect(log).toEqual(["queued before", "first", "second", "third", "queued after"]);
      future.addDoneCallback(() => log.push("late"));
      expect(log).not.toContain("late");
      yield* sleep(0);
      expect(log.at(-1)).toBe("late");
    }));

  it("gives way for exactly one pass at sleep(0)", () =>
    onLoop(backend, function* ({ loop }) {
      const counter = new PassCounter(loop);
      yield* sleep(0);
      const seen: number[] = [];
      for (let i = 0; i < 4; i++) {
        seen.push(counter.now);
        yield* sleep(i % 2 === 0 ? 0 : -1);
      }
      counter.stop();
      expect(seen.map((pass) => pass - seen[0])).toEqual([0, 1, 2, 3]);
    }));

  it("puts due timers behind what is already ready and before what the pass schedules", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      loop.callLater(0, () => log.push("timer"));
      loop.callLater(-5, () => log.push("overdue"));
      loop.callSoon(() => {
        log.push("soon");
        loop.callSoon(() => log.push("next pass"));
      });
      yield* until(() => log.length === 4, "all four");
      expect(log).toEqual(["soon", "overdue", "timer", "next pass"]);
    }));

  it("takes I/O that is ready before the timers that are due", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const protocol = new RecordingProtocol({ data: () => log.push("data") });
      const server = yield* loop.createServer(() => protocol, HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      yield* until(() => protocol.transport !== undefined, "the connection");
      yield* sleep(0.005);
      for (let round = 1; round <= 5; round++) {
        loop.callSoon(() => {
          peer.socket.write("x");
          loop.callLater(0.001, () => log.push("timer"));
          const end = loop.time() + 0.005;
          while (loop.time() < end);
        });
        yield* until(() => log.length === 2 * round, "data and timer");
      }
      expect(log).toEqual(Array(5).fill(["data", "timer"]).flat());
      peer.socket.destroy();
      server.close();
      yield* server.waitClosed();
    }));

  it("starves neither I/O nor Node's own callbacks while callbacks schedule each other for ever", () =>
    onLoop(backend, function* ({ loop }) {
      const waiting = new Set(["data", "setTimeout", "setImmediate", "promise", "loop timer"]);
      const protocol = new RecordingProtocol({ data: () => waiting.delete("data") });
      const server = yield* loop.createServer(() => protocol, HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      yield* until(() => protocol.transport !== undefined, "the connection");
      const done = loop.createFuture<void>();
      let rounds = 0;
      const spin = (): void => {
        if (waiting.size === 0 || ++rounds === 20_000_000) done.setResult();
        else loop.callSoon(spin);
      };
      loop.callSoon(spin);
      peer.socket.write("x");
      setTimeout(() => waiting.delete("setTimeout"), 1);
      setImmediate(() => waiting.delete("setImmediate"));
      void Promise.resolve().then(() => waiting.delete("promise"));
      loop.callLater(0.001, () => waiting.delete("loop timer"));
      yield* done;
      expect([...waiting]).toEqual([]);
      peer.socket.destroy();
      server.close();
      yield* server.waitClosed();
    }));

  it("schedules connectionMade, the start of reading and the connect's result in three entries in a row", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const server = yield* loop.createServer(() => new Protocol(), HOST, 0);
      const [transport] = yield* loop.createConnection(
        () =>
          new RecordingProtocol({
            made: (protocol) => {
              log.push(`made, reading: ${protocol.transport.isReading()}`);
              loop.callSoon(() => log.push("scheduled by connectionMade"));
            },
          }),
        HOST,
        server.sockets[0].getsockname()[1],
      );
      log.push("connected");
      expect(log[0]).toMatch(/^made/);
      expect(log).toContain("connected");
      transport.close();
      server.close();
      yield* server.waitClosed();
    }));
});
