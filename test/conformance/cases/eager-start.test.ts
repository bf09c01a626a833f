// Counterparts of CPython's test_eager_task_factory: tasks whose first step is taken inside createTask().
import { expect, it } from "vitest";
import {
  allTasks,
  CancelledError,
  ContextVar,
  type Coroutine,
  createEagerTaskFactory,
  currentTask,
  eagerTaskFactory,
  getRunningLoop,
  newEventLoop,
  run,
  sleep,
  Task,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop, type Scenario } from "../../support/backends.ts";
import { errorOf, label } from "../../support/outcomes.ts";

describeBackends("test_eager_task_factory.EagerTaskFactoryLoopTests", (backend) => {
  const factory = createEagerTaskFactory(Task);

  /** Runs `body` on a loop that starts its tasks eagerly. */
  const eagerly = (body: (scenario: Scenario) => Coroutine<void>): Promise<void> =>
    onVirtualLoop(backend, function* (scenario) {
      scenario.loop.setTaskFactory(factory);
      yield* body(scenario);
    });

  it("test_eager_task_factory_set: the loop gives back the factory it was set, and makes tasks with it", () =>
    eagerly(function* ({ loop }) {
      expect(loop.getTaskFactory()).toBe(factory);
      const task = loop.createTask(sleep(0));
      expect(task).toBeInstanceOf(Task);
      yield* task;
      loop.setTaskFactory(null);
      expect(loop.getTaskFactory()).toBe(null);
      loop.setTaskFactory(eagerTaskFactory);
      expect(loop.getTaskFactory()).toBe(eagerTaskFactory);
    }));

  it("test_await_future_during_eager_step: what the first step did is there at once", () =>
    eagerly(function* ({ loop }) {
      const future = loop.createFuture<string>();
      const task = loop.createTask(
        (function* (): Coroutine<void> {
          future.setResult("my message");
        })(),
      );
      expect(task.done()).toBe(true);
      expect(yield* future).toBe("my message");
    }));

  it("test_eager_completion: a coroutine that need not wait gives a task that is done", () =>
    eagerly(function* ({ loop }) {
      const task = loop.createTask(
        (function* (): Coroutine<string> {
          return "hello";
        })(),
      );
      expect([task.done(), task.result()]).toEqual([true, "hello"]);
      expect(yield* task).toBe("hello");
    }));

  it("test_eager_completion: one that throws gives a task that has failed", () =>
    eagerly(function* ({ loop }) {
      const error = new RangeError("at once");
      const task = loop.createTask(
        (function* (): Coroutine<string> {
          throw error;
        })(),
      );
      expect([task.done(), task.exception()]).toEqual([true, error]);
      expect(yield* errorOf(task)).toBe(error);
    }));

  it("test_block_after_eager_step: one that waits goes on like any other task", () =>
    eagerly(function* ({ loop }) {
      let started = false;
      const task = loop.createTask(function* () {
        started = true;
        yield* sleep(0.1);
        return "finished after blocking";
      });
      expect([started, task.done()]).toEqual([true, false]);
      expect(yield* task).toBe("finished after blocking");
      expect(task.done()).toBe(true);
    }));

  it("test_block_after_eager_step: so does an async function", () =>
    eagerly(function* ({ loop }) {
      let started = false;
      const task = loop.createTask(async () => {
        started = true;
        await sleep(0.1);
        return "finished after blocking";
      });
      expect([started, task.done()]).toEqual([true, false]);
      expect(yield* task).toBe("finished after blocking");
    }));

  it("test_cancellation_after_eager_completion: a task that is done cannot be cancelled", () =>
    eagerly(function* ({ loop }) {
      const task = loop.createTask(
        (function* (): Coroutine<string> {
          return "finished without blocking";
        })(),
      );
      expect(task.cancel()).toBe(false);
      expect(yield* task).toBe("finished without blocking");
      expect(task.cancelled()).toBe(false);
    }));

  it("test_cancellation_after_eager_step_blocks: one that waits can, with its message", () =>
    eagerly(function* ({ loop }) {
      const task = loop.createTask(function* () {
        yield* sleep(0.1);
        return "finished after blocking";
      });
      task.cancel("cancellation message");
      expect(task.cancelling()).toBe(1);
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(label(error)).toBe("CancelledError: cancellation message");
      expect(loop.time()).toBe(0);
    }));

  it("test_current_task: the new task is the current one in its first step, and the maker is again after it", () =>
    eagerly(function* ({ loop }) {
      const main = currentTask();
      const seen: unknown[] = [];
      const task = loop.createTask(function* () {
        seen.push(currentTask());
        yield* sleep(0.1);
        seen.push(currentTask());
      });
      expect(seen[0]).toBe(task);
      expect(currentTask()).toBe(main);
      yield* task;
      expect(seen[1]).toBe(task);
      expect(currentTask()).toBe(main);
    }));

  it("test_all_tasks_with_eager_completion: allTasks() has it during the step, and not after", () =>
    eagerly(function* ({ loop }) {
      let during = new Set<Task<unknown>>();
      const task = loop.createTask(
        (function* (): Coroutine<void> {
          during = allTasks();
        })(),
      );
      expect(during.has(task)).toBe(true);
      expect(allTasks().has(task)).toBe(false);
      yield* task;
    }));

  it("test_all_tasks_with_blocking: allTasks() has one that waits until its end", () =>
    eagerly(function* ({ loop }) {
      const [first, second] = [loop.createFuture<void>(), loop.createFuture<void>()];
      let during = new Set<Task<unknown>>();
      const task = loop.createTask(function* () {
        during = allTasks();
        yield* first;
        second.setResult();
      });
      expect([during.has(task), allTasks().has(task)]).toEqual([true, true]);
      first.setResult();
      yield* second;
      expect(allTasks().has(task)).toBe(false);
    }));

  it("test_context_vars: the first step runs in the task's own copy of the context too", () =>
    eagerly(function* ({ loop }) {
      const variable = new ContextVar("variable", { default: 0 });
      const seen: number[] = [];
      variable.set(1);
      const task = loop.createTask(function* () {
        seen.push(variable.get());
        variable.set(2);
        seen.push(variable.get());
        yield* sleep(0.1);
        seen.push(variable.get());
        variable.set(3);
        seen.push(variable.get());
      });
      expect(seen).toEqual([1, 2]);
      expect(variable.get()).toBe(1);
      yield* task;
      expect(seen).toEqual([1, 2, 2, 3]);
      expect(variable.get()).toBe(1);
    }));

  it("test_eager_start_false: one task can ask for the ordinary start", () =>
    eagerly(function* ({ loop }) {
      let name: string | null = null;
      const task = loop.createTask(
        (function* (): Coroutine<void> {
          name = currentTask()!.getName();
        })(),
        { eagerStart: false, name: "example" },
      );
      expect([task.done(), name]).toEqual([false, null]);
      yield* task;
      expect(name).toBe("example");
    }));
});

describeBackends("test_eager_task_factory.CEagerTaskFactoryLoopTests", (backend) => {
  it("test_issue122332: a task that ended at its eager start has let go of its coroutine", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      const task = loop.createTask(
        (function* (): Coroutine<void> {
          // It need not wait.
        })(),
      );
      yield* task;
      expect(task.getCoro()).toBe(null);
    }));

  it("test_name: the name is there in the first step", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      let name: string | null = null;
      const task = loop.createTask(
        (function* (): Coroutine<void> {
          name = currentTask()!.getName();
        })(),
        { name: "test name" },
      );
      expect(name).toBe("test name");
      yield* task;
    }));
});

describeBackends("test_eager_task_factory.DefaultTaskFactoryEagerStart", (backend) => {
  it("test_eager_start_true_with_default_factory: one task can ask for an eager start", () =>
    run(
      function* () {
        const names: string[] = [];
        const coro = function* (): Coroutine<void> {
          names.push(currentTask()!.getName());
        };
        const task = getRunningLoop().createTask(coro(), { eagerStart: true, name: "example" });
        expect([task.done(), names]).toEqual([true, ["example"]]);
        yield* task;
      },
      { loopFactory: () => newEventLoop({ backend }) },
    ));
});
