// VirtualClock: time that jumps when nothing is ready, on both backends.
import { expect, it } from "vitest";
import { createTask, gather, newEventLoop, sleep, wrapFuture, type Coroutine } from "../../lib/index.ts";
import { passes, VirtualClock } from "../../lib/testing/index.ts";
import { describeBackends, onVirtualLoop } from "../support/backends.ts";

describeBackends("VirtualClock", (backend) => {
  it("makes long sleeps take no time, and ends each at its very deadline", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      expect(loop.time()).toBe(0);
      const ends: [string, number][] = [];
      function* sleeper(name: string, seconds: number): Coroutine<void> {
        yield* sleep(seconds);
        ends.push([name, loop.time()]);
      }
      yield* gather(
        sleeper("day", 86_400),
        sleeper("second", 1),
        sleeper("hour", 3600),
        sleeper("second too", 1),
      );
      expect(ends).toEqual([
        ["second", 1],
        ["second too", 1],
        ["hour", 3600],
        ["day", 86_400],
      ]);
    }));

  it("stands still while anything is ready", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      let fired = false;
      loop.callLater(1 / 1024, () => (fired = true));
      yield* passes(5000);
      expect([fired, loop.time()]).toEqual([false, 0]);
      yield* sleep(1);
      expect([fired, loop.time()]).toEqual([true, 1]);
    }));

  it("waits for promises that settle without I/O", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      async function chain(): Promise<string> {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        return "done";
      }
      const late = createTask(sleep(0.5));
      expect(yield* wrapFuture(chain())).toBe("done");
      expect([late.done(), loop.time()]).toEqual([false, 0]);
      yield* late;
    }));

  it("moves by advance() alone without autojump, and lets the loop sleep meanwhile", async () => {
    const clock = new VirtualClock({ start: 100, autojump: false });
    const loop = newEventLoop({ backend, clock });
    const ended: number[] = [];
    loop.callLater(5, () => ended.push(loop.time()));
    loop.callLater(10, () => {
      ended.push(loop.time());
      loop.stop();
    });
    const running = loop.runForever();
    const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    await tick();
    const before = loop.statistics().turns;
    for (let i = 0; i < 5; i++) await tick();
    expect(loop.statistics().turns).toBe(before);
    clock.advance(5);
    await tick();
    expect(ended).toEqual([105]);
    clock.advance(5);
    await running;
    expect(ended).toEqual([105, 110]);
    loop.close();
  });

  it("never goes back", () => {
    expect(() => new VirtualClock().advance(-1)).toThrow(RangeError);
    expect(() => new VirtualClock({ start: NaN })).toThrow(RangeError);
  });
});

describeBackends("a clock of the user's own", (backend) => {
  it("is asked for the time, and waited for in real time", async () => {
    // A thousand times as fast as Node's.
    const time = (): number => performance.now();
    const clock = { time, idle: (deadline: number) => (deadline - time()) / 1000 };
    const loop = newEventLoop({ backend, clock });
    const start = loop.time();
    await loop.runUntilComplete(sleep(20));
    expect(loop.time() - start).toBeGreaterThanOrEqual(20);
    loop.close();
  });
});
