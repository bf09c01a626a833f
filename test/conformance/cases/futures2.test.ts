// Counterparts of CPython's test_futures2: an exception that is read again and again, the context of the exception handler, text.
import { expect, it } from "vitest";
import { allTasks, ContextVar, type Coroutine, createTask, Task, wrapFuture } from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";
import { reportsOfGarbage } from "../../support/garbage.ts";
import { errorOf } from "../../support/outcomes.ts";

describeBackends("test_futures2.FutureTests", (backend) => {
  it("test_future_traceback: a failed task throws the same error at each await, and its stack does not grow", () =>
    onLoop(backend, function* () {
      const error = new TypeError("42");
      const { stack } = error;
      const task = createTask(
        (function* (): Coroutine<void> {
          throw error;
        })(),
      );
      for (let i = 0; i < 5; i++) {
        expect(yield* errorOf(task)).toBe(error);
        expect(error.stack).toBe(stack);
        expect(yield* errorOf(wrapFuture(task.toPromise()))).toBe(error);
        expect(error.stack).toBe(stack);
      }
    }));

  it("test_task_exc_handler_correct_context: the handler that is told of a task sees the variables of that task", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const name = new ContextVar("name", { default: "foo" });
      const seen: string[] = [];
      const usual = loop.getExceptionHandler()!;
      loop.setExceptionHandler((of, context) => {
        seen.push(name.get());
        usual(of, context);
      });
      (() => {
        createTask(
          (function* (): Coroutine<void> {
            name.set("bar");
            throw new Error("seen by nobody");
          })(),
        );
      })();
      yield* passes(2);
      expect((yield* reportsOfGarbage(takeReports)).map(({ message }) => message)).toEqual([
        "Task exception was never retrieved",
      ]);
      expect(seen).toEqual(["bar"]);
      expect(name.get()).toBe("foo");
    }));

  it("test_handle_exc_handler_correct_context: that is told of a callback, those of the callback", () =>
    onLoop(backend, function* ({ loop }) {
      const name = new ContextVar("name", { default: "foo" });
      const seen: string[] = [];
      loop.setExceptionHandler(() => seen.push(name.get()));
      loop.callSoon(() => {
        name.set("bar");
        throw new Error("of the callback");
      });
      yield* passes(1);
      expect(seen).toEqual(["bar"]);
      expect(name.get()).toBe("foo");
    }));
});

describeBackends("test_futures2.FutureReprTests", (backend) => {
  it("test_recursive_repr_for_pending_tasks: a task that is part of its own result has a text with an end", () =>
    onLoop(backend, function* ({ loop }) {
      const task: Task<Task<unknown>[]> = new Task(
        (function* (): Coroutine<Task<unknown>[]> {
          return [...allTasks()];
        })(),
      );
      expect((yield* task).includes(task)).toBe(true);
      expect(String(task)).toMatch(/^<Task finished /);

      // Long texts are cut; a short one shows where the circle closes.
      const future = loop.createFuture<unknown>();
      future.setResult([future]);
      expect(String(future)).toBe("<Future finished result=[<Future finished result=...>]>");
    }));
});
