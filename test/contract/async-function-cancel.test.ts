// Cancellation, timeouts, signals and context variables in tasks of async functions.
import { expect, it } from "vitest";
import {
  allTasks,
  asyncWith,
  CancelledError,
  ContextVar,
  coroutine,
  createTask,
  currentTask,
  Future,
  gather,
  newEventLoop,
  RuntimeError,
  sleep,
  timeout,
  TimeoutError,
  type Coroutine,
  type Task,
} from "../../lib/index.ts";
import { waitUntilBlocked } from "../../lib/testing/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

/** A promise that settles in real time, and rejects with the signal's reason or an AbortError when aborted. */
function foreign(signal?: AbortSignal, reason: "own" | "AbortError" = "own"): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve("foreign"), 5);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(
        reason === "own"
          ? (signal.reason as Error)
          : Object.assign(new Error("This operation was aborted"), { name: "AbortError" }),
      );
    });
  });
}

describeBackends("cancelling a task of an async function", (backend) => {
  it("throws at the await in progress, through coroutines of both flavours, with the message", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const inner = coroutine(function* (): Coroutine<void> {
        try {
          yield* sleep(10);
        } finally {
          log.push("inner cleans up");
        }
      });
      async function middle(): Promise<void> {
        try {
          await inner();
        } finally {
          await sleep(1);
          log.push("middle cleans up");
        }
      }
      const task = createTask(async () => {
        await middle();
      });
      yield* sleep(1);
      expect(task.cancel("enough")).toBe(true);
      expect(label(yield* errorOf(task))).toBe("CancelledError: enough");
      expect([task.cancelled(), log]).toEqual([true, ["inner cleans up", "middle cleans up"]]);
    }));

  it("before its first step never calls it", () =>
    onLoop(backend, function* () {
      let called = false;
      const task = createTask(async () => {
        called = true;
        await sleep(0);
      });
      task.cancel();
      yield* errorOf(task);
      expect([called, task.cancelled()]).toEqual([false, true]);
    }));

  it("reaches every await that is in progress", () =>
    onVirtualLoop(backend, function* () {
      const results: string[] = [];
      const note = async (work: Promise<unknown> | PromiseLike<unknown>): Promise<void> => {
        try {
          await work;
        } catch (error) {
          results.push(label(error));
          throw error;
        }
      };
      const future = new Future<void>();
      const task = createTask(async () => {
        await Promise.all([note(sleep(5)), note(future), note(gather(sleep(7)))]);
      });
      yield* sleep(1);
      task.cancel("all");
      yield* errorOf(task);
      yield* waitUntilBlocked();
      expect([task.cancelled(), future.cancelled(), results.sort()]).toEqual([
        true,
        true,
        ["CancelledError: all", "CancelledError: all", "CancelledError: all"],
      ]);
    }));

  it("while it waits for a foreign promise is thrown at its next await of ours that has to wait", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(async () => {
        log.push(await foreign());
        const done = new Future<string>();
        done.setResult("done");
        log.push(await done);
        try {
          await sleep(100);
        } catch (error) {
          log.push(label(error));
          throw error;
        }
      });
      yield* sleep(0.001);
      task.cancel("late");
      expect(label(yield* errorOf(task))).toBe("CancelledError: late");
      expect(log).toEqual(["foreign", "done", "CancelledError: late"]);
    }));

  it("that does not await again ends it cancelled, as in Python", () =>
    onLoop(backend, function* () {
      const task = createTask(async () => {
        await foreign();
        return "ignored";
      });
      yield* sleep(0.001);
      task.cancel();
      yield* errorOf(task);
      expect(task.cancelled()).toBe(true);
    }));

  it("aborts task.signal, and a function that ends because of that was cancelled", () =>
    onLoop(backend, function* () {
      for (const reason of ["own", "AbortError"] as const) {
        const task = createTask(async () => foreign(currentTask()!.signal, reason));
        yield* sleep(0.001);
        expect(task.signal.aborted).toBe(false);
        task.cancel("stop");
        expect(task.signal.aborted).toBe(true);
        expect(task.signal.reason).toBeInstanceOf(CancelledError);
        expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
        expect(task.cancelled()).toBe(true);
      }
    }));

  it("may be refused and taken back; the signal is then a fresh one", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(async () => {
        const self = currentTask()!;
        const first = self.signal;
        try {
          await sleep(10);
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
        }
        const left = [self.cancelling(), self.uncancel()];
        return [first.aborted, self.signal === first, self.signal.aborted, ...left, await sleep(1, "slept")];
      });
      yield* sleep(1);
      task.cancel();
      expect(yield* task).toEqual([true, false, false, 1, 0, "slept"]);
    }));

  it("taken back before it was delivered never comes", () =>
    onLoop(backend, function* () {
      const task = createTask(async () => {
        await foreign();
        return await sleep(0, "undisturbed");
      });
      yield* sleep(0.001);
      task.cancel();
      expect(task.uncancel()).toBe(0);
      expect(yield* task).toBe("undisturbed");
    }));

  it("by itself takes effect at its next await", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(async () => {
        currentTask()!.cancel();
        log.push("goes on");
        await sleep(0);
        log.push("never");
      });
      yield* errorOf(task);
      expect([task.cancelled(), log]).toEqual([true, ["goes on"]]);
    }));

  it("waits for nothing that the function has left behind, and harms no future it shared", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const shared = new Future<string>();
      let cleaned = false;
      const slow = coroutine(function* (): Coroutine<void> {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(1);
          cleaned = true;
        }
      });
      const task = createTask(async () => Promise.race([shared, slow(), sleep(2, "first")]));
      expect(yield* task).toBe("first");
      expect([loop.time(), shared.done()]).toEqual([2, false]);
      yield* sleep(2);
      expect([cleaned, allTasks().size]).toEqual([true, 1]);
      shared.cancel();
    }));
});

