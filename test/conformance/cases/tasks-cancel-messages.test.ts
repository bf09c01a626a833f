// Counterparts of CPython's test_tasks: what happens to the message of a cancellation, and to its error.
import { expect, it } from "vitest";
import { CancelledError, type Coroutine, createTask, sleep, type Task } from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label } from "../../support/outcomes.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  const forever = function* (): Coroutine<void> {
    yield* sleep(10);
  };

  it("test_task_cancel_message_getter: without a message the error has an empty one, else the one given", () =>
    onVirtualLoop(backend, function* () {
      const plain = createTask(forever());
      plain.cancel();
      expect(label(yield* errorOf(plain))).toBe("CancelledError: ");
      const task = createTask(forever());
      task.cancel("my message");
      expect(label(yield* errorOf(task))).toBe("CancelledError: my message");
    }));

  it("test_task_cancel_message_setter: the last message given before it is delivered is the one that is", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(forever());
      task.cancel("my message");
      task.cancel("my new message");
      expect(label(yield* errorOf(task))).toBe("CancelledError: my new message");
      expect(task.cancelling()).toBe(2);
    }));

  // A message is a string here; what is not becomes one, as with any Error.
  const cases: [args: [string?], message: string][] = [
    [[], ""],
    [[undefined], ""],
    [["my message"], "my message"],
    [[5 as unknown as string], "5"],
  ];

  /** The error that a coroutine gets which cancels a task, waits for its end and looks at it. */
  function* afterCancel(args: [string?], look: (task: Task<void>) => unknown): Coroutine<Error> {
    return yield* errorOf(
      createTask(function* () {
        const task = createTask(forever());
        yield* sleep(0);
        task.cancel(...args);
        while (!task.done()) yield* sleep(0);
        look(task);
      }),
    );
  }

  it("test_cancel_with_message_then_future_result: result() throws the CancelledError with the message", () =>
    onVirtualLoop(backend, function* () {
      for (const [args, message] of cases) {
        const error = yield* afterCancel(args, (task) => task.result());
        expect(error).toBeInstanceOf(CancelledError);
        expect([error.message, error.cause]).toEqual([message, undefined]);
      }
    }));

  it("test_cancel_with_message_then_future_exception: so does exception()", () =>
    onVirtualLoop(backend, function* () {
      for (const [args, message] of cases) {
        const error = yield* afterCancel(args, (task) => task.exception());
        expect(error).toBeInstanceOf(CancelledError);
        expect([error.message, error.cause]).toEqual([message, undefined]);
      }
    }));

  it("test_cancellation_exception_context: the error of an awaited task can be given as the cause of another", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const started = loop.createFuture<void>();
      const task = createTask(function* () {
        const inner = createTask(function* () {
          started.setResult();
          yield* sleep(10);
        });
        yield* started;
        loop.callSoon((message: string) => inner.cancel(message), "msg");
        try {
          yield* inner;
        } catch (error) {
          throw new RangeError("cancelled", { cause: error });
        }
      });
      const error = yield* errorOf(task);
      expect(label(error)).toBe("RangeError: cancelled");
      expect(error.cause).toBeInstanceOf(CancelledError);
      expect(label(error.cause)).toBe("CancelledError: msg");
      expect((error.cause as Error).cause).toBe(undefined);
    }));

  it("test_cancel_with_message_before_starting_task: the message is kept although the body never runs", () =>
    onVirtualLoop(backend, function* () {
      let ran = false;
      const task = createTask(function* () {
        const inner = createTask(function* () {
          ran = true;
          yield* sleep(10);
        });
        inner.cancel("my message");
        while (!inner.done()) yield* sleep(0);
        inner.exception();
      });
      const error = yield* errorOf(task);
      expect([label(error), ran]).toEqual(["CancelledError: my message", false]);
    }));

  /** A task that keeps the CancelledError that was thrown into it. */
  const noting = (noted: unknown[]): Task<void> =>
    createTask(function* () {
      try {
        yield* sleep(10);
      } catch (error) {
        noted.push(error);
        throw error;
      }
    });

  it("test_cancel_traceback_for_future_result: who awaits a cancelled task gets the very error thrown inside it", () =>
    onVirtualLoop(backend, function* () {
      const noted: unknown[] = [];
      const outer = createTask(function* () {
        const task = noting(noted);
        yield* sleep(0);
        task.cancel();
        yield* task;
      });
      const error = yield* errorOf(outer);
      expect(noted).toHaveLength(1);
      expect(error).toBe(noted[0]);
    }));

  it("test_cancel_traceback_for_future_exception: so does who asks for its exception first", () =>
    onVirtualLoop(backend, function* () {
      const noted: unknown[] = [];
      const outer = createTask(function* () {
        const task = noting(noted);
        yield* sleep(0);
        task.cancel();
        while (!task.done()) yield* sleep(0);
        task.exception();
      });
      const error = yield* errorOf(outer);
      expect(error).toBe(noted[0]);
    }));

  it("test_cancel_traceback_for_future_exception: later ones get an error of their own", () =>
    onLoop(backend, function* () {
      const noted: unknown[] = [];
      const task = noting(noted);
      yield* passes(1);
      task.cancel("once");
      const first = yield* errorOf(task);
      const second = yield* errorOf(task);
      expect(first).toBe(noted[0]);
      expect(second).toBeInstanceOf(CancelledError);
      expect(second).not.toBe(first);
    }));
});
