// Cancelling a task at every moment of its life.
import { expect, it } from "vitest";
import { CancelledError, createTask, sleep, type Coroutine } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

describeBackends("Task.cancel()", (backend) => {
  it("before the first step: the body never runs", () =>
    onLoop(backend, function* () {
      let ran = false;
      const task = createTask(function* () {
        ran = true;
        yield* sleep(0);
      });
      expect(task.cancel("early")).toBe(true);
      expect(task.cancelled()).toBe(false);
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("early");
      expect([ran, task.cancelled(), task.done()]).toEqual([false, true, true]);
    }));

  it("during a bare pass: thrown at the next step", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(function* () {
        log.push("start");
        try {
          yield* sleep(0);
          log.push("not reached");
        } finally {
          log.push("finally");
        }
      });
      yield* sleep(0);
      task.cancel();
      expect(log).toEqual(["start"]);
      yield* errorOf(task);
      expect(log).toEqual(["start", "finally"]);
    }));

  it("while it awaits a future: cancels the future, with the message", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const caught: Error[] = [];
      const task = createTask(function* () {
        caught.push(yield* errorOf(future));
        throw caught[0];
      });
      yield* sleep(0);
      expect(task.cancel("msg")).toBe(true);
      expect(future.cancelled()).toBe(true);
      expect(task.done()).toBe(false);
      const error = yield* errorOf(task);
      expect(caught[0]).toBeInstanceOf(CancelledError);
      expect(caught[0].message).toBe("msg");
      expect(error.message).toBe("msg");
      expect(task.cancelled()).toBe(true);
    }));

  it("of a task that awaits a task that awaits a future: reaches the innermost first", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const future = loop.createFuture<void>();
      const level = function* (name: string, inner: () => Coroutine<unknown>): Coroutine<void> {
        try {
          yield* inner();
        } finally {
          log.push(name);
        }
      };
      const wait = function* (): Coroutine<void> {
        yield* future;
      };
      const inner = createTask(level("inner", wait));
      const outer = createTask(
        level("outer", function* () {
          yield* inner;
        }),
      );
      yield* passes(2);
      outer.cancel();
      yield* errorOf(outer);
      expect(log).toEqual(["inner", "outer"]);
      expect([future.cancelled(), inner.cancelled(), outer.cancelled()]).toEqual([true, true, true]);
    }));

  it("when the awaited future was completed in the same pass: the result is lost and CancelledError is thrown", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      const task = createTask(function* () {
        return yield* future;
      });
      yield* sleep(0);
      future.setResult("lost");
      expect(task.cancel("wins")).toBe(true);
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("wins");
      expect(future.result()).toBe("lost");
    }));

  it("when the awaited future failed in the same pass: CancelledError wins over the error", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      const task = createTask(function* () {
        return yield* future;
      });
      yield* sleep(0);
      future.setException(new Error("lost"));
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(label(future.exception())).toBe("Error: lost");
    }));

  it("together with a cancel of the future that it awaits: one CancelledError", () =>
    onLoop(backend, function* ({ loop }) {
      let times = 0;
      const future = loop.createFuture<void>();
      const task = createTask(function* () {
        try {
          yield* future;
        } catch {
          times++;
        }
        try {
          yield* sleep(0);
        } catch {
          times++;
        }
        return "end";
      });
      yield* sleep(0);
      task.cancel();
      future.cancel();
      expect(yield* task).toBe("end");
      expect(times).toBe(1);
    }));

  it("refused by the inner task: the outer survives", () =>
    onLoop(backend, function* () {
      const inner = createTask(function* () {
        yield* errorOf(sleep(1000));
        return "inner goes on";
      });
      const outer = createTask(function* () {
        return yield* inner;
      });
      yield* passes(2);
      expect(outer.cancel()).toBe(true);
      expect(yield* outer).toBe("inner goes on");
      expect(outer.cancelled()).toBe(false);
      expect(outer.cancelling()).toBe(1);
    }));

  it("answered with another error in finally: the task fails with that error", () =>
    onLoop(backend, function* () {
      const task = createTask(function* () {
        try {
          yield* sleep(1000);
        } finally {
          throw new RangeError("while cleaning up");
        }
      });
      yield* sleep(0);
      task.cancel();
      expect(label(yield* errorOf(task))).toBe("RangeError: while cleaning up");
      expect(task.cancelled()).toBe(false);
    }));

  it("lets finally blocks await, and a second request interrupts these", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(function* () {
        try {
          yield* sleep(1000);
        } finally {
          log.push("cleaning");
          try {
            yield* sleep(0);
            log.push("cleaned a bit");
            yield* sleep(1000);
          } finally {
            log.push("interrupted");
          }
        }
      });
      yield* sleep(0);
      task.cancel("one");
      yield* passes(4);
      expect(log).toEqual(["cleaning", "cleaned a bit"]);
      task.cancel("two");
      expect((yield* errorOf(task)).message).toBe("two");
      expect(log).toEqual(["cleaning", "cleaned a bit", "interrupted"]);
    }));

  it("is not needed for a task to end cancelled: a CancelledError that escapes is enough", () =>
    onLoop(backend, function* () {
      const task = createTask(function* (): Coroutine<void> {
        yield* sleep(0);
        throw new CancelledError("raised by hand");
      });
      expect((yield* errorOf(task)).message).toBe("raised by hand");
      expect([task.cancelled(), task.cancelling()]).toEqual([true, 0]);
    }));

  it("schedules the awaiter one pass after the task ended", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(sleep(1000));
      const watcher = createTask(function* () {
        yield* errorOf(task);
        log.push("watcher");
      });
      yield* passes(2);
      task.addDoneCallback(() => log.push("callback"));
      task.cancel();
      expect(task.done()).toBe(false);
      yield* watcher;
      expect(log).toEqual(["watcher", "callback"]);
    }));
});
