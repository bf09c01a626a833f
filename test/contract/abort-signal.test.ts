// The signal option of createTask(): an AbortSignal cancels the task, and no listener stays behind.
import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { CancelledError, createTask, newEventLoop, sleep, type Task } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, thrownBy } from "../support/outcomes.ts";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describeBackends("createTask(coro, { signal })", (backend) => {
  it("cancels the task on abort, once", () =>
    onLoop(backend, function* () {
      const controller = new AbortController();
      const task = createTask(sleep(1000), { signal: controller.signal });
      yield* sleep(0);
      expect(listeners(controller.signal)).toBe(1);
      controller.abort();
      controller.abort();
      expect(task.cancelling()).toBe(1);
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(task.cancelled()).toBe(true);
      expect(listeners(controller.signal)).toBe(0);
    }));

  it("never runs the body when the signal is aborted already", () =>
    onLoop(backend, function* () {
      let ran = false;
      const task = createTask(
        function* () {
          ran = true;
          yield* sleep(0);
        },
        { signal: AbortSignal.abort() },
      );
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect([ran, task.cancelled()]).toEqual([false, true]);
    }));

  it("leaves no listener behind, however the task ends", () =>
    onLoop(backend, function* () {
      const { signal } = new AbortController();
      const good = createTask(sleep(0, 1), { signal });
      const bad = createTask(
        function* () {
          yield* sleep(0);
          throw new Error("x");
        },
        { signal },
      );
      const cancelled = createTask(sleep(1000), { signal });
      expect(listeners(signal)).toBe(1); // one for all of them
      yield* good;
      yield* errorOf(bad);
      cancelled.cancel();
      yield* errorOf(cancelled);
      yield* passes(1);
      expect(listeners(signal)).toBe(0);
    }));

  it("leaves no listener behind when the loop is closed before the task ends", async () => {
    const controller = new AbortController();
    const loop = newEventLoop({ backend });
    loop.setExceptionHandler(() => undefined);
    await loop.runUntilComplete(function* () {
      createTask(sleep(1000), { signal: controller.signal });
      createTask(async () => await sleep(1000), { signal: controller.signal });
      yield* passes(2);
    });
    loop.close();
    expect(listeners(controller.signal)).toBe(0);
    controller.abort();
  });

  it("has no effect once the task is done", () =>
    onLoop(backend, function* () {
      const controller = new AbortController();
      const task = createTask(sleep(0, "kept"), { signal: controller.signal });
      yield* task;
      controller.abort();
      expect([task.result(), task.cancelling()]).toEqual(["kept", 0]);
    }));

  it("can be refused like any cancellation", () =>
    onLoop(backend, function* () {
      const controller = new AbortController();
      const task: Task<string> = createTask(
        function* () {
          yield* errorOf(sleep(1000));
          yield* sleep(0);
          return "refused";
        },
        { signal: controller.signal },
      );
      yield* sleep(0);
      controller.abort();
      expect(yield* task).toBe("refused");
    }));

  it("serves many tasks with one signal", () =>
    onLoop(backend, function* () {
      const controller = new AbortController();
      const tasks = Array.from({ length: 30 }, () => createTask(sleep(1000), { signal: controller.signal }));
      yield* sleep(0);
      controller.abort();
      for (const task of tasks) yield* errorOf(task);
      expect(tasks.every((task) => task.cancelled())).toBe(true);
      expect(listeners(controller.signal)).toBe(0);
    }));

  it("refuses what is not a signal", () =>
    onLoop(backend, function* () {
      for (const bad of [1, "x", {}, new AbortController()]) {
        expect(thrownBy(() => createTask(sleep(0), { signal: bad as never }))).toBeInstanceOf(TypeError);
      }
      yield* sleep(0);
    }));
});
