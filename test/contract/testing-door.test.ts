// asyncio-uv/testing: waiting until all is blocked, and the random order of tasks.
import { expect, it } from "vitest";
import {
  allTasks,
  createTask,
  Future,
  gather,
  newEventLoop,
  sleep,
  type Coroutine,
} from "../../lib/index.ts";
import { randomOrder, VirtualClock, waitUntilBlocked } from "../../lib/testing/index.ts";
import { describeBackends, onVirtualLoop } from "../support/backends.ts";

describeBackends("waitUntilBlocked()", (backend) => {
  it("may be waited for by several at once", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const results = yield* gather(
        waitUntilBlocked(),
        createTask(async () => await waitUntilBlocked()),
        createTask(function* () {
          for (let i = 0; i < 50; i++) yield* sleep(0);
          yield* waitUntilBlocked();
          return loop.time();
        }),
      );
      expect(results).toEqual([undefined, undefined, 0]);
    }));

  it("returns when chains of tasks, futures and promises have come to rest, and lets no time pass", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const gate = new Future<void>();
      const generator = createTask(function* () {
        for (let i = 0; i < 50; i++) yield* sleep(0);
        log.push("generator waits");
        yield* gate;
        log.push("generator ends");
      });
      const asynchronous = createTask(async () => {
        for (let i = 0; i < 5; i++) {
          await sleep(0);
          await Promise.resolve();
        }
        log.push("async function waits");
        await gate;
        log.push("async function ends");
      });
      const sleeper = createTask(sleep(1));
      yield* waitUntilBlocked();
      expect(log.sort()).toEqual(["async function waits", "generator waits"]);
      expect([sleeper.done(), loop.time()]).toEqual([false, 0]);
      gate.setResult(undefined);
      yield* waitUntilBlocked();
      expect([generator.done(), asynchronous.done(), loop.time()]).toEqual([true, true, 0]);
      yield* sleeper;
    }));
});

describeBackends("randomOrder()", (backend) => {
  async function order(seed: number | null): Promise<string> {
    const loop = newEventLoop({ backend, clock: new VirtualClock() });
    if (seed !== null) randomOrder(loop, seed);
    const log: string[] = [];
    function* step(name: string): Coroutine<void> {
      for (let i = 0; i < 2; i++) {
        log.push(name);
        yield* sleep(0);
      }
    }
    await loop.runUntilComplete(
      (function* () {
        yield* gather(..."abcdefgh".split("").map(step));
        expect(allTasks().size).toBe(1);
      })(),
    );
    loop.close();
    return log.join("");
  }

  it("runs each task of a pass once, in an order that the seed alone decides", async () => {
    const fair = await order(null);
    expect(fair).toBe("abcdefghabcdefgh");
    const drawn = await Promise.all([]).then(async () => {
      const orders: string[] = [];
      for (let seed = 0; seed < 20; seed++) orders.push(await order(seed));
      return orders;
    });
    expect(await order(7)).toBe(drawn[7]);
    expect(new Set(drawn).size).toBeGreaterThan(15);
    for (const one of drawn) {
      expect([...one.slice(0, 8)].sort().join("")).toBe("abcdefgh");
      expect([...one.slice(8)].sort().join("")).toBe("abcdefgh");
    }
  });

  it("leaves callbacks in their places", async () => {
    const loop = newEventLoop({ backend });
    randomOrder(loop, 1);
    const log: number[] = [];
    for (let i = 0; i < 20; i++) loop.callSoon(() => log.push(i));
    await loop.runUntilComplete(sleep(0));
    expect(log).toEqual([...Array(20).keys()]);
    loop.close();
  });

  it("refuses what is no loop or no seed", () => {
    const loop = newEventLoop({ backend });
    expect(() => randomOrder(loop, -1)).toThrow(RangeError);
    expect(() => randomOrder({} as never, 1)).toThrow(TypeError);
    loop.close();
  });
});
