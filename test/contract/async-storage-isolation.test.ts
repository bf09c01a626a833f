// AsyncLocalStorage under strain: several storages, stores that are set and left everywhere, none of which may reach another.
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { expect, it } from "vitest";
import {
  createTask,
  eagerTaskFactory,
  Future,
  gather,
  openConnection,
  Protocol,
  sleep,
  wrapFuture,
  type Coroutine,
  type Task,
  type Transport,
} from "../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes, until } from "../support/backends.ts";
import { errorOf } from "../support/outcomes.ts";

describeBackends("stores of AsyncLocalStorage", (backend) => {
  it("of several storages are kept by each task through set, run and exit", () =>
    onVirtualLoop(backend, function* () {
      const [a, b, c] = [1, 2, 3].map(() => new AsyncLocalStorage<string>()) as AsyncLocalStorage<string>[];
      function* steps(name: string): Coroutine<unknown[]> {
        const seen: unknown[] = [];
        for (let i = 0; i < 3; i++) {
          seen.push([a!.getStore(), b!.getStore(), c!.getStore()]);
          c!.enterWith(`${name}${i}`);
          a!.run("other", () => b!.exit(() => seen.push([a!.getStore(), b!.getStore()])));
          yield* sleep(i);
        }
        return seen;
      }
      const tasks = ["x", "y"].map((name) => a!.run(`a${name}`, () => createTask(steps(name))));
      const bare = createTask(steps("z"));
      const expected = (outer: string | undefined, name: string): unknown[] => [
        [outer, undefined, undefined],
        ["other", undefined],
        [outer, undefined, `${name}0`],
        ["other", undefined],
        [outer, undefined, `${name}1`],
        ["other", undefined],
      ];
      expect(yield* gather(...tasks)).toEqual([expected("ax", "x"), expected("ay", "y")]);
      expect(yield* bare).toEqual(expected(undefined, "z"));
      expect([a, b, c].map((storage) => storage!.getStore())).toEqual([undefined, undefined, undefined]);
    }));

  it("that an eager task sets in its first step stay with it, wherever it was made", () =>
    onLoop(backend, function* ({ loop }) {
      const storage = new AsyncLocalStorage<string>();
      loop.setTaskFactory(eagerTaskFactory);
      const child = (): Task<string | undefined> =>
        createTask(function* () {
          storage.enterWith("child");
          yield* sleep(0);
          return storage.getStore();
        });
      const fresh = child();
      expect([storage.getStore(), yield* fresh, storage.getStore()]).toEqual([undefined, "child", undefined]);
      storage.enterWith("parent");
      const second = child();
      expect([storage.getStore(), yield* second, storage.getStore()]).toEqual(["parent", "child", "parent"]);
      storage.enterWith(undefined as unknown as string);
      yield* sleep(0);
      const third = child();
      expect([storage.getStore(), yield* third]).toEqual([undefined, "child"]);
      const asynchronous = createTask(async () => {
        const made = child();
        const before = storage.getStore();
        await made;
        return [before, storage.getStore()];
      });
      expect(yield* asynchronous).toEqual([undefined, undefined]);
      let outside: unknown;
      setTimeout(() => {
        child();
        outside = [storage.getStore()];
      });
      yield* until(() => outside !== undefined, "the timeout");
      expect(outside).toEqual([undefined]);
    }));

  it("are those of the function that awaits, after it has awaited from its first line", () =>
    onVirtualLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const task = createTask(async () => {
        storage.enterWith("function");
        const kept = sleep(1).then(() => storage.getStore());
        const seen = [storage.getStore()];
        await Promise.race([sleep(2), sleep(3)]);
        seen.push(storage.getStore(), await kept);
        return seen;
      });
      expect(yield* task).toEqual(["function", "function", "function"]);
      expect(storage.getStore()).toBe(undefined);
    }));

  it("that callbacks set, fail with or finish with reach nobody", () =>
    onVirtualLoop(backend, function* ({ loop, takeReports }) {
      const storage = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const look = (): unknown => seen.push(storage.getStore());
      const leave = (): void => storage.enterWith("left");
      const fail = (): never => {
        leave();
        throw new Error("callback");
      };
      loop.callSoon(leave);
      loop.callSoon(look);
      loop.callSoon(fail);
      const task = createTask(function* () {
        look();
        leave();
        yield* sleep(0);
        throw new Error("task");
      });
      loop.callLater(1, leave);
      loop.callLater(1, look);
      const future = new Future<void>();
      future.addDoneCallback(leave);
      future.addDoneCallback(look);
      yield* errorOf(task);
      look();
      future.setResult();
      yield* sleep(2);
      look();
      expect(seen).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
      expect(takeReports().length).toBe(1);
    }));

  it("that a protocol sets reach neither tasks nor other connections", () =>
    onLoop(backend, function* ({ loop }) {
      const storage = new AsyncLocalStorage<string>();
      const seen = new Set<unknown>();
      const look = (): unknown => seen.add(storage.getStore());
      class Leaving extends Protocol {
        #transport: Transport | null = null;
        override connectionMade(transport: Transport): void {
          look();
          storage.enterWith("made");
          this.#transport = transport;
        }
        override dataReceived(data: Uint8Array): void {
          look();
          storage.enterWith("data");
          this.#transport!.write(data);
        }
        override connectionLost(): void {
          look();
          storage.enterWith("lost");
        }
      }
      const server = yield* loop.createServer(() => new Leaving(), "127.0.0.1", 0);
      const port = server.sockets[0]!.getsockname()[1] as number;
      let clients = 3;
      function* client(): Coroutine<void> {
        const [reader, writer] = yield* openConnection("127.0.0.1", port);
        for (let i = 0; i < 3; i++) {
          writer.write("x");
          yield* reader.readexactly(1);
          look();
        }
        writer.close();
        yield* writer.waitClosed();
        clients--;
      }
      const watcher = createTask(function* () {
        while (clients > 0) {
          look();
          yield* sleep(0.0001);
        }
      });
      yield* gather(client(), client(), client(), watcher);
      server.close();
      yield* server.waitClosed();
      expect([...seen]).toEqual([undefined]);
    }));

  it("of the place where the loop was started can be left, also by what comes from outside a turn", async () => {
    const storage = new AsyncLocalStorage<string>();
    await storage.run("loop", () =>
      onLoop(backend, function* ({ loop }) {
        function* look(): Coroutine<string | undefined> {
          yield* sleep(0);
          return storage.getStore();
        }
        const inside = storage.exit(() => createTask(look()));
        const entering = createTask(function* () {
          storage.enterWith("task");
          yield* sleep(0);
          return storage.getStore();
        });
        const called: unknown[] = [];
        storage.exit(() => loop.callSoon(() => called.push(storage.getStore())));
        const outside = yield* wrapFuture(
          new Promise<PromiseLike<unknown>[]>((resolve) => {
            setTimeout(() => {
              resolve([createTask(look()), storage.exit(() => createTask(look()))]);
            });
          }).then((tasks) => Promise.all(tasks)),
        );
        expect([yield* inside, yield* entering, called, outside, storage.getStore()]).toEqual([
          undefined,
          "task",
          [undefined],
          ["loop", undefined],
          "loop",
        ]);
      }),
    );
  });

  it("of bound functions and snapshots go with what these schedule, and stay in them", () =>
    onVirtualLoop(backend, function* () {
      const storage = new AsyncLocalStorage<string>();
      const look = function* (): Coroutine<string | undefined> {
        yield* sleep(0);
        return storage.getStore();
      };
      const bound = storage.run("bound", () => AsyncResource.bind(() => createTask(look())));
      const snapshot = storage.run("snapshot", () => AsyncLocalStorage.snapshot());
      const future = new Future<void>();
      const seen: unknown[] = [];
      snapshot(() => future.addDoneCallback(() => seen.push(storage.getStore())));
      AsyncResource.bind(() => storage.enterWith("inside only"))();
      future.setResult();
      yield* passes(2);
      const made = snapshot(() => createTask(look()));
      expect([yield* bound(), yield* made, seen, storage.getStore()]).toEqual([
        "bound",
        "snapshot",
        ["snapshot"],
        undefined,
      ]);
    }));

  it("of hundreds of tasks of both flavours do not mix", () =>
    onLoop(backend, function* () {
      const storage = new AsyncLocalStorage<number>();
      const outcomes = new Set<string>();
      const check = (expected: number | undefined): unknown =>
        outcomes.add(storage.getStore() === expected ? "right" : `${storage.getStore()} for ${expected}`);
      function* steps(number: number): Coroutine<void> {
        for (let i = 0; i < 8; i++) {
          check(i > 4 ? number : undefined);
          yield* sleep((number + i) % 3 === 0 ? 0.0005 : 0);
          if (i === 4) storage.enterWith(number);
        }
      }
      const asynchronous = async (number: number): Promise<void> => {
        for (let i = 0; i < 8; i++) {
          check(i > 4 ? number : undefined);
          await sleep((number + i) % 3 === 0 ? 0.0005 : 0);
          if (i === 4) storage.enterWith(number);
        }
      };
      const inherited = function* (number: number): Coroutine<void> {
        for (let i = 0; i < 8; i++) {
          check(number);
          yield* sleep(i % 2 === 0 ? 0.0005 : 0);
        }
      };
      const tasks = Array.from({ length: 200 }, (_, n) => [
        createTask(steps(n)),
        createTask(() => asynchronous(n)),
        storage.run(n, () => createTask(inherited(n))),
      ]).flat();
      yield* gather(...tasks);
      expect([...outcomes]).toEqual(["right"]);
    }));
});
