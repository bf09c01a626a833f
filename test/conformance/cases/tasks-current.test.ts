// Counterparts of CPython's test_tasks: which task runs now, and which tasks there are.
import { expect, it } from "vitest";
import {
  allTasks,
  type Coroutine,
  createTask,
  currentTask,
  newEventLoop,
  RuntimeError,
  sleep,
  type Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_current_task: a task sees itself, with and without naming the loop; outside there is none", async () => {
    const loop = newEventLoop({ backend });
    expect(currentTask(loop)).toBe(null);
    let seen: unknown[] = [];
    const task = loop.createTask(function* () {
      seen = [currentTask(), currentTask(loop), currentTask(undefined)];
      yield* sleep(0);
      seen.push(currentTask());
    });
    await loop.runUntilComplete(task);
    expect(seen.map((one) => one === task)).toEqual([true, true, true, true]);
    expect(currentTask(loop)).toBe(null);
    loop.close();
  });

  it("test_current_task_with_interleaving_tasks: each of two tasks that wake each other sees itself", () =>
    onLoop(backend, function* ({ loop }) {
      const [first, second] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const seen: unknown[][] = [[], []];
      const task1 = createTask(function* () {
        seen[0].push(currentTask());
        yield* first;
        seen[0].push(currentTask());
        second.setResult();
      });
      const task2 = createTask(function* () {
        seen[1].push(currentTask());
        first.setResult();
        yield* second;
        seen[1].push(currentTask());
      });
      yield* task1;
      yield* task2;
      expect(seen.map((all, index) => all.map((one) => one === [task1, task2][index]))).toEqual([
        [true, true],
        [true, true],
      ]);
    }));

  it("test_current_task_with_interleaving_tasks: so do two async functions", () =>
    onLoop(backend, function* ({ loop }) {
      const [first, second] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const seen: unknown[][] = [[], []];
      const task1 = createTask(async () => {
        seen[0].push(currentTask());
        await first;
        seen[0].push(currentTask());
        second.setResult();
      });
      const task2 = createTask(async () => {
        seen[1].push(currentTask());
        first.setResult();
        await second;
        seen[1].push(currentTask());
      });
      yield* task1;
      yield* task2;
      expect(seen.map((all, index) => all.map((one) => one === [task1, task2][index]))).toEqual([
        [true, true],
        [true, true],
      ]);
    }));
});

describeBackends("test_tasks.BaseCurrentLoopTests", (backend) => {
  it("test_current_task_no_running_loop: a loop that is named and does not run has no current task", () => {
    const loop = newEventLoop({ backend });
    expect(currentTask(loop)).toBe(null);
    loop.close();
  });

  it("test_current_task_no_running_loop_implicit: with none named and none running it is a RuntimeError", () => {
    const error = thrownBy(() => currentTask());
    expect(error).toBeInstanceOf(RuntimeError);
    expect(label(error)).toMatch(/no running event loop/i);
  });

  it("test_current_task_with_implicit_loop: in a step the running loop is meant", async () => {
    const loop = newEventLoop({ backend });
    const seen: unknown[] = [];
    const task = loop.createTask(function* (): Coroutine<void> {
      seen.push(currentTask(loop), currentTask(undefined), currentTask());
    });
    await loop.runUntilComplete(task);
    expect(seen.map((one) => one === task)).toEqual([true, true, true]);
    expect(currentTask(loop)).toBe(null);
    loop.close();
  });
});

// CPython's cases call the hooks that foreign task classes use. There are none here; what they do can be seen from outside.
describeBackends("test_tasks.BaseTaskIntrospectionTests", (backend) => {
  it("test__register_task_1: a task is among the tasks of its loop, and of no other, from the moment it is made", async () => {
    const [loop, other] = [newEventLoop({ backend }), newEventLoop({ backend })];
    expect(allTasks(loop)).toEqual(new Set());
    const task = loop.createTask(sleep(0));
    expect([allTasks(loop).has(task), allTasks(loop).size, allTasks(other).size]).toEqual([true, 1, 0]);
    await loop.runUntilComplete(task);
    for (const each of [loop, other]) each.close();
  });

  it("test__register_task_3: a task that is done is not", () =>
    onLoop(backend, function* () {
      const task = createTask(sleep(0));
      task.addDoneCallback(() => seen.push(allTasks().has(task)));
      const seen = [allTasks().has(task)];
      yield* task;
      seen.push(allTasks().has(task));
      expect(seen).toEqual([true, false, false]);
    }));

  it("test__unregister_task: the end of one task takes no other one off", () =>
    onLoop(backend, function* () {
      const names = (tasks: Iterable<Task<unknown>>): string[] => Array.from(tasks, (task) => task.getName());
      const main = currentTask()!;
      const tasks = [1, 3, 2].map((count) => createTask(passes(count), { name: `${count} passes` }));
      const seen: string[][] = [];
      for (let pass = 0; pass < 5; pass++) {
        expect(names(allTasks())).toEqual(names([main, ...tasks.filter((task) => !task.done())]));
        seen.push(names(allTasks()).slice(1));
        yield* sleep(0);
      }
      expect(seen).toEqual([
        ["1 passes", "3 passes", "2 passes"],
        ["1 passes", "3 passes", "2 passes"],
        ["3 passes", "2 passes"],
        ["3 passes"],
        [],
      ]);
    }));

  it("test__enter_task: a task is the current one for the length of a step", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      const task: Task<void> = createTask(function* (): Coroutine<void> {
        seen.push(currentTask(loop) === task);
      });
      loop.callSoon(() => seen.push(currentTask(loop)));
      seen.push(currentTask(loop) === task);
      yield* task;
      expect(seen).toEqual([false, true, null]);
    }));

  it("test__leave_task: after a step, also one that failed, there is no current task", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      const failing = createTask(function* (): Coroutine<void> {
        throw new RangeError("left by an error");
      });
      loop.callSoon(() => seen.push(currentTask(loop)));
      yield* passes(1);
      expect(seen).toEqual([null]);
      expect(label(failing.exception())).toBe("RangeError: left by an error");
    }));
});
