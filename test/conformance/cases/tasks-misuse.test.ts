// Counterparts of CPython's test_tasks: what a task refuses, and with which error.
import { expect, it } from "vitest";
import {
  allTasks,
  type Coroutine,
  coroutine,
  createTask,
  ensureFuture,
  Future,
  InvalidStateError,
  newEventLoop,
  RuntimeError,
  sleep,
  Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_other_loop_future: awaiting a future of another loop throws a RuntimeError into the coroutine", () =>
    onLoop(backend, function* () {
      const other = newEventLoop({ backend });
      const foreign = other.createFuture<void>();
      const task = createTask(function* () {
        yield* foreign;
      });
      expect(label(yield* errorOf(task))).toMatch(
        /^RuntimeError: Task .* got Future .* attached to a different loop/,
      );
      expect(foreign.done()).toBe(false);
      other.close();
    }));

  it("test_task_awaits_on_itself: a RuntimeError, not a deadlock", () =>
    onLoop(backend, function* () {
      const task: Task<void> = createTask(function* (): Coroutine<void> {
        yield* task;
      });
      expect(label(yield* errorOf(task))).toMatch(/^RuntimeError: Task cannot await on itself/);
    }));

  it("test_ensure_future_neither: what cannot be awaited is a TypeError", () =>
    onLoop(backend, function* () {
      expect(thrownBy(() => ensureFuture("ok" as never))).toBeInstanceOf(TypeError);
      yield* sleep(0);
    }));

  it("test_ensure_future_error_msg: a future of another loop is refused, and the message says so", () =>
    onLoop(backend, function* ({ loop }) {
      const other = newEventLoop({ backend });
      const future = loop.createFuture<void>();
      expect(label(thrownBy(() => ensureFuture(future, { loop: other })))).toBe(
        "RangeError: The future belongs to a different loop than the one specified as the loop argument",
      );
      other.close();
      yield* sleep(0);
    }));

  it("test_create_task_with_noncoroutine: a TypeError that shows what was given, time and again", () =>
    onLoop(backend, function* ({ loop }) {
      for (let time = 0; time < 2; time++) {
        expect(label(thrownBy(() => new Task(123 as never, { loop })))).toMatch(
          /^TypeError: a coroutine was expected, got 123/,
        );
        expect(label(thrownBy(() => createTask(123 as never)))).toMatch(
          /^TypeError: a coroutine was expected, got 123/,
        );
      }
      expect(allTasks().size).toBe(1);
      yield* sleep(0);
    }));

  it("test_task_set_methods: the result of a task is its coroutine's business", () =>
    onLoop(backend, function* () {
      const task = createTask(sleep(0, "ko"));
      expect(label(thrownBy(() => task.setResult("ok")))).toMatch(/^RuntimeError: .*not support setResult/);
      expect(label(thrownBy(() => task.setException(new RangeError())))).toMatch(
        /^RuntimeError: .*not support setException/,
      );
      expect(yield* task).toBe("ko");
    }));

  it("test_error_in_call_soon: a task that cannot be scheduled is not in allTasks(), and its coroutine was not run", async () => {
    const closed = newEventLoop({ backend });
    closed.close();
    let ran = false;
    const coro = coroutine(function* () {
      ran = true;
      yield* sleep(0);
    })();
    expect(thrownBy(() => closed.createTask(coro))).toBeInstanceOf(RuntimeError);
    expect(thrownBy(() => new Task(coro, { loop: closed }))).toBeInstanceOf(RuntimeError);
    expect([ran, allTasks(closed).size]).toEqual([false, 0]);

    // It was not used up either: another loop can run it.
    const loop = newEventLoop({ backend });
    await loop.runUntilComplete(coro);
    expect(ran).toBe(true);
    loop.close();
  });

  it("test_proper_refcounts: a constructor that throws leaves no task behind, and the coroutine can still be used", () =>
    onLoop(backend, function* ({ loop }) {
      let runs = 0;
      const coro = coroutine(function* () {
        yield* sleep(0);
        runs++;
      })();
      const name = {
        toString(): string {
          throw new Error("break");
        },
      } as unknown as string;
      for (let time = 0; time < 5; time++) {
        expect(label(thrownBy(() => new Task(coro, { loop, name })))).toBe("Error: break");
        expect(label(thrownBy(() => createTask(coro, { eagerStart: true, name })))).toBe("Error: break");
      }
      yield* passes(3);
      expect([runs, allTasks().size]).toEqual([0, 1]);
      yield* createTask(coro);
      expect(runs).toBe(1);
    }));
});

describeBackends("test_tasks.SetMethodsTest", (backend) => {
  it("test_set_result_causes_invalid_state: a result forced on a task stands, and its next step is reported", () =>
    onVirtualLoop(backend, function* ({ takeReports }) {
      let ran = false;
      const coro = coroutine(function* () {
        ran = true;
        yield* sleep(0.1);
        return "late";
      })();
      const task = createTask(coro);
      Future.prototype.setResult.call(task, "spam");
      expect(yield* task).toBe("spam");
      yield* passes(2);
      const reports = takeReports();
      expect(reports).toHaveLength(1);
      expect(reports[0].exception).toBeInstanceOf(InvalidStateError);
      expect(label(reports[0].exception)).toMatch(/already done/);
      expect([ran, task.result()]).toEqual([false, "spam"]);
      coro.close();
    }));

  it("test_set_exception_causes_invalid_state: so does an exception", () =>
    onVirtualLoop(backend, function* ({ takeReports }) {
      class MyError extends Error {}
      const coro = coroutine(function* () {
        yield* sleep(0.1);
        return 10;
      })();
      const task = createTask(coro);
      Future.prototype.setException.call(task, new MyError("forced"));
      expect(yield* errorOf(task)).toBeInstanceOf(MyError);
      yield* passes(2);
      const reports = takeReports();
      expect(reports).toHaveLength(1);
      expect(reports[0].exception).toBeInstanceOf(InvalidStateError);
      expect(label(reports[0].exception)).toMatch(/already done/);
      coro.close();
    }));
});
