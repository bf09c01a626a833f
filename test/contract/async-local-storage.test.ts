// AsyncLocalStorage: what was set around createTask(), callSoon() and callLater() is seen in every step, and leaks nowhere.
import { AsyncLocalStorage } from "node:async_hooks";
import { expect, it } from "vitest";
import {
  createTask,
  gather,
  newEventLoop,
  sleep,
  wrapFuture,
  type Coroutine,
  type Task,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";

describeBackends("AsyncLocalStorage", (backend) => {
  it("set around createTask() is seen by every step of the task, and by no other", () =>
    onLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const seen: [string, string | undefined][] = [];
      function* steps(name: string): Coroutine<void> {
        for (let i = 0; i < 3; i++) {
          seen.push([name, storage.getStore()]);
          yield* sleep(i === 1 ? 0.001 : 0);
        }
      }
      const tasks = [
        storage.run("one", () => createTask(steps("a"))),
        createTask(steps("none")),
        storage.run("two", () => createTask(steps("b"))),
      ];
      yield* gather(...tasks);
      const storesOf = (name: string): unknown =>
        seen.filter(([who]) => who === name).map(([, store]) => store);
      expect([storesOf("a"), storesOf("none"), storesOf("b")]).toEqual([
        ["one", "one", "one"],
        [undefined, undefined, undefined],
        ["two", "two", "two"],
      ]);
      expect(storage.getStore()).toBe(undefined);
    }));

  it("is inherited by the tasks that a task makes, and by its first step when that is taken at once", () =>
    onLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const get = function* (): Coroutine<string | undefined> {
        yield* sleep(0);
        return storage.getStore();
      };
      const outer = storage.run("outer", () =>
        createTask(function* () {
          const eager = createTask(get(), { eagerStart: true });
          const inner = storage.run("inner", () => createTask(get()));
          return [yield* createTask(get()), yield* inner, yield* eager];
        }),
      );
      expect(yield* outer).toEqual(["outer", "inner", "outer"]);
    }));

  it("set with enterWith() in a step stays with that task alone", () =>
    onLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const other: (string | undefined)[] = [];
      const entering = createTask(function* () {
        storage.enterWith("entered");
        yield* sleep(0);
        const first = storage.getStore();
        yield* sleep(0.001);
        return [first, storage.getStore()];
      });
      const looking = createTask(function* () {
        for (let i = 0; i < 4; i++) {
          other.push(storage.getStore());
          yield* sleep(0);
        }
      });
      yield* looking;
      expect(yield* entering).toEqual(["entered", "entered"]);
      expect([other, storage.getStore()]).toEqual([[undefined, undefined, undefined, undefined], undefined]);
    }));

  it("set around callSoon(), callLater() and callAt() is seen by the callback, which leaves nothing behind", () =>
    onLoop(backend, function* ({ loop }) {
      const storage = new AsyncLocalStorage<string>();
      const seen: (string | undefined)[] = [];
      const look = (): unknown => seen.push(storage.getStore());
      storage.run("soon", () => loop.callSoon(look));
      loop.callSoon(() => storage.enterWith("left behind"));
      loop.callSoon(look);
      storage.run("later", () => loop.callLater(0.001, look));
      storage.run("at", () => loop.callAt(loop.time() + 0.002, look));
      loop.callLater(0.003, look);
      yield* sleep(0.01);
      expect(seen).toEqual(["soon", undefined, "later", "at", undefined]);
    }));

  it("set around the run is seen throughout it", async () => {
    const storage = new AsyncLocalStorage<string>();
    const loop = newEventLoop({ backend });
    const seen = await storage.run("all", () =>
      loop.runUntilComplete(
        (function* () {
          const inner = storage.run("one", () => createTask(sleep(0.001)));
          const child: Task<string | undefined> = createTask(function* () {
            yield* sleep(0.001);
            return storage.getStore();
          });
          yield* inner;
          return [yield* child, storage.getStore()];
        })(),
      ),
    );
    expect([seen, storage.getStore()]).toEqual([["all", "all"], undefined]);
    loop.close();
  });

  it("is seen by tasks that are made outside a turn", () =>
    onLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const made = new Promise<Task<string | undefined>>((resolve) => {
        setImmediate(() => {
          storage.run("handler", () => {
            const task = createTask(function* () {
              yield* sleep(0.001);
              return storage.getStore();
            });
            resolve(task.toPromise() as never);
          });
        });
      });
      expect(yield* wrapFuture(made)).toBe("handler");
      yield* passes(1);
    }));

  it("goes through the awaits of an async function, and into what it calls", () =>
    onLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const task = storage.run("async", () =>
        createTask(async () => {
          const seen = [storage.getStore()];
          await sleep(0);
          seen.push(storage.getStore());
          await new Promise((resolve) => setTimeout(resolve, 1));
          seen.push(storage.getStore());
          seen.push(
            await createTask(function* () {
              yield* sleep(0);
              return storage.getStore();
            }),
          );
          return seen;
        }),
      );
      expect(yield* task).toEqual(["async", "async", "async", "async"]);
      expect(storage.getStore()).toBe(undefined);
    }));
});