describeBackends("an async function", (backend) => {
  it("is timed out inside asyncWith(), however deep, and cleans up first", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const task: Task<number> = createTask(async () => {
        try {
          await asyncWith(timeout(2), async () => {
            try {
              await sleep(10);
            } finally {
              log.push(`cleans up at ${loop.time()}`);
              await sleep(1);
            }
          });
        } catch (error) {
          log.push(label(error).split(":")[0], String(currentTask() === task));
        }
        return currentTask()!.cancelling();
      });
      expect(yield* task).toBe(0);
      expect([log, loop.time()]).toEqual([["cleans up at 2", "TimeoutError", "true"], 3]);
    }));

  it("as the body of a coroutine's asyncWith() can be timed out as well", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(asyncWith(timeout(1), async () => sleep(10)));
      expect(error).toBeInstanceOf(TimeoutError);
    }));

  it("has one context from beginning to end, its own", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar<string>("v", { default: "none" });
      const look = coroutine(function* (): Coroutine<string> {
        yield* sleep(0);
        return variable.get();
      });
      const change = coroutine(function* (): Coroutine<void> {
        variable.set("changed by a coroutine");
      });
      variable.set("outer");
      const task = createTask(async () => {
        const seen = [variable.get()];
        await sleep(0);
        variable.set("inner");
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push(variable.get(), await look(), await createTask(look()));
        await change();
        seen.push(variable.get());
        return seen;
      });
      const other = createTask(async () => {
        await sleep(0.01);
        return variable.get();
      });
      expect(yield* task).toEqual(["outer", "inner", "inner", "inner", "changed by a coroutine"]);
      expect([yield* other, variable.get()]).toEqual(["outer", "outer"]);
    }));

  it("is the current task in the coroutines that it awaits, and in what it calls", () =>
    onLoop(backend, function* () {
      // Names: a promise cannot hold a task, it would wait for it.
      const who = coroutine(function* (): Coroutine<string> {
        yield* sleep(0);
        return currentTask()!.getName();
      });
      async function deep(): Promise<string[]> {
        return [await who(), (await foreign(), currentTask()!.getName())];
      }
      const task: Task<string[]> = createTask(
        async () => [currentTask()!.getName(), ...(await deep()), ...(await deep())],
        { name: "own" },
      );
      expect(yield* task).toEqual(["own", "own", "own", "own", "own"]);
      expect(currentTask() === task).toBe(false);
    }));

  it("is refused what no task may await", () =>
    onLoop(backend, function* () {
      const other = newEventLoop({ backend });
      const task: Task<string[]> = createTask(async () => {
        const errors: unknown[] = [];
        await Promise.resolve(task).catch((error: unknown) => errors.push(error));
        await Promise.resolve(other.createFuture<void>()).catch((error: unknown) => errors.push(error));
        expect(errors.every((error) => error instanceof RuntimeError)).toBe(true);
        return errors.map((error) => (error as Error).message);
      });
      const [itself, foreignLoop] = yield* task;
      expect(itself).toMatch(/cannot await on itself/);
      expect(foreignLoop).toMatch(/attached to a different loop/);
      other.close();
    }));

  it("need not wait for what is there already: no turn passes", () =>
    onLoop(backend, function* ({ loop }) {
      const ready = coroutine(function* (): Coroutine<string> {
        return "at once";
      });
      const task = createTask(async () => {
        const before = loop.statistics().turns;
        const results: string[] = [];
        for (let i = 0; i < 10; i++) results.push(await ready());
        return [results.length, loop.statistics().turns - before];
      });
      expect(yield* task).toEqual([10, 0]);
    }));
});
