// currentTask(), allTasks() and ensureFuture().
import { expect, it } from "vitest";
import {
  allTasks,
  createTask,
  currentTask,
  ensureFuture,
  newEventLoop,
  RuntimeError,
  sleep,
  Task,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { errorOf, thrownBy } from "../support/outcomes.ts";

describeBackends("currentTask() and allTasks()", (backend) => {
  it("currentTask() is right in interleaved tasks, and null in a plain callback", () =>
    onLoop(backend, function* ({ loop }) {
      const wrong: string[] = [];
      const check = function* (): Coroutine<void> {
        const mine = currentTask();
        for (let i = 0; i < 5; i++) {
          yield* i % 2 === 0 ? sleep(0) : sleep(0.001);
          if (currentTask() !== mine) wrong.push(`step ${i}`);
          if (currentTask(loop) !== mine) wrong.push(`step ${i} by loop`);
        }
      };
      const tasks = [createTask(check()), createTask(check()), createTask(check())];
      const seen: unknown[] = [];
      loop.callSoon(() => seen.push(currentTask()));
      loop.callLater(0, () => seen.push(currentTask()));
      for (const task of tasks) yield* task;
      expect(wrong).toEqual([]);
      expect(seen).toEqual([null, null]);
    }));

  it("currentTask() is the task of the frame below after a nested failure", () =>
    onLoop(backend, function* () {
      const failing = createTask(function* (): Coroutine<void> {
        throw new Error("first step");
      });
      const mine = currentTask();
      yield* errorOf(failing);
      expect(currentTask()).toBe(mine);
    }));

  it("both need a running loop or an argument", async () => {
    expect(thrownBy(() => currentTask())).toBeInstanceOf(RuntimeError);
    expect(thrownBy(() => allTasks())).toBeInstanceOf(RuntimeError);
    const loop = newEventLoop({ backend });
    expect(currentTask(loop)).toBe(null);
    expect(allTasks(loop)).toEqual(new Set());
    loop.close();
  });

  it("allTasks() holds what is not done, of that loop only", () =>
    onLoop(backend, function* ({ loop }) {
      const other = newEventLoop({ backend });
      const foreign = other.createTask(sleep(0));
      const main = currentTask();
      const quick = createTask(sleep(0));
      const slow = createTask(sleep(1000));
      expect(allTasks()).toEqual(new Set([main, quick, slow]));
      yield* quick;
      expect(allTasks(loop)).toEqual(new Set([main, slow]));
      slow.cancel();
      expect(allTasks().has(slow)).toBe(true);
      yield* errorOf(slow);
      expect(allTasks()).toEqual(new Set([main]));
      expect(allTasks(other)).toEqual(new Set([foreign]));
      other.close();
    }));

  it("allTasks() gives a set of the caller's own", () =>
    onLoop(backend, function* () {
      allTasks().clear();
      expect(allTasks().size).toBe(1);
      yield* sleep(0);
    }));

  it("a task that nobody holds goes on to its end", () =>
    onLoop(backend, function* () {
      let ended = false;
      createTask(function* () {
        yield* sleep(0.002);
        ended = true;
      });
      yield* until(() => ended, "the task");
      yield* passes(1);
      expect(ended).toBe(true);
    }));
});

describeBackends("ensureFuture()", (backend) => {
  it("gives futures back as they are, and makes tasks of coroutines and futures of promises", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      future.setResult(1);
      expect(ensureFuture(future)).toBe(future);
      const task = createTask(sleep(0, 2));
      expect(ensureFuture(task)).toBe(task);
      const made = ensureFuture(sleep(0, 3));
      expect(made).toBeInstanceOf(Task);
      expect(yield* task).toBe(2);
      expect(yield* made).toBe(3);
      expect(yield* ensureFuture(Promise.resolve(4))).toBe(4);
    }));

  it("refuses another loop, and what cannot be awaited", () =>
    onLoop(backend, function* ({ loop }) {
      const other = newEventLoop({ backend });
      const future = loop.createFuture<number>();
      expect(thrownBy(() => ensureFuture(future, { loop: other }))).toBeInstanceOf(RangeError);
      expect(ensureFuture(future, { loop })).toBe(future);
      for (const bad of [1, "x", null, undefined, {}]) {
        expect(thrownBy(() => ensureFuture(bad as never))).toBeInstanceOf(TypeError);
      }
      future.cancel();
      other.close();
      yield* sleep(0);
    }));
});
