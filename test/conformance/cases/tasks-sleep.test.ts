// Counterparts of CPython's test_tasks: sleep().
import { expect, it } from "vitest";
import { type Coroutine, createTask, sleep } from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label } from "../../support/outcomes.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_sleep: takes its time, and gives its result", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      function* sleeper(seconds: number, result: string): Coroutine<string> {
        yield* sleep(seconds / 2);
        return yield* sleep(seconds / 2, result);
      }
      const task = createTask(sleeper(0.1, "yeah"));
      yield* task;
      expect([task.done(), task.result(), clock.time()]).toEqual([true, "yeah", 0.1]);
    }));

  it("test_sleep_when_delay_is_nan: a delay that is not a number fails the task that asks for it", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const task = createTask(function* () {
        yield* sleep(NaN);
      });
      expect(label(yield* errorOf(task))).toBe("RangeError: delay must be a number of seconds, got NaN");
      expect(clock.time()).toBe(0);
    }));

  it("test_sleep_cancel: a cancelled sleeper takes its timer with it", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const task = createTask(sleep(10, "yeah"));
      yield* passes(1);
      expect(loop.statistics().timers).toBe(1);
      task.cancel();
      expect(loop.statistics().timers).toBe(0);
      expect(label(yield* errorOf(task))).toBe("CancelledError: ");
      expect(clock.time()).toBe(0);
    }));

  it("test_task_cancel_sleeping_task: a timer cancels a task that sleeps", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      function* doer(): Coroutine<string> {
        const sleeper = createTask(sleep(5000));
        loop.callLater(0.1, () => sleeper.cancel());
        const error = yield* errorOf(sleeper);
        return error.name;
      }
      expect(yield* doer()).toBe("CancelledError");
      expect(clock.time()).toBe(0.1);
    }));
});

describeBackends("test_tasks.SleepTests", (backend) => {
  it("test_sleep_zero: gives way for exactly one pass", () =>
    onLoop(backend, function* ({ loop }) {
      let result = 0;
      function increase(by: number): void {
        result += by;
      }
      const task = createTask(function* () {
        loop.callSoon(increase, 1);
        expect(result).toBe(0);
        const by = yield* sleep(0, 10);
        // What callSoon() has scheduled came first.
        expect(result).toBe(1);
        increase(by);
      });
      yield* task;
      expect(result).toBe(11);
    }));
});
