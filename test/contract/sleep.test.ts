// sleep(): one pass at zero or less, a timer otherwise, its result, and nothing before it is awaited.
import { expect, it } from "vitest";
import { CancelledError, createTask, sleep, wrapFuture } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

describeBackends("sleep()", (backend) => {
  it("gives its result, or undefined", () =>
    onLoop(backend, function* () {
      expect(yield* sleep(0, "at once")).toBe("at once");
      expect(yield* sleep(0.001, "later")).toBe("later");
      expect(yield* sleep(-1, null)).toBe(null);
      expect(yield* sleep(0)).toBe(undefined);
      expect(yield* wrapFuture(sleep(0.001, "promise").toPromise())).toBe("promise");
    }));

  it("makes no timer at zero or less, and one otherwise", () =>
    onLoop(backend, function* ({ loop }) {
      for (const [delay, timers] of [
        [0, 0],
        [-0, 0],
        [-5, 0],
        [-Infinity, 0],
        [1000, 1],
        [Infinity, 1],
      ]) {
        const task = createTask(sleep(delay));
        let seen = -1;
        loop.callSoon(() => (seen = loop.statistics().timers));
        yield* sleep(0);
        expect(seen).toBe(timers);
        task.cancel();
        yield* passes(2);
        expect(loop.statistics().timers).toBe(0);
      }
    }));

  it("does nothing until it is awaited", () =>
    onLoop(backend, function* ({ loop }) {
      const unawaited = sleep(1000);
      yield* sleep(0);
      expect(loop.statistics().timers).toBe(0);
      const later = sleep(0.003);
      yield* sleep(0.003);
      const start = loop.time();
      yield* later;
      expect(loop.time() - start).toBeGreaterThanOrEqual(0.003);
      expect(unawaited).toBeDefined();
    }));

  it("ends early only by cancellation", () =>
    onLoop(backend, function* () {
      const task = createTask(sleep(1000, "never"));
      yield* sleep(0);
      task.cancel("woken");
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("woken");
    }));

  it("wakes sleepers in the order of their deadlines", () =>
    onLoop(backend, function* () {
      const log: number[] = [];
      const tasks = [5, 1, 3, 2, 4].map((n) =>
        createTask(function* () {
          yield* sleep(n / 200);
          log.push(n);
        }),
      );
      for (const task of tasks) yield* task;
      expect(log).toEqual([1, 2, 3, 4, 5]);
    }));

  it("refuses NaN and what is not a number", () =>
    onLoop(backend, function* () {
      const attempt = function* (delay: unknown) {
        yield* sleep(delay as number);
      };
      expect(yield* errorOf(attempt(NaN))).toBeInstanceOf(RangeError);
      for (const bad of ["1", null, undefined, {}, 1n]) {
        expect(yield* errorOf(attempt(bad))).toBeInstanceOf(TypeError);
      }
    }));

  it("is awaited once, like any coroutine; sleep(0) alone is always the same", () =>
    onLoop(backend, function* () {
      for (const sleeping of [sleep(0.001, "a"), sleep(0, "b")]) {
        yield* sleeping;
        expect(label(yield* errorOf(sleeping))).toMatch(/^RuntimeError: cannot reuse/);
      }
      const giveWay = sleep(0);
      yield* giveWay;
      yield* giveWay;
    }));
});
