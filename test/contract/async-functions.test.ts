// `await` of the library's awaitables in async functions: inside a task, in Node's callbacks, and with no loop at all.
import { expect, it } from "vitest";
import {
  CancelledError,
  coroutine,
  createTask,
  currentTask,
  gather,
  newEventLoop,
  RuntimeError,
  sleep,
  StreamReader,
  Task,
  wrapFuture,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

const double = coroutine(function* (n: number): Coroutine<number> {
  yield* sleep(0);
  return 2 * n;
});

const failing = coroutine(function* (): Coroutine<number> {
  yield* sleep(0);
  throw new RangeError("from the coroutine");
});

describeBackends("await in an async function", (backend) => {
  it("takes coroutine objects, futures, tasks, sleep and gather", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      loop.callLater(0.001, () => future.setResult("future"));
      const task = createTask(async () => [
        await double(2),
        await future,
        await createTask(sleep(0, "task")),
        await sleep(0.001, "slept"),
        await sleep(0, "passed"),
        await gather(double(3), sleep(0, "x")),
      ]);
      expect(task).toBeInstanceOf(Task);
      expect(yield* task).toEqual([4, "future", "task", "slept", "passed", [6, "x"]]);
    }));

  it("throws their errors", () =>
    onLoop(backend, function* ({ loop }) {
      const broken = loop.createFuture<void>();
      broken.setException(new Error("from the future"));
      const task = createTask(async () => {
        const seen: string[] = [];
        for (const awaitable of [failing(), broken, createTask(failing()), gather(failing())]) {
          try {
            await awaitable;
          } catch (error) {
            seen.push(label(error));
          }
        }
        return seen;
      });
      expect(yield* task).toEqual([
        "RangeError: from the coroutine",
        "Error: from the future",
        "RangeError: from the coroutine",
        "RangeError: from the coroutine",
      ]);
    }));

  it("makes an awaited library coroutine a task of the running loop, also outside any task", () =>
    onLoop(backend, function* () {
      let seen: unknown[] | null = null;
      const who = coroutine(function* (): Coroutine<boolean> {
        yield* sleep(0);
        return currentTask() !== null;
      });
      setImmediate(() => {
        void (async () => {
          seen = [await double(5), await sleep(0.001, "slept"), await who()];
        })();
      });
      yield* until(() => seen !== null, "the async function");
      expect(seen).toEqual([10, "slept", true]);
    }));

  it("runs nothing until the coroutine is awaited", () =>
    onLoop(backend, function* () {
      let ran = 0;
      const work = coroutine(function* (): Coroutine<number> {
        return ++ran;
      });
      const task = createTask(async () => {
        const call = work();
        await sleep(0.001);
        const before = ran;
        await call;
        return [before, ran];
      });
      expect(yield* task).toEqual([0, 1]);
    }));

  it("rejects with RuntimeError where no loop runs", async () => {
    const reader = ((): StreamReader => {
      const loop = newEventLoop({ backend });
      const made = new StreamReader({ loop });
      loop.close();
      return made;
    })();
    for (const awaitable of [double(1), sleep(0), sleep(1), reader.read(1)]) {
      let reason: unknown = null;
      try {
        await awaitable;
      } catch (error) {
        reason = error;
      }
      expect(reason).toBeInstanceOf(RuntimeError);
    }
  });

  it("async functions are tasks among others: gather and yield* take them", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const worker = async (name: string): Promise<string> => {
        log.push(`${name} starts`);
        await sleep(0.001);
        return name;
      };
      expect(yield* gather(() => worker("a"), worker("b"), double(1))).toEqual(["a", "b", 2]);
      expect(new Set(log)).toEqual(new Set(["a starts", "b starts"]));
    }));

  it("does not start the function before the task's first step", () =>
    onLoop(backend, function* () {
      let started = false;
      const task = createTask(async () => {
        started = true;
      });
      expect(started).toBe(false);
      yield* task;
      expect(started).toBe(true);
    }));

  it("cancelled before its first step, the function never runs", () =>
    onLoop(backend, function* () {
      let started = false;
      const task = createTask(async () => {
        started = true;
      });
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(started).toBe(false);
    }));

  it("never makes an unhandledRejection of a CancelledError, or of an error that somebody saw", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): unknown => unhandled.push(reason);
    process.on("unhandledRejection", note);
    await onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const sleeper = createTask(sleep(1000));
      const asyncSleeper = createTask(async () => await sleep(0.005));
      const coroutineCall = createTask(double(1));
      void future.toPromise().catch(() => undefined);
      yield* passes(3);
      future.cancel();
      sleeper.cancel();
      asyncSleeper.cancel();
      coroutineCall.cancel();
      yield* errorOf(asyncSleeper);
      yield* errorOf(createTask(failing()));
      yield* errorOf(createTask(async () => await failing()));
      yield* sleep(0.002);
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("of a promise in a coroutine is wrapFuture()", () =>
    onLoop(backend, function* () {
      expect(yield* wrapFuture(Promise.resolve(1))).toBe(1);
      expect(yield* createTask(Promise.resolve(2))).toBe(2);
    }));
});
