// Counterparts of CPython's test_tasks: ensureFuture(), and how a task waits for futures of all kinds.
import { expect, it } from "vitest";
import {
  type Coroutine,
  coroutine,
  createTask,
  ensureFuture,
  type EventLoop,
  Future,
  iscoroutine,
  iscoroutinefunction,
  newEventLoop,
  RuntimeError,
  setEventLoop,
  sleep,
  Task,
  type Yieldable,
} from "../../../lib/index.ts";
import { VirtualClock } from "../../../lib/testing/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  const notmuch = coroutine(function* (): Coroutine<string> {
    return "ok";
  });

  it("test_ensure_future_coroutine: a coroutine becomes a task of the running loop", () =>
    onLoop(backend, function* ({ loop }) {
      const task = ensureFuture(notmuch());
      expect(task).toBeInstanceOf(Task);
      expect(task.getLoop()).toBe(loop);
      expect(yield* task).toBe("ok");
      expect([task.done(), task.result()]).toEqual([true, "ok"]);
    }));

  it("test_ensure_future_coroutine: or of the loop given, or of the one that is set, else RuntimeError", async () => {
    const loop = newEventLoop({ backend });
    const given = ensureFuture(notmuch(), { loop });
    expect(given.getLoop()).toBe(loop);
    expect(await loop.runUntilComplete(given)).toBe("ok");

    const unused = notmuch();
    expect(thrownBy(() => ensureFuture(unused))).toBeInstanceOf(RuntimeError);
    unused.close();

    setEventLoop(loop);
    try {
      const task = ensureFuture(notmuch());
      expect(task.getLoop()).toBe(loop);
      expect(await loop.runUntilComplete(task)).toBe("ok");
    } finally {
      setEventLoop(null);
      loop.close();
    }
  });

  const givenBackAsItIs = async (make: (loop: EventLoop) => Future<string>): Promise<void> => {
    const loop = newEventLoop({ backend });
    const original = make(loop);
    const same = ensureFuture(original);
    expect(same).toBe(original);
    expect(await loop.runUntilComplete(same)).toBe("ok");
    expect([same.done(), same.result()]).toEqual([true, "ok"]);
    const other = newEventLoop({ backend });
    expect(thrownBy(() => ensureFuture(original, { loop: other }))).toBeInstanceOf(RangeError);
    other.close();
    expect(ensureFuture(original, { loop })).toBe(original);
    loop.close();
  };

  it("test_ensure_future_future: a future is given back as it is, and refused for another loop", () =>
    givenBackAsItIs((loop) => {
      const future = loop.createFuture<string>();
      future.setResult("ok");
      return future;
    }));

  it("test_ensure_future_task: so is a task", () => givenBackAsItIs((loop) => loop.createTask(notmuch())));

  it("test_ensure_future_awaitable: an object that can be awaited becomes a task that awaits it", () =>
    onLoop(backend, function* () {
      class InCoroutines {
        readonly #coro: Coroutine<string>;
        constructor(coro: Coroutine<string>) {
          this.#coro = coro;
        }
        [Symbol.iterator](): ReturnType<Yieldable<string>[typeof Symbol.iterator]> {
          return this.#coro[Symbol.iterator]();
        }
      }
      const coro = function* (): Coroutine<string> {
        yield* sleep(0);
        return "ok";
      };
      expect(yield* ensureFuture(new InCoroutines(coro()))).toBe("ok");
      const thenable: PromiseLike<string> = {
        then: (...handlers) => Promise.resolve("ok").then(...handlers),
      };
      expect(yield* ensureFuture(thenable)).toBe("ok");
    }));

  it("test_ensure_future_task_awaitable: such a task's coroutine is one of the library's", () =>
    onLoop(backend, function* () {
      const awaitable = { [Symbol.iterator]: () => sleep(0, "ok")[Symbol.iterator]() };
      const task = ensureFuture(awaitable) as Task<string>;
      expect(yield* task).toBe("ok");
      expect([task.done(), task.result()]).toEqual([true, "ok"]);
      expect(iscoroutine(task.getCoro())).toBe(true);
    }));

  it("test_step_result_future: a task waits for whatever kind of future its coroutine awaits", () =>
    onLoop(backend, function* ({ loop }) {
      class OwnFuture<T> extends Future<T> {}
      const future = new OwnFuture<object>({ loop });
      let result: unknown = null;
      const task = createTask(function* () {
        result = yield* future;
      });
      yield* passes(1);
      expect([task.done(), result]).toEqual([false, null]);
      const given = {};
      future.setResult(given);
      yield* passes(1);
      expect(result).toBe(given);
      expect([task.done(), task.result()]).toEqual([true, undefined]);
    }));

  it("test_coroutine_non_gen_function_return_future: a future that is returned is the result, and is not awaited", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      const first = createTask(
        (function* (): Coroutine<Future<string>> {
          return future;
        })(),
      );
      const second = createTask(function* () {
        future.setResult("test");
      });
      expect(yield* first).toBe(future);
      expect(first.result()).toBe(future);
      expect(yield* second).toBe(undefined);
      expect(future.result()).toBe("test");
    }));

  it("test_iscoroutinefunction: generator functions, those of coroutine(), and async functions; nothing else", () => {
    const plain = (): void => undefined;
    const returnsOne = (): Coroutine<string> => notmuch() as unknown as Coroutine<string>;
    const iterates = {
      *[Symbol.iterator](): Generator<number> {
        yield 1;
      },
    };
    expect([plain, returnsOne, iterates, class {}, null, 5].map(iscoroutinefunction)).toEqual(
      Array(6).fill(false),
    );
    const generator = function* (): Coroutine<void> {
      yield* sleep(0);
    };
    expect([generator, notmuch, async () => 1].map(iscoroutinefunction)).toEqual([true, true, true]);
  });

  it("test_coroutine_non_gen_function: what a coroutine function without any await returns is a coroutine", async () => {
    const func = function* (): Coroutine<string> {
      return "test";
    };
    expect(iscoroutinefunction(func)).toBe(true);
    const coro = func();
    expect(iscoroutine(coro)).toBe(true);
    const loop = newEventLoop({ backend });
    expect(await loop.runUntilComplete(coro)).toBe("test");
    loop.close();
  });

  it("test_stop_while_run_in_complete: runUntilComplete() rejects, and the task goes on in the next run", async () => {
    const loop = newEventLoop({ backend, clock: new VirtualClock() });
    let x = 0;
    const task = loop.createTask(function* () {
      while (x < 10) {
        yield* sleep(0.1);
        x++;
        if (x === 2) loop.stop();
      }
    });
    const error = await loop.runUntilComplete(task).catch((reason: unknown) => reason);
    expect(label(error)).toBe("RuntimeError: Event loop stopped before Future completed.");
    expect([task.done(), x]).toEqual([false, 2]);
    expect(loop.time()).toBeCloseTo(0.2);

    task.cancel();
    await expect(loop.runUntilComplete(task)).rejects.toThrow();
    expect([task.cancelled(), x]).toEqual([true, 2]);
    loop.close();
  });
});

describeBackends("test_tasks.CTask_CFuture_SubclassTests", (backend) => {
  it("test_subclasses_ctask_cfuture: subclasses of Task and Future work together", () =>
    onLoop(backend, function* ({ loop }) {
      class OwnFuture<T> extends Future<T> {}
      class OwnTask<T> extends Task<T> {}
      const future = new OwnFuture<string>({ loop });
      const task = new OwnTask(
        (function* (): Coroutine<string> {
          loop.callSoon(() => future.setResult("spam"));
          return yield* future;
        })(),
        { loop },
      );
      expect(yield* task).toBe("spam");
    }));
});

describeBackends("test_tasks.CTask_Future_Tests", (backend) => {
  it("test_foobar: a task awaits a subclass of Future without its getLoop()", () =>
    onLoop(backend, function* ({ loop }) {
      class Odd<T> extends Future<T> {
        override getLoop(): never {
          throw new Error("not to be asked");
        }
      }
      const future = new Odd<number>({ loop });
      loop.callLater(0.001, () => future.setResult(1));
      const task = loop.createTask(function* () {
        yield* future;
        return "spam";
      });
      expect(yield* task).toBe("spam");
    }));
});
