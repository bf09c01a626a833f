// Counterparts of CPython's test_timeouts: when a block is cut off, when not, and by whom.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  sleep,
  Timeout,
  timeout,
  timeoutAt,
  TimeoutError,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../../support/backends.ts";
import { errorOf, label } from "../../support/outcomes.ts";

const asleep = (seconds: number) =>
  function* (): Coroutine<void> {
    yield* sleep(seconds);
  };

describeBackends("test_timeouts.TimeoutTests", (backend) => {
  it("test_timeout_basic: a block that takes too long ends with TimeoutError when its time is up", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const limit = timeout(0.01);
      const error = yield* errorOf(asyncWith(limit, asleep(10)));
      expect(error).toBeInstanceOf(TimeoutError);
      expect([error.message, limit.expired(), loop.time()]).toEqual(["", true, 0.01]);
    }));

  it("test_timeout_at_basic: the same with a time of the loop's clock", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      yield* sleep(5);
      const limit = timeoutAt(5.01);
      expect(yield* errorOf(asyncWith(limit, asleep(10)))).toBeInstanceOf(TimeoutError);
      expect([limit.expired(), limit.when(), loop.time()]).toEqual([true, 5.01, 5.01]);
    }));

  it("test_nested_timeouts: of two that expire together only the outer one throws TimeoutError", () =>
    onVirtualLoop(backend, function* () {
      const [outer, inner] = [timeoutAt(0.01), timeoutAt(0.01)];
      const log: string[] = [];
      const error = yield* errorOf(
        asyncWith(outer, function* () {
          try {
            yield* asyncWith(inner, asleep(10));
          } catch (error) {
            log.push(label(error));
            throw error;
          }
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(log).toEqual(["CancelledError: "]);
      expect([outer.expired(), inner.expired()]).toEqual([true, true]);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("test_waiter_cancelled: inside the block it is a cancellation", () =>
    onVirtualLoop(backend, function* () {
      const inside: Error[] = [];
      const error = yield* errorOf(
        asyncWith(timeout(0.01), function* () {
          const caught = yield* errorOf(sleep(10));
          inside.push(caught);
          throw caught;
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(inside[0]).toBeInstanceOf(CancelledError);
    }));

  it("test_timeout_not_called: a block that is done in time leaves no timer behind", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const limit = timeout(10);
      yield* asyncWith(limit, asleep(0.01));
      expect([limit.expired(), limit.when(), loop.time()]).toEqual([false, 10, 0.01]);
      expect(loop.statistics().timers).toBe(0);
      yield* sleep(20);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("test_timeout_disabled: timeout(null) never ends", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(null);
      yield* asyncWith(limit, asleep(1e6));
      expect([limit.expired(), limit.when()]).toEqual([false, null]);
    }));

  it("test_timeout_at_disabled: nor does timeoutAt(null)", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeoutAt(null);
      yield* asyncWith(limit, asleep(1e6));
      expect([limit.expired(), limit.when()]).toEqual([false, null]);
    }));

  for (const [title, seconds, body] of [
    ["test_timeout_zero: at 0 seconds the body runs up to its first await", 0, asleep(10)],
    ["test_timeout_zero_sleep_zero: even if that gives way for one pass only", 0, asleep(0)],
    ["test_timeout_in_the_past_sleep_zero: and so for a deadline in the past", -11, asleep(0)],
  ] as const) {
    it(title, () =>
      onVirtualLoop(backend, function* ({ loop }) {
        yield* sleep(100);
        const limit = timeout(seconds);
        const log: string[] = [];
        const error = yield* errorOf(
          asyncWith(limit, function* () {
            log.push("started");
            yield* body();
            log.push("went on");
          }),
        );
        expect(error).toBeInstanceOf(TimeoutError);
        expect(log).toEqual(["started"]);
        expect([limit.expired(), limit.when(), loop.time()]).toEqual([true, 100 + seconds, 100]);
      }),
    );
  }

  it("test_foreign_cancel_doesnt_timeout_if_not_expired: a cancellation from elsewhere stays one", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(10);
      const task = createTask(
        asyncWith(limit, function* () {
          currentTask()!.cancel("from elsewhere");
          yield* sleep(10);
        }),
      );
      expect(label(yield* errorOf(task))).toBe("CancelledError: from elsewhere");
      expect([task.cancelled(), limit.expired()]).toEqual([true, false]);
    }));

  it("test_outer_task_is_not_cancelled: a task that catches the TimeoutError is not cancelled", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(function* () {
        return yield* errorOf(asyncWith(timeout(0.001), asleep(10)));
      });
      expect(yield* task).toBeInstanceOf(TimeoutError);
      expect([task.cancelled(), task.done(), task.cancelling()]).toEqual([false, true, 0]);
    }));

  it("test_nested_timeouts_concurrent: an outer one that is due first is not taken for the inner one", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const inner = timeout(0.1);
      const log: string[] = [];
      const error = yield* errorOf(
        asyncWith(timeout(0.002), function* () {
          try {
            yield* asyncWith(inner, function* () {
              clock.advance(0.01);
              yield* sleep(1);
            });
          } catch (error) {
            log.push(label(error));
            throw error;
          }
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(log).toEqual(["CancelledError: "]);
      expect([inner.expired(), loop.time()]).toEqual([false, 0.01]);
    }));

  it("test_nested_timeouts_loop_busy: the outer one is due while the inner one's error is dealt with", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const inner: string[] = [];
      const error = yield* errorOf(
        asyncWith(timeout(0.1), function* () {
          const caught = yield* errorOf(
            asyncWith(timeout(0.01), function* () {
              clock.advance(0.05);
              yield* sleep(1);
            }),
          );
          inner.push(label(caught));
          yield* sleep(10);
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(inner).toEqual(["TimeoutError: "]);
      expect(loop.time()).toBe(0.1);
    }));

  it("test_reschedule: the deadline can be moved, and taken away", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const entered = loop.createFuture<Timeout>();
      const task = createTask(
        asyncWith(timeoutAt(10), function* (limit) {
          entered.setResult(limit);
          yield* sleep(50);
        }),
      );
      const limit = yield* entered;
      expect(limit).toBeInstanceOf(Timeout);
      expect(limit.when()).toBe(10);
      limit.reschedule(30);
      expect(limit.when()).toBe(30);
      limit.reschedule(null);
      expect(limit.when()).toBe(null);
      yield* sleep(40);
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(limit.expired()).toBe(false);
    }));

  it("test_timeout_after_cancellation: a task that was cancelled before can still be timed out", () =>
    onVirtualLoop(backend, function* () {
      const self = currentTask()!;
      self.cancel();
      expect(yield* errorOf(sleep(1))).toBeInstanceOf(CancelledError);
      expect(yield* errorOf(asyncWith(timeout(0), asleep(1)))).toBeInstanceOf(TimeoutError);
      expect(self.uncancel()).toBe(0);
    }));

  it("test_cancel_in_timeout_after_cancellation: and cancelled again in the block", () =>
    onVirtualLoop(backend, function* () {
      const self = currentTask()!;
      self.cancel();
      expect(yield* errorOf(sleep(1))).toBeInstanceOf(CancelledError);
      const error = yield* errorOf(
        asyncWith(timeout(1), function* () {
          self.cancel();
          yield* sleep(2);
        }),
      );
      expect(error).toBeInstanceOf(CancelledError);
      expect([self.uncancel(), self.uncancel()]).toEqual([1, 0]);
    }));
});
