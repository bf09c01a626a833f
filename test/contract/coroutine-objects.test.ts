// coroutine(): objects that run once, nest to any depth, and pass results, errors and cancellation through all levels.
import { expect, it } from "vitest";
import {
  CancelledError,
  coroutine,
  createTask,
  currentTask,
  iscoroutine,
  iscoroutinefunction,
  RuntimeError,
  sleep,
  wrapFuture,
  type Coroutine,
  type Yieldable,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

const double = coroutine(function* (n: number): Coroutine<number> {
  yield* sleep(0);
  return 2 * n;
});

const immediate = coroutine(function* (n: number): Coroutine<number> {
  return n;
});

describeBackends("coroutine()", (backend) => {
  it("runs nothing until it is awaited", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const work = coroutine(function* (): Coroutine<string> {
        log.push("ran");
        return "result";
      });
      const call = work();
      yield* passes(3);
      expect(log).toEqual([]);
      expect(yield* call).toBe("result");
      expect(log).toEqual(["ran"]);
    }));

  it("can be awaited with yield*, with await, as a task, and gives its result each way", () =>
    onLoop(backend, function* () {
      expect(yield* double(1)).toBe(2);
      expect(yield* createTask(double(2))).toBe(4);
      expect(yield* wrapFuture((async () => await double(3))())).toBe(6);
      expect(yield* immediate(7)).toBe(7);
      expect(yield* wrapFuture(immediate(8).toPromise())).toBe(8);
    }));

  it("does not give way when it has nothing to wait for", () =>
    onLoop(backend, function* ({ loop }) {
      let passed = false;
      loop.callSoon(() => (passed = true));
      for (let i = 0; i < 100; i++) yield* immediate(i);
      expect(passed).toBe(false);
      yield* sleep(0);
      expect(passed).toBe(true);
    }));

  it("refuses to be awaited twice, in every combination", () =>
    onLoop(backend, function* () {
      const reused = /^RuntimeError: cannot reuse already awaited coroutine/;
      // Making a task of a used one may fail at once or in its first step.
      const asNewTask = function* (call: Yieldable<unknown>): Coroutine<unknown> {
        return yield* createTask(call);
      };
      const first = double(1);
      yield* first;
      expect(label(yield* errorOf(first))).toMatch(reused);
      const asTask = double(2);
      const task = createTask(asTask);
      yield* sleep(0);
      expect(label(yield* errorOf(asTask))).toMatch(/^RuntimeError/);
      yield* task;
      expect(label(yield* errorOf(asNewTask(asTask)))).toMatch(reused);
      const awaited = double(3);
      yield* wrapFuture((async () => await awaited)());
      expect(label(yield* errorOf(wrapFuture(awaited.toPromise())))).toMatch(/^RuntimeError/);
    }));

  it("works as a method, keeping this", () =>
    onLoop(backend, function* () {
      class Counter {
        total = 0;
        add = coroutine(function* (this: Counter, n: number): Coroutine<number> {
          yield* sleep(0);
          return (this.total += n);
        });
      }
      const counter = new Counter();
      expect(yield* counter.add(2)).toBe(2);
      expect(yield* counter.add(3)).toBe(5);
    }));

  it("works as a decorator of a method", () =>
    onLoop(backend, function* () {
      const decorate = coroutine as unknown as (
        fn: unknown,
        context: unknown,
      ) => (...args: unknown[]) => Coroutine<number>;
      const method = decorate(
        function* (this: { base: number }, n: number): Coroutine<number> {
          return this.base + (yield* immediate(n));
        },
        { kind: "method", name: "method" },
      );
      const owner = { base: 10, method };
      expect(yield* owner.method(5)).toBe(15);
    }));

  it("nests a thousand levels deep, with the same result as a plain generator", () =>
    onLoop(backend, function* () {
      const made = coroutine(function* (depth: number): Coroutine<number> {
        if (depth > 0) return 1 + (yield* made(depth - 1));
        yield* sleep(0);
        yield* sleep(0);
        return 0;
      });
      const plain = function* (depth: number): Coroutine<number> {
        if (depth > 0) return 1 + (yield* plain(depth - 1));
        yield* sleep(0);
        return 0;
      };
      const mixed = function* (depth: number): Coroutine<number> {
        if (depth === 0) return yield* made(10);
        return 1 + (depth % 2 === 0 ? yield* mixed(depth - 1) : yield* coroutine(mixed)(depth - 1));
      };
      expect(yield* made(1000)).toBe(1000);
      expect(yield* plain(1000)).toBe(1000);
      expect(yield* mixed(200)).toBe(210);
      expect(yield* createTask(made(1000))).toBe(1000);
    }));

  it("passes an error through all levels, each of which can catch, wrap and rethrow it", () =>
    onLoop(backend, function* () {
      const log: number[] = [];
      const level = coroutine(function* (depth: number, suspend: boolean): Coroutine<never> {
        try {
          if (depth === 0) {
            if (suspend) yield* sleep(0);
            throw new RangeError("bottom");
          }
          return yield* level(depth - 1, suspend);
        } catch (error) {
          if (depth === 2) throw new Error("wrapped", { cause: error });
          throw error;
        } finally {
          log.push(depth);
        }
      });
      for (const suspend of [false, true]) {
        log.length = 0;
        const error = yield* errorOf(level(4, suspend));
        expect(label(error)).toBe("Error: wrapped");
        expect(label(error.cause)).toBe("RangeError: bottom");
        expect(log).toEqual([0, 1, 2, 3, 4]);
      }
    }));

  it("goes on in the middle levels after they caught an error", () =>
    onLoop(backend, function* () {
      const failing = coroutine(function* (): Coroutine<never> {
        yield* sleep(0);
        throw new Error("inner");
      });
      const middle = coroutine(function* (): Coroutine<string> {
        const seen: string[] = [];
        for (let i = 0; i < 3; i++) {
          seen.push((yield* errorOf(failing())).message);
          seen.push(String(yield* double(i)));
        }
        return seen.join(" ");
      });
      expect(yield* middle()).toBe("inner 0 inner 2 inner 4");
    }));

  it("cancelled at depth: finally blocks that await run from the inside out, in the same task", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const level = coroutine(function* (depth: number): Coroutine<void> {
        try {
          if (depth === 0) yield* sleep(1000);
          else yield* level(depth - 1);
        } finally {
          yield* sleep(0);
          yield* double(depth);
          log.push(`${depth} ${currentTask()!.getName()}`);
        }
      });
      const task = createTask(level(5), { name: "deep" });
      yield* passes(2);
      task.cancel("stop");
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("stop");
      expect(log).toEqual(["0 deep", "1 deep", "2 deep", "3 deep", "4 deep", "5 deep"]);
      expect(task.cancelled()).toBe(true);
    }));

  it("cancelled at depth and caught half way: the levels above go on", () =>
    onLoop(backend, function* () {
      const level = coroutine(function* (depth: number): Coroutine<string> {
        if (depth === 0) {
          yield* sleep(1000);
          return "slept";
        }
        try {
          return `${yield* level(depth - 1)} ${depth}`;
        } catch (error) {
          if (depth !== 3) throw error;
          yield* sleep(0);
          return `caught at ${depth}`;
        }
      });
      const task = createTask(level(5));
      yield* passes(2);
      task.cancel();
      expect(yield* task).toBe("caught at 3 4 5");
    }));

  it("is cancelled before its first step without running, at any wrapping", () =>
    onLoop(backend, function* () {
      let ran = false;
      const body = coroutine(function* (): Coroutine<void> {
        ran = true;
      });
      const task = createTask(body());
      task.cancel();
      yield* errorOf(task);
      expect([ran, task.cancelled()]).toEqual([false, true]);
    }));

  it("turns a stray yield into a RuntimeError at the level that made it", () =>
    onLoop(backend, function* () {
      const stray = coroutine(function* (): Coroutine<string> {
        try {
          yield 5 as never;
        } catch (error) {
          return label(error);
        }
        return "nothing was thrown";
      });
      const above = coroutine(function* (): Coroutine<string> {
        return yield* stray();
      });
      expect(yield* above()).toMatch(/^RuntimeError: .*bad yield: 5/);
    }));

  it("close() ends it with its finally blocks, and an unstarted one without running it", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const body = coroutine(function* (): Coroutine<void> {
        log.push("ran");
        yield* sleep(0);
      });
      const unstarted = body();
      unstarted.close();
      unstarted.close();
      expect(log).toEqual([]);
      expect(yield* errorOf(unstarted)).toBeInstanceOf(RuntimeError);
    }));

  it("leaves with the generator's return when a loop over it is broken off", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const inner = coroutine(function* (): Coroutine<void> {
        try {
          yield* sleep(1000);
        } finally {
          log.push("inner finally");
        }
      });
      const outer = (function* (): Coroutine<void> {
        try {
          yield* inner();
        } finally {
          log.push("outer finally");
        }
      })();
      const task = createTask(outer);
      yield* sleep(0);
      task.cancel();
      yield* errorOf(task);
      expect(log).toEqual(["inner finally", "outer finally"]);
    }));

  it("is known to iscoroutine() and iscoroutinefunction()", () =>
    onLoop(backend, function* ({ loop }) {
      const plain = function* (): Coroutine<void> {
        yield* sleep(0);
      };
      const call = double(1);
      const future = loop.createFuture<void>();
      expect([iscoroutine(call), iscoroutine(plain()), iscoroutine(sleep(0))]).toEqual([true, true, true]);
      for (const other of [
        plain,
        double,
        future,
        Promise.resolve(),
        null,
        undefined,
        {},
        [][Symbol.iterator](),
      ]) {
        expect(iscoroutine(other)).toBe(false);
      }
      for (const fn of [double, plain, async () => undefined]) expect(iscoroutinefunction(fn)).toBe(true);
      for (const other of [() => undefined, call, null, 1, class {}])
        expect(iscoroutinefunction(other)).toBe(false);
      yield* call;
      future.cancel();
    }));
});
