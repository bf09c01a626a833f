// Task: results, names, and what it may not await.
import { expect, it } from "vitest";
import {
  allTasks,
  createTask,
  currentTask,
  Future,
  newEventLoop,
  RuntimeError,
  sleep,
  Task,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("Task", (backend) => {
  it("gives its coroutine's result or error", () =>
    onLoop(backend, function* ({ loop }) {
      const good = createTask(function* () {
        yield* sleep(0);
        return [1, "two"] as const;
      });
      const error = new RangeError("mine");
      const bad = createTask(
        (function* (): Coroutine<void> {
          yield* sleep(0);
          throw error;
        })(),
      );
      expect([good.done(), bad.done()]).toEqual([false, false]);
      expect(yield* good).toEqual([1, "two"]);
      expect(good.result()).toEqual([1, "two"]);
      expect(good.exception()).toBe(null);
      expect(yield* errorOf(bad)).toBe(error);
      expect(bad.exception()).toBe(error);
      expect(bad.cancelled()).toBe(false);
      expect(good.getLoop()).toBe(loop);
      expect(good).toBeInstanceOf(Future);
    }));

  it("runs nothing before the next pass", () =>
    onLoop(backend, function* () {
      let ran = false;
      const task = createTask(function* (): Coroutine<void> {
        ran = true;
      });
      expect(ran).toBe(false);
      yield* sleep(0);
      expect([ran, task.done()]).toEqual([true, true]);
    }));

  it("fails with whatever is thrown, also before the first await and also when it is no Error", () =>
    onLoop(backend, function* () {
      const thrown: unknown[] = [];
      for (const value of ["a string", null, undefined, 0]) {
        const task = createTask(function* (): Coroutine<void> {
          throw value;
        });
        try {
          yield* task;
          thrown.push("nothing was thrown");
        } catch (error) {
          thrown.push(error);
        }
      }
      expect(thrown).toEqual(["a string", null, undefined, 0]);
    }));

  it("is named Task-N by a counter that given names do not use up", () =>
    onLoop(backend, function* () {
      const first = createTask(sleep(0));
      const named = createTask(sleep(0), { name: "mine" });
      const second = createTask(sleep(0));
      expect(named.getName()).toBe("mine");
      expect(first.getName()).toMatch(/^Task-\d+$/);
      expect(Number(second.getName().slice(5)) - Number(first.getName().slice(5))).toBe(1);
      second.setName("renamed");
      expect(second.getName()).toBe("renamed");
      second.setName(12 as unknown as string);
      expect(second.getName()).toBe("12");
      expect(String(named)).toMatch(/^<Task pending.*mine/);
      yield* second;
      expect(String(second)).toMatch(/^<Task finished/);
    }));

  it("keeps the coroutine it was made with", () =>
    onLoop(backend, function* () {
      const coroutine = (function* (): Coroutine<void> {
        yield* sleep(0);
      })();
      const task = createTask(coroutine);
      expect(task.getCoro()).toBe(coroutine);
      yield* task;
    }));

  it("refuses setResult() and setException()", () =>
    onLoop(backend, function* () {
      const task = createTask(sleep(0, "kept"));
      expect(thrownBy(() => task.setResult("other"))).toBeInstanceOf(RuntimeError);
      expect(thrownBy(() => task.setException(new Error("x")))).toBeInstanceOf(RuntimeError);
      expect(yield* task).toBe("kept");
    }));

  it("may not await itself: RuntimeError thrown into it, and it can go on", () =>
    onLoop(backend, function* () {
      const task: Task<string> = createTask(function* (): Coroutine<string> {
        return label(yield* errorOf(currentTask()!));
      });
      expect(yield* task).toMatch(/^RuntimeError: Task cannot await on itself/);
    }));

  it("may not await a future or task of another loop", () =>
    onLoop(backend, function* () {
      const other = newEventLoop({ backend });
      const foreign = new Future<void>({ loop: other });
      const error = yield* errorOf(createTask(errorFree(foreign)));
      expect(label(error)).toMatch(/^RuntimeError: .*attached to a different loop/);
      foreign.cancel();
      other.close();

      function* errorFree(future: Future<void>): Coroutine<void> {
        yield* future;
      }
    }));

  it("turns a yield of something else into a RuntimeError that names it", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      for (const [value, text] of [
        [5, /bad yield: 5/],
        ["text", /bad yield/],
        [{ a: 1 }, /bad yield/],
        [future, /yield\*?/],
        [Promise.resolve(), /yield/],
        [
          (function* (): Coroutine<void> {
            yield* sleep(0);
          })(),
          /yield/,
        ],
      ] as const) {
        const task = createTask(
          (function* (): Coroutine<string> {
            try {
              yield value as never;
            } catch (error) {
              yield* sleep(0);
              return label(error);
            }
            return "nothing was thrown";
          })(),
        );
        const outcome = yield* task;
        expect(outcome).toMatch(/^RuntimeError: /);
        expect(outcome).toMatch(text);
      }
      future.cancel();
    }));

  it("takes a bare yield as giving way for one pass", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const task = createTask(
        (function* (): Coroutine<string> {
          loop.callSoon(() => log.push("between"));
          yield undefined as never;
          log.push("resumed");
          return "end";
        })(),
      );
      expect(yield* task).toBe("end");
      expect(log).toEqual(["between", "resumed"]);
    }));

  it("refuses what is not a coroutine with a TypeError that names it", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      for (const bad of [1, "text", null, undefined, {}, [], new Map(), Symbol("s")]) {
        expect(thrownBy(() => createTask(bad as never))).toBeInstanceOf(TypeError);
        expect(thrownBy(() => new Task(bad as never))).toBeInstanceOf(TypeError);
        expect(thrownBy(() => loop.createTask(bad as never))).toBeInstanceOf(TypeError);
      }
      expect(thrownBy(() => new Task(future as never))).toBeInstanceOf(TypeError);
      future.cancel();
      expect(allTasks().size).toBe(1);
      yield* sleep(0);
    }));

  it("needs a running loop for createTask(), or the loop's own method", async () => {
    let ran = false;
    const make = function* (): Coroutine<number> {
      ran = true;
      return yield* sleep(0, 4);
    };
    expect(thrownBy(() => createTask(make))).toBeInstanceOf(RuntimeError);
    expect(ran).toBe(false);
    const loop = newEventLoop({ backend });
    const task = loop.createTask(make, { name: "before the run" });
    expect(task.getName()).toBe("before the run");
    expect(await loop.runUntilComplete(task)).toBe(4);
    loop.close();
    expect(thrownBy(() => loop.createTask(make))).toBeInstanceOf(RuntimeError);
  });
});
