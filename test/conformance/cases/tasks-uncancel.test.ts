// Counterparts of CPython's test_tasks: counting cancellation requests, and taking them back.
import { expect, it } from "vitest";
import {
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  sleep,
  type Task,
  TimeoutError,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf } from "../../support/outcomes.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_cancelling: requests are counted, also before the task has run, and show", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(sleep(10));
      expect(task.cancelling()).toBe(0);
      expect(String(task)).not.toContain(" cancelling ");
      expect(task.cancel()).toBe(true);
      expect(task.cancelling()).toBe(1);
      expect(String(task)).toContain(" cancelling ");
      expect(task.cancel()).toBe(true);
      expect(task.cancelling()).toBe(2);
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
    }));

  it("test_uncancel_basic: a task that takes the request back can sleep, and be cancelled again", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(function* () {
        try {
          yield* sleep(10);
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
          currentTask()!.uncancel();
          yield* sleep(10);
        }
      });
      yield* sleep(0.01);
      expect(task.cancel()).toBe(true);
      expect(String(task)).toContain(" cancelling ");
      expect([task.cancelling(), task.cancelled()]).toEqual([1, false]);
      yield* sleep(0.01);

      expect(String(task)).not.toContain(" cancelling ");
      expect([task.cancelling(), task.cancelled()]).toEqual([0, false]);

      expect(task.cancel()).toBe(true);
      expect([task.cancelling(), task.cancelled()]).toEqual([1, false]);
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect([task.cancelled(), task.done()]).toEqual([true, true]);

      task.uncancel();
      expect([task.cancelled(), task.done()]).toEqual([true, true]);
    }));

  it("test_uncancel_structured_blocks: a block that cancels its task can end it, and what follows is untouched", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      /** What a timeout is made of: gives whether it was used, whether the block ended, and whether the rest was reached. */
      const limited = function* (seconds: number, limit: number): Coroutine<boolean[]> {
        const task = currentTask()!;
        let [timedOut, blockEnded] = [false, false];
        const timer = loop.callLater(limit, () => {
          timedOut = true;
          task.cancel();
        });
        try {
          let failure: unknown;
          try {
            yield* sleep(seconds);
            blockEnded = true;
          } catch (error) {
            failure = error;
            throw error;
          } finally {
            timer.cancel();
            if (timedOut && task.uncancel() === 0 && failure instanceof CancelledError) {
              // Instead of the cancellation.
              throw new TimeoutError();
            }
          }
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
        }
        yield* sleep(0);
        return [timedOut, blockEnded, true];
      };
      const late = createTask(limited(10, 0.1));
      expect(yield* late).toEqual([true, false, true]);
      expect(late.cancelling()).toBe(0);
      expect(loop.time()).toBeCloseTo(0.1);

      const inTime = createTask(limited(0, 10));
      expect(yield* inTime).toEqual([false, true, true]);
      expect(inTime.cancelling()).toBe(0);
    }));

  it("test_uncancel_resets_must_cancel: a request that is taken back before it was delivered leaves no trace", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(function* () {
        yield* future;
        return 42;
      });
      yield* passes(1);
      future.setResult();
      task.cancel();
      expect(task.cancelling()).toBe(1);
      expect(task.uncancel()).toBe(0);
      expect(task.cancelling()).toBe(0);
      expect(yield* task).toBe(42);
    }));

  it("test_uncancel_resets_must_cancel: one of two taken back is not enough", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(function* () {
        yield* future;
      });
      yield* passes(1);
      future.setResult();
      task.cancel();
      task.cancel();
      expect(task.uncancel()).toBe(1);
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
    }));

  it("test_uncancel_resets_must_cancel: taking it back does not reach into the task that is awaited", () =>
    onLoop(backend, function* ({ loop }) {
      let ran = false;
      const made: Task<void>[] = [];
      const outer = createTask(function* () {
        made.push(
          createTask(function* () {
            ran = true;
          }),
        );
        yield* made[0];
      });
      // Between the first step of the outer task and that of the inner one.
      loop.callSoon(() => {
        outer.cancel();
        outer.uncancel();
      });
      expect(yield* errorOf(outer)).toBeInstanceOf(CancelledError);
      expect([ran, outer.cancelling(), made[0].cancelling(), made[0].cancelled()]).toEqual([
        false,
        0,
        1,
        true,
      ]);
    }));
});
