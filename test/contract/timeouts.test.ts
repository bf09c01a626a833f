// timeout(): who cancelled a task, deadlines at the edges, async functions, and misuse.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  ExceptionGroup,
  RuntimeError,
  sleep,
  Timeout,
  timeout,
  timeoutAt,
  TimeoutError,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

const asleep = (seconds: number) =>
  function* (): Coroutine<void> {
    yield* sleep(seconds);
  };

describeBackends("timeout()", (backend) => {
  it("gives the body's result, and enters with itself", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(1);
      const result = yield* asyncWith(limit, function* (entered) {
        expect(entered).toBe(limit);
        return yield* sleep(0.5, "result");
      });
      expect(result).toBe("result");
    }));

  it("can be moved later, earlier and into the past", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const ends: number[] = [];
      for (const when of [5, 15, 1]) {
        const limit = timeoutAt(10);
        const error = yield* errorOf(
          asyncWith(limit, function* () {
            limit.reschedule(when);
            yield* sleep(100);
          }),
        );
        expect(error).toBeInstanceOf(TimeoutError);
        ends.push(loop.time());
      }
      expect(ends).toEqual([5, 15, 15]);
      expect(loop.statistics().timers).toBe(0);
    }));

  it("is not reached by a body that never waits, even with no time at all", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0);
      expect(yield* asyncWith(limit, () => "result")).toBe("result");
      expect(limit.expired()).toBe(false);
      yield* sleep(0);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("that is endless has no end", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const limit = timeout(Infinity);
      yield* asyncWith(limit, asleep(1e9));
      expect([limit.when(), limit.expired(), loop.time()]).toEqual([Infinity, false, 1e9]);
    }));

  it("swallowed by the body: no error, and the task's requests are as before", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.1);
      const result = yield* asyncWith(limit, function* () {
        yield* errorOf(sleep(10));
        yield* sleep(1);
        return "swallowed";
      });
      expect([result, limit.expired(), currentTask()!.cancelling()]).toEqual(["swallowed", true, 0]);
    }));

  it("and a cancellation in the same pass, before or after: the task is cancelled", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      for (const first of [true, false]) {
        const limit = timeout(0.1);
        const task = createTask(function* () {
          if (first) loop.callLater(0.1, () => task.cancel("from outside"));
          yield* asyncWith(limit, function* () {
            if (!first) loop.callLater(0.1, () => task.cancel("from outside"));
            yield* sleep(10);
          });
        });
        expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
        expect([limit.expired(), task.cancelled(), task.cancelling()]).toEqual([true, true, 1]);
      }
    }));

  it("that expires while a cancellation is cleaned up does not replace it", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(() =>
        asyncWith(timeout(0.5), function* () {
          try {
            yield* sleep(10);
          } finally {
            yield* errorOf(sleep(10));
          }
        }),
      );
      yield* sleep(0.1);
      task.cancel("from outside");
      expect(label(yield* errorOf(task))).toBe("CancelledError: from outside");
    }));

  for (const [what, seconds] of [
    ["no time at all", 0],
    ["a deadline in the past", -1],
    ["time enough", 1],
  ] as const) {
    it(`with ${what} does not take a cancellation for its own that was pending when it came (gh-134471)`, () =>
      onVirtualLoop(backend, function* () {
        const generator = createTask(function* () {
          currentTask()!.cancel("pending");
          yield* asyncWith(timeout(seconds), asleep(10));
        });
        expect(label(yield* errorOf(generator))).toBe("CancelledError: pending");
        const asynchronous = createTask(async () => {
          currentTask()!.cancel("pending");
          await asyncWith(timeout(seconds), asleep(10));
        });
        expect(label(yield* errorOf(asynchronous))).toBe("CancelledError: pending");
        const nested = createTask(async () => {
          await asyncWith(timeout(100), async () => {
            currentTask()!.cancel("pending");
            await asyncWith(timeout(seconds), asleep(10));
          });
        });
        expect(label(yield* errorOf(nested))).toBe("CancelledError: pending");
      }));
  }

  it("converts its own cancellation when the pending one was taken back", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(
        (function* () {
          currentTask()!.cancel();
          yield* asyncWith(timeout(0), function* () {
            currentTask()!.uncancel();
            yield* sleep(10);
          });
        })(),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("leaves the error of a timeout inside it as it is", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(
        asyncWith(timeout(0.1), function* () {
          yield* errorOf(sleep(10));
          yield* asyncWith(timeout(0.1), asleep(10));
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.cause).toBeInstanceOf(CancelledError);
    }));

  it("leaves errors alone that cannot be changed, and chains of causes that have no end", () =>
    onVirtualLoop(backend, function* () {
      const frozen = yield* errorOf(
        asyncWith(timeout(0.1), function* () {
          const cause = yield* errorOf(sleep(10));
          throw Object.freeze(new RangeError("frozen", { cause }));
        }),
      );
      expect(frozen.cause).toBeInstanceOf(CancelledError);
      const [a, b] = [new Error("a"), new Error("b")];
      [a.cause, b.cause] = [b, a];
      const endless = yield* errorOf(
        asyncWith(timeout(0.1), function* () {
          yield* errorOf(sleep(10));
          throw new ExceptionGroup("both", [a, b]);
        }),
      );
      expect((endless as ExceptionGroup).exceptions).toEqual([a, b]);
      expect([a.cause, b.cause]).toEqual([b, a]);
    }));

  it("refuses what is no number of seconds, and to work without a loop", async () => {
    await onVirtualLoop(backend, function* () {
      for (const make of [timeout, timeoutAt, (when: number | null) => new Timeout(when)]) {
        for (const odd of ["1", undefined, {}, true]) {
          expect(thrownBy(() => make(odd as never))).toBeInstanceOf(TypeError);
        }
        expect(thrownBy(() => make(NaN))).toBeInstanceOf(RangeError);
      }
      yield* asyncWith(timeout(1), function* (limit) {
        expect(thrownBy(() => limit.reschedule(NaN))).toBeInstanceOf(RangeError);
        expect(thrownBy(() => limit.reschedule(undefined as never))).toBeInstanceOf(TypeError);
        expect(limit.when()).toBe(1);
      });
    });
    expect(thrownBy(() => timeout(1))).toBeInstanceOf(RuntimeError);
    expect(timeoutAt(1).when()).toBe(1);
  });

  it("cannot be left when it was not entered, nor twice", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(1);
      expect(label(yield* errorOf(limit.aexit(undefined)))).toBe(
        "RuntimeError: Cannot leave a created Timeout",
      );
      yield* asyncWith(limit, asleep(0));
      expect(label(yield* errorOf(limit.aexit(undefined)))).toBe(
        "RuntimeError: Cannot leave a finished Timeout",
      );
    }));
});

