// Counterparts of CPython's test_tasks: cancelling a task, whatever it is doing.
import { expect, it } from "vitest";
import {
  CancelledError,
  type Coroutine,
  createTask,
  ensureFuture,
  sleep,
  type Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label } from "../../support/outcomes.ts";

/** What is left to see of a task that has ended by cancellation. */
function* endOf(task: Task<unknown>): Coroutine<unknown[]> {
  const error = yield* errorOf(task);
  return [error.name, task.done(), task.cancelled(), task.cancel()];
}

const CANCELLED = ["CancelledError", true, true, false];

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_cancel: a sleeping task ends at once, and cannot be cancelled again", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const task = createTask(function* () {
        yield* sleep(10);
        return 12;
      });
      loop.callSoon(() => task.cancel());
      expect(yield* endOf(task)).toEqual(CANCELLED);
      expect(loop.time()).toBe(0);
    }));

  it("test_cancel_yield: a task that gives way for a pass is cancelled at that point", () =>
    onLoop(backend, function* () {
      const task = createTask(function* () {
        yield* sleep(0);
        yield* sleep(0);
        return 12;
      });
      yield* passes(1);
      task.cancel();
      expect(yield* endOf(task)).toEqual(CANCELLED);
    }));

  it("test_cancel_inner_future: cancelling what a task waits for cancels the task", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(function* () {
        yield* future;
        return 12;
      });
      yield* passes(1);
      future.cancel();
      expect(yield* endOf(task)).toEqual(CANCELLED);
      expect([future.cancelled(), task.cancelling()]).toEqual([true, 0]);
    }));

  it("test_cancel_both_task_and_inner_future: both at once is one cancellation", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(function* () {
        yield* future;
        return 12;
      });
      yield* passes(1);
      future.cancel();
      expect(task.cancel()).toBe(true);
      expect(yield* endOf(task)).toEqual(CANCELLED);
      expect(future.cancelled()).toBe(true);
    }));

  it("test_cancel_task_catching: a coroutine that catches the cancellation ends as it likes", () =>
    onLoop(backend, function* ({ loop }) {
      const [first, second] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const task = createTask(function* () {
        yield* first;
        try {
          yield* second;
        } catch (error) {
          if (error instanceof CancelledError) return 42;
          throw error;
        }
        return 0;
      });
      yield* passes(1);
      first.setResult();
      yield* passes(1);
      task.cancel();
      expect([first.cancelled(), second.cancelled()]).toEqual([false, true]);
      expect(yield* task).toBe(42);
      expect(task.cancelled()).toBe(false);
    }));

  it("test_cancel_task_catching: so does an async function", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(async () => {
        try {
          await future;
        } catch (error) {
          if (error instanceof CancelledError) return 42;
          throw error;
        }
        return 0;
      });
      yield* sleep(0.001);
      task.cancel();
      expect(yield* task).toBe(42);
      expect([task.cancelled(), task.cancelling()]).toEqual([false, 1]);
    }));

  it("test_cancel_task_ignoring: or goes on to the next await, which is not cancelled", () =>
    onLoop(backend, function* ({ loop }) {
      const [first, second] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const third = loop.createFuture<number>();
      const task = createTask(function* () {
        yield* first;
        try {
          yield* second;
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
        }
        return yield* third;
      });
      yield* passes(1);
      first.setResult();
      yield* passes(1);
      task.cancel();
      expect(second.cancelled()).toBe(true);
      yield* passes(2);
      expect([task.done(), third.cancelled()]).toEqual([false, false]);
      third.setResult(42);
      expect(yield* task).toBe(42);
      expect(task.cancelled()).toBe(false);
    }));

  it("test_cancel_current_task: a task that cancels itself is cancelled at its next await, at once", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      let reached = false;
      const task: Task<number> = createTask(function* (): Coroutine<number> {
        expect(task.cancel()).toBe(true);
        reached = true;
        yield* sleep(100);
        return 12;
      });
      expect(task.cancelled()).toBe(false);
      expect(yield* endOf(task)).toEqual(CANCELLED);
      expect([reached, loop.time()]).toEqual([true, 0]);
    }));

  it("test_cancel_current_task: so is an async function", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const task: Task<number> = createTask(async () => {
        task.cancel();
        await sleep(100);
        return 12;
      });
      expect(yield* endOf(task)).toEqual(CANCELLED);
      expect(loop.time()).toBe(0);
    }));

  it("test_cancel_at_end: one that returns right after it cancelled itself ends cancelled", () =>
    onLoop(backend, function* () {
      const task: Task<number> = createTask(function* (): Coroutine<number> {
        task.cancel();
        return 12;
      });
      expect(task.cancelled()).toBe(false);
      expect(yield* endOf(task)).toEqual(CANCELLED);
    }));

  it("test_cancel_at_end: so does an async function", () =>
    onLoop(backend, function* () {
      const task: Task<number> = createTask(async () => {
        task.cancel();
        return Promise.resolve(12);
      });
      expect(yield* endOf(task)).toEqual(CANCELLED);
    }));

  it("test_cancel_awaited_task: a task that cancelled itself cancels the task it awaits next", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      let nested: Task<void> | null = null;
      const task: Task<void> = createTask(function* (): Coroutine<void> {
        nested = createTask(function* () {
          yield* future;
        });
        yield* sleep(0);
        task.cancel();
        yield* nested;
      });
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect([task.cancelled(), nested!.cancelled(), future.cancelled()]).toEqual([true, true, true]);
    }));

  it("test_task_cancel_waiter_future: cancelling a task cancels the future that it waits for", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(function* () {
        yield* future;
      });
      yield* passes(1);
      task.cancel();
      expect([future.cancelled(), task.done()]).toEqual([true, false]);
      expect(yield* endOf(task)).toEqual(CANCELLED);
    }));

  it("test_task_cancel_waiter_future: also when that task is an async function", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(async () => {
        await future;
      });
      // An async function takes a turn of Node's microtasks to get to its await.
      yield* sleep(0.001);
      task.cancel();
      expect(future.cancelled()).toBe(true);
      expect(yield* endOf(task)).toEqual(CANCELLED);
    }));

  it("test_yield_future_passes_cancel: a cancellation reaches the innermost await and comes out through all frames", () =>
    onLoop(backend, function* ({ loop }) {
      let proof = 0;
      const waiter = loop.createFuture<void>();
      const inner = function* (): Coroutine<void> {
        try {
          yield* waiter;
        } catch (error) {
          if (error instanceof CancelledError) proof += 1;
          throw error;
        }
        throw new Error("got past the await in inner()");
      };
      const outer = function* (): Coroutine<void> {
        try {
          yield* inner();
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
          proof += 100;
          return;
        }
        proof += 10;
      };
      const task = ensureFuture(outer());
      yield* passes(1);
      task.cancel();
      yield* task;
      expect(proof).toBe(101);
      expect(waiter.cancelled()).toBe(true);
    }));

  it("test_baseexception_during_cancel: an error thrown in the place of the cancellation makes the task fail", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const replacement = new RangeError("while cancelled");
      const task = createTask(function* () {
        try {
          yield* sleep(10);
        } catch (error) {
          if (error instanceof CancelledError) throw replacement;
          throw error;
        }
      });
      yield* passes(1);
      task.cancel();
      expect(task.done()).toBe(false);
      yield* passes(1);
      expect([task.done(), task.cancelled(), loop.time()]).toEqual([true, false, 0]);
      expect(task.exception()).toBe(replacement);
    }));

  it("test_exception_chaining_after_await: a task's error comes out as it is, also inside a catch block", () =>
    onLoop(backend, function* () {
      const failing = function* (): Coroutine<void> {
        throw new RangeError("second");
      };
      try {
        throw new Error("first");
      } catch (first) {
        const error = yield* errorOf(createTask(failing()));
        expect(label(error)).toBe("RangeError: second");
        // JavaScript chains errors by hand only.
        expect("cause" in error).toBe(false);
        expect(label(first)).toBe("Error: first");
      }
    }));

  it("test_exception_chaining_after_await_with_context_cycle: the error being handled, thrown by a task, is not its own cause", () =>
    onLoop(backend, function* () {
      const rethrow = function* (error: unknown): Coroutine<void> {
        throw error;
      };
      try {
        throw new Error("a");
      } catch (first) {
        const error = yield* errorOf(createTask(rethrow(first)));
        expect(error).toBe(first);
        expect(error.cause).toBe(undefined);
      }
    }));

  it("test_exception_traceback: the error of a task has the stack of where it was thrown", () =>
    onLoop(backend, function* () {
      const task = createTask(
        (function* thrower(): Coroutine<void> {
          throw new Error("here");
        })(),
      );
      yield* passes(1);
      expect((task.exception() as Error).stack).toMatch(/thrower/);
    }));
});
