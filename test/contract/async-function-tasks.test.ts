// An async function as a task: its current task, and cancellation thrown at the await in progress.
import { expect, it } from "vitest";
import {
  CancelledError,
  coroutine,
  createTask,
  currentTask,
  gather,
  sleep,
  Task,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf } from "../support/outcomes.ts";

const double = coroutine(function* (n: number): Coroutine<number> {
  yield* sleep(0);
  return 2 * n;
});

describeBackends("a task of an async function", (backend) => {
  it("knows its current task, also after a foreign promise was awaited", () =>
    onLoop(backend, function* () {
      const wrong: string[] = [];
      const body = (task: () => Task<unknown>) => async (): Promise<void> => {
        const check = (where: string): void => {
          if (currentTask() !== task()) wrong.push(where);
        };
        check("start");
        await sleep(0);
        check("after sleep(0)");
        await sleep(0.001);
        check("after a timer");
        await Promise.resolve();
        check("after a promise");
        await new Promise((resolve) => setTimeout(resolve, 1));
        check("after setTimeout");
        await double(1);
        check("after a coroutine");
      };
      const a: Task<void> = createTask(body(() => a));
      const b: Task<void> = createTask(body(() => b));
      yield* gather(a, b);
      expect(wrong).toEqual([]);
    }));

  it("is interrupted by task.cancel() at the await in progress", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(async () => {
        try {
          await sleep(1000);
        } catch (error) {
          log.push(`${(error as Error).name} ${(error as Error).message}`);
          throw error;
        } finally {
          await sleep(0);
          log.push("cleaned up");
        }
      });
      yield* passes(3);
      task.cancel("stop");
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(log).toEqual(["CancelledError stop", "cleaned up"]);
      expect(task.cancelled()).toBe(true);
    }));

  it("may refuse the cancellation, and count it down", () =>
    onLoop(backend, function* () {
      const task: Task<string> = createTask(async () => {
        try {
          await sleep(1000);
        } catch {
          task.uncancel();
        }
        await sleep(0);
        return "refused";
      });
      yield* passes(3);
      task.cancel();
      expect(yield* task).toBe("refused");
      expect([task.cancelled(), task.cancelling()]).toEqual([false, 0]);
    }));
});
