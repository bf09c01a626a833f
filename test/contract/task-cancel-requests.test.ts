// Cancellation requests: counted, taken back, refused, and made by the task itself.
import { expect, it } from "vitest";
import {
  CancelledError,
  createTask,
  currentTask,
  sleep,
  type Coroutine,
  type Task,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

describeBackends("Task.cancel() and uncancel()", (backend) => {
  it("caught and ignored: the task goes on, and cancelling() stays up until uncancel()", () =>
    onLoop(backend, function* () {
      const task: Task<string> = createTask(function* () {
        expect(yield* errorOf(sleep(1000))).toBeInstanceOf(CancelledError);
        expect(task.cancelling()).toBe(1);
        yield* passes(3);
        expect(task.uncancel()).toBe(0);
        return "refused";
      });
      yield* sleep(0);
      task.cancel();
      expect(yield* task).toBe("refused");
      expect([task.cancelled(), task.cancelling()]).toEqual([false, 0]);
    }));

  it("of itself: takes effect at its next await", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(function* () {
        currentTask()!.cancel("self");
        log.push("still running");
        yield* sleep(1000);
        log.push("not reached");
      });
      const error = yield* errorOf(task);
      expect(error.message).toBe("self");
      expect(log).toEqual(["still running"]);
      expect(task.cancelled()).toBe(true);
    }));

  it("of itself, then an await of something done already: takes effect at the next one that suspends or at the end", () =>
    onLoop(backend, function* ({ loop }) {
      const done = loop.createFuture<number>();
      done.setResult(1);
      const task = createTask(function* () {
        currentTask()!.cancel();
        yield* done;
        yield* sleep(0);
        return "not reached";
      });
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
    }));

  it("of itself at the very end: the task ends cancelled, not successful", () =>
    onLoop(backend, function* () {
      const task = createTask(function* (): Coroutine<string> {
        yield* sleep(0);
        currentTask()!.cancel("at the end");
        return "dropped";
      });
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("at the end");
      expect(task.cancelled()).toBe(true);
    }));

  it("of itself, then an error of its own: the error stands", () =>
    onLoop(backend, function* () {
      const task = createTask(function* (): Coroutine<void> {
        yield* sleep(0);
        currentTask()!.cancel();
        throw new RangeError("own");
      });
      expect(label(yield* errorOf(task))).toBe("RangeError: own");
      expect(task.cancelled()).toBe(false);
    }));

  it("twice before it runs: one CancelledError, two requests", () =>
    onLoop(backend, function* () {
      let thrown = 0;
      const task = createTask(function* () {
        try {
          yield* sleep(1000);
        } catch {
          thrown++;
        }
        yield* passes(3);
      });
      yield* sleep(0);
      task.cancel("first");
      task.cancel("second");
      expect(task.cancelling()).toBe(2);
      yield* task;
      expect(thrown).toBe(1);
      expect(task.cancelling()).toBe(2);
    }));

  it("twice with the first one delivered in between: two CancelledErrors", () =>
    onLoop(backend, function* () {
      const caught: string[] = [];
      const task = createTask(function* () {
        caught.push((yield* errorOf(sleep(1000))).message);
        caught.push((yield* errorOf(sleep(1000))).message);
      });
      yield* sleep(0);
      task.cancel("first");
      yield* passes(2);
      task.cancel("second");
      yield* task;
      expect(caught).toEqual(["first", "second"]);
    }));

  it("taken back with uncancel() before it was delivered: nothing is thrown", () =>
    onLoop(backend, function* () {
      const task = createTask(function* () {
        yield* passes(2);
        return "undisturbed";
      });
      task.cancel();
      expect(task.uncancel()).toBe(0);
      expect(yield* task).toBe("undisturbed");
      const self = createTask(function* () {
        currentTask()!.cancel();
        currentTask()!.cancel();
        expect(currentTask()!.uncancel()).toBe(1);
        expect(currentTask()!.uncancel()).toBe(0);
        expect(currentTask()!.uncancel()).toBe(0);
        yield* sleep(0);
        return "also";
      });
      expect(yield* self).toBe("also");
    }));

  it("taken back only in part: it is thrown still", () =>
    onLoop(backend, function* () {
      const task = createTask(function* () {
        currentTask()!.cancel();
        currentTask()!.cancel();
        currentTask()!.uncancel();
        yield* sleep(0);
      });
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(task.cancelling()).toBe(1);
    }));

  it("of a finished task: false, not counted", () =>
    onLoop(backend, function* () {
      const task = createTask(sleep(0, "x"));
      yield* task;
      expect(task.cancel()).toBe(false);
      expect([task.cancelling(), task.cancelled(), task.result()]).toEqual([0, false, "x"]);
    }));
});
