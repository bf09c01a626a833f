// Timers: never early by the loop's own clock, FIFO on equal deadlines, cheap to cancel, and right in any mixture.
import { expect, it } from "vitest";
import { CancelledError, createTask, Handle, newEventLoop, sleep, TimerHandle } from "../../lib/index.ts";
import { describeBackends, onLoop, until } from "../support/backends.ts";
import { errorOf, thrownBy } from "../support/outcomes.ts";

/** A small linear congruential generator, so that every run has the same mixture. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describeBackends("timers", (backend) => {
  it("never fire before their deadline by loop.time()", () =>
    onLoop(backend, function* ({ loop }) {
      const random = seededRandom(7);
      let fired = 0;
      const early: number[] = [];
      const check = (when: number): void => {
        fired++;
        const now = loop.time();
        if (now < when) early.push(when - now);
      };
      for (let i = 0; i < 400; i++) {
        const when = loop.time() + random() * 0.05;
        loop.callAt(when, check, when);
      }
      for (let i = 0; i < 400; i++) {
        const delay = random() * 0.05;
        const when = loop.time() + delay;
        loop.callLater(delay, check, when);
      }
      yield* until(() => fired === 800, "all timers");
      expect(early).toEqual([]);
    }));

  it("never end a sleep() early", () =>
    onLoop(backend, function* ({ loop }) {
      for (const delay of [0.0001, 0.0009, 0.001, 0.0011, 0.0099, 0.0123]) {
        const start = loop.time();
        yield* sleep(delay);
        expect(loop.time() - start).toBeGreaterThanOrEqual(delay);
      }
    }));

  it("read the same clock as performance.now()", () =>
    onLoop(backend, function* ({ loop }) {
      const before = performance.now() / 1000;
      const now = loop.time();
      const after = performance.now() / 1000;
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(after);
      yield* sleep(0);
    }));

  it("fire in the order of their deadlines, and in the order they were set when these are equal", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const base = loop.time() + 0.01;
      for (let i = 0; i < 8; i++) loop.callAt(base, () => log.push(`equal ${i}`));
      loop.callAt(base + 0.002, () => log.push("last"));
      loop.callAt(base + 0.001, () => log.push("later"));
      loop.callAt(base - 0.001, () => log.push("first"));
      for (let i = 8; i < 40; i++) loop.callAt(base, () => log.push(`equal ${i}`));
      yield* until(() => log.includes("last"), "the last timer");
      const equal = Array.from({ length: 40 }, (_, i) => `equal ${i}`);
      expect(log).toEqual(["first", ...equal, "later", "last"]);
    }));

  it("keep the order also when they were all overdue at once", () =>
    onLoop(backend, function* ({ loop }) {
      const log: number[] = [];
      const base = loop.time();
      for (const offset of [5, 1, 4, 1, 3, 0, 2]) loop.callAt(base - offset, () => log.push(offset));
      yield* until(() => log.length === 7, "all timers");
      expect(log).toEqual([5, 4, 3, 2, 1, 1, 0]);
    }));

  it("give a TimerHandle for every delay, with when() on the loop's clock", () =>
    onLoop(backend, function* ({ loop }) {
      for (const delay of [0, -0, -3, 1e-9, 0.5]) {
        const before = loop.time();
        const handle = loop.callLater(delay, () => undefined);
        const after = loop.time();
        expect(handle).toBeInstanceOf(TimerHandle);
        expect(handle.when()).toBeGreaterThanOrEqual(before + delay);
        expect(handle.when()).toBeLessThanOrEqual(after + delay);
        handle.cancel();
      }
      expect(loop.callAt(12.5, () => undefined).when()).toBe(12.5);
      expect(loop.callSoon(() => undefined)).not.toBeInstanceOf(TimerHandle);
      expect(loop.callSoon(() => undefined)).toBeInstanceOf(Handle);
      yield* sleep(0);
    }));

  it("pass their arguments", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: unknown[][] = [];
      const record = (...args: never[]): unknown => seen.push(args);
      loop.callLater(0, record as (a: number, b: string, c: null) => unknown, 1, "two", null);
      loop.callAt(loop.time(), record);
      loop.callSoon(record as (a: undefined) => unknown, undefined);
      yield* until(() => seen.length === 3, "all three");
      expect(seen).toEqual([[undefined], [1, "two", null], []]);
    }));

  it("do not fire once cancelled, wherever they are by then", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const early = loop.callLater(0.001, () => log.push("cancelled at once"));
      early.cancel();
      early.cancel();
      expect(early.cancelled()).toBe(true);
      const deadline = loop.time() + 0.002;
      const when = early.when();
      // Both are due together: the first, already running, cancels the second, already in the ready queue.
      loop.callAt(deadline, () => {
        log.push("first");
        second.cancel();
      });
      const second = loop.callAt(deadline, () => log.push("second"));
      loop.callAt(deadline, () => log.push("third"));
      yield* until(() => log.includes("third"), "the third");
      expect(log).toEqual(["first", "third"]);
      expect(early.when()).toBe(when);
      expect(second.cancelled()).toBe(true);
      second.cancel();
    }));

  it("may be cancelled after they fired, to no effect", () =>
    onLoop(backend, function* ({ loop }) {
      let calls = 0;
      const handle = loop.callLater(0, () => calls++);
      const when = handle.when();
      yield* until(() => calls === 1, "the timer");
      handle.cancel();
      expect(handle.when()).toBe(when);
      yield* sleep(0.002);
      expect(calls).toBe(1);
      expect(loop.statistics().timers).toBe(0);
    }));

  it("take huge delays, and forget them when cancelled", () =>
    onLoop(backend, function* ({ loop }) {
      let calls = 0;
      const delays = [2 ** 31 / 1000, 2 ** 31, 2 ** 32, 2 ** 53, 1e15, 1e300, Number.MAX_VALUE, Infinity];
      const handles = delays.map((delay) => loop.callLater(delay, () => calls++));
      expect(loop.statistics().timers).toBe(delays.length);
      yield* sleep(0.005);
      expect(calls).toBe(0);
      for (const [i, handle] of handles.entries()) expect(handle.when()).toBeGreaterThanOrEqual(delays[i]);
      for (const handle of handles) handle.cancel();
      yield* sleep(0.002);
      expect(loop.statistics().timers).toBe(0);
    }));

  it("refuse NaN and what is not a number", () =>
    onLoop(backend, function* ({ loop }) {
      const nothing = (): void => undefined;
      for (const bad of [undefined, null, "1", {}, 1n]) {
        expect(thrownBy(() => loop.callLater(bad as number, nothing))).toBeInstanceOf(TypeError);
        expect(thrownBy(() => loop.callAt(bad as number, nothing))).toBeInstanceOf(TypeError);
      }
      expect(thrownBy(() => loop.callLater(NaN, nothing))).toBeInstanceOf(RangeError);
      expect(thrownBy(() => loop.callAt(NaN, nothing))).toBeInstanceOf(RangeError);
      expect(loop.statistics().timers).toBe(0);
      yield* sleep(0);
    }));

  it("agree with a model over 10 000 mixed sets and cancels", () =>
    onLoop(backend, function* ({ loop }) {
      const random = seededRandom(42);
      const base = loop.time();
      const model = new Map<number, { when: number; handle: TimerHandle }>();
      const fired: number[] = [];
      for (let id = 0; id < 10_000; id++) {
        // A few deadlines are shared on purpose, and a few lie far beyond the test.
        const spread = random() < 0.3 ? Math.floor(random() * 20) / 1000 : random() * 0.03;
        const when = base + 0.1 + spread + (random() < 0.1 ? 1e6 : 0);
        model.set(id, { when, handle: loop.callAt(when, () => fired.push(id)) });
        if (random() < 0.4) {
          const victim = Math.floor(random() * (id + 1));
          model.get(victim)?.handle.cancel();
          model.delete(victim);
        }
      }
      expect(loop.statistics().timers).toBe(model.size);
      const near = [...model].filter(([, { when }]) => when < base + 1000);
      near.sort(([idA, a], [idB, b]) => a.when - b.when || idA - idB);
      yield* until(() => fired.length >= near.length, "the near timers");
      expect(fired).toEqual(near.map(([id]) => id));
      for (const { handle } of model.values()) handle.cancel();
      expect(loop.statistics().timers).toBe(0);
    }));

  it("set from timers that fire go on making progress without wall time", () =>
    onLoop(backend, function* ({ loop }) {
      let left = 1000;
      const again = (): void => {
        if (--left > 0) loop.callLater(0, again);
      };
      loop.callLater(0, again);
      yield* until(() => left === 0, "a thousand zero delays");
    }));

  it("of a cancelled sleep are gone", () =>
    onLoop(backend, function* ({ loop }) {
      const sleeper = createTask(sleep(1000));
      yield* sleep(0);
      expect(loop.statistics().timers).toBe(1);
      sleeper.cancel();
      expect(yield* errorOf(sleeper)).toBeInstanceOf(CancelledError);
      expect(loop.statistics().timers).toBe(0);
    }));

  it("are dropped without being run by close()", async () => {
    const loop = newEventLoop({ backend });
    let calls = 0;
    loop.callLater(0, () => calls++);
    loop.callSoon(() => calls++);
    loop.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(calls).toBe(0);
  });
});
