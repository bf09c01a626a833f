// Counterparts of CPython's test_tasks: asking for an eager start of one task.
import { expect, it } from "vitest";
import {
  type Coroutine,
  createTask,
  currentTask,
  getRunningLoop,
  newEventLoop,
  sleep,
  Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_eager_start_true: a task made with eagerStart takes its first step in its constructor", () =>
    onLoop(backend, function* () {
      let name: string | null = null;
      const task = new Task(
        (function* (): Coroutine<void> {
          name = currentTask()!.getName();
        })(),
        { loop: getRunningLoop(), eagerStart: true, name: "example" },
      );
      expect([task.done(), name]).toEqual([true, "example"]);
      yield* task;
    }));

  it("test_eager_start_false: without it, in the next pass", () =>
    onLoop(backend, function* () {
      const names: string[] = [];
      const coro = function* (): Coroutine<void> {
        names.push(currentTask()!.getName());
      };
      const task = createTask(coro(), { eagerStart: false, name: "example" });
      expect([task.done(), names]).toEqual([false, []]);
      yield* task;
      expect(names).toEqual(["example"]);
    }));

  it("test_eager_start_true: on a loop that does not run there is nothing to start", async () => {
    const loop = newEventLoop({ backend });
    let ran = false;
    const task = loop.createTask(
      function* () {
        ran = true;
        yield* sleep(0);
      },
      { eagerStart: true },
    );
    expect([ran, task.done()]).toEqual([false, false]);
    await loop.runUntilComplete(task);
    expect(ran).toBe(true);
    loop.close();
  });
});