describeBackends("timeout() in async functions", (backend) => {
  it("cuts off an await of ours", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const task = createTask(async () => {
        try {
          await asyncWith(timeout(0.5), async () => {
            try {
              await sleep(10);
            } finally {
              log.push("inside");
            }
          });
        } catch (error) {
          log.push(label(error), String((error as Error).cause instanceof CancelledError));
        }
        await sleep(1);
        return currentTask()!.cancelling();
      });
      expect(yield* task).toBe(0);
      expect(log).toEqual(["inside", "TimeoutError: ", "true"]);
      expect(loop.time()).toBe(1.5);
    }));

  it("around an async body in a coroutine", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const error = yield* errorOf(
        asyncWith(timeout(0.5), async () => {
          try {
            await sleep(10);
          } finally {
            log.push("cut off");
          }
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect([log, loop.time()]).toEqual([["cut off"], 0.5]);
    }));

  it("aborts the signal that a foreign promise was given, and gives a new one after the block", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const foreign = (signal: AbortSignal): Promise<void> =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      const task = createTask(async () => {
        const self = currentTask()!;
        try {
          await asyncWith(timeout(0.5), () => foreign(self.signal));
        } catch (error) {
          return [label(error), self.signal.aborted];
        }
        return [];
      });
      expect(yield* task).toEqual(["TimeoutError: ", false]);
      expect(loop.time()).toBe(0.5);
    }));
});
