// Counterparts of CPython's test_base_events: scheduling calls, and debug mode.
import { afterEach, expect, it, vi } from "vitest";
import {
  type Clock,
  type Coroutine,
  coroutine,
  ensureFuture,
  type EventLoop,
  Handle,
  newEventLoop,
  sleep,
  TimerHandle,
} from "../../../lib/index.ts";
import { VirtualClock } from "../../../lib/testing/index.ts";
import { describeBackends } from "../../support/backends.ts";
import { label, thrownBy } from "../../support/outcomes.ts";
import { stderrOf } from "../../support/stderr.ts";

const nothing = (): void => undefined;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A loop that is closed, come what may. */
async function withLoop(
  backend: "native" | "pure",
  body: (loop: EventLoop) => Promise<void> | void,
  clock?: Clock,
): Promise<void> {
  const loop = newEventLoop({ backend, clock });
  try {
    await body(loop);
  } finally {
    loop.close();
  }
}

/** Runs what is ready and due now. */
function onePass(loop: EventLoop): Promise<void> {
  loop.stop();
  return loop.runForever();
}

describeBackends("test_base_events.BaseEventLoopTests", (backend) => {
  it("test__add_callback_handle: a handle waits among the ready ones, not among the timers", () =>
    withLoop(backend, (loop) => {
      loop.callSoon(nothing);
      expect(loop.statistics()).toMatchObject({ ready: 1, timers: 0 });
    }));

  it("test__add_callback_cancelled_handle: one that is cancelled is not run", () =>
    withLoop(backend, async (loop) => {
      const callback = vi.fn();
      loop.callSoon(callback).cancel();
      loop.callLater(0, callback).cancel();
      expect(loop.statistics().timers).toBe(0);
      await onePass(loop);
      expect(callback).not.toHaveBeenCalled();
    }));

  it("test_call_soon: gives a handle, and calls with the arguments", () =>
    withLoop(backend, async (loop) => {
      const callback = vi.fn();
      const handle = loop.callSoon(callback, 1, "two");
      expect([handle instanceof Handle, handle instanceof TimerHandle]).toEqual([true, false]);
      expect(loop.statistics().ready).toBe(1);
      await onePass(loop);
      expect(callback.mock.calls).toEqual([[1, "two"]]);
    }));

  it("test_call_soon_non_callable: what cannot be called is a TypeError", () =>
    withLoop(backend, (loop) => {
      loop.setDebug(true);
      expect(label(thrownBy(() => loop.callSoon(1 as never)))).toMatch(/^TypeError: a callable object/);
    }));

  it("test_call_later: gives a timer handle, and refuses a delay that is no number", () =>
    withLoop(backend, (loop) => {
      const handle = loop.callLater(10, nothing);
      expect(handle).toBeInstanceOf(TimerHandle);
      expect(loop.statistics()).toMatchObject({ ready: 0, timers: 1 });
      for (const delay of [null, undefined, "1"]) {
        expect(thrownBy(() => loop.callLater(delay as never, nothing))).toBeInstanceOf(TypeError);
      }
    }));

  it("test_call_later_negative_delays: the earlier deadline comes first, also in the past", () =>
    withLoop(backend, async (loop) => {
      const calls: string[] = [];
      const note = (name: string): void => void calls.push(name);
      loop.callLater(-1, note, "a");
      loop.callLater(-2, note, "b");
      await onePass(loop);
      expect(calls).toEqual(["b", "a"]);
    }));

  it("test_time_and_call_at: called once the loop's clock is there, and refuses a time that is no number", () =>
    withLoop(
      backend,
      async (loop) => {
        const start = loop.time();
        loop.callAt(start + 0.1, () => loop.stop());
        await loop.runForever();
        expect(loop.time() - start).toBeCloseTo(0.1, 9);
        expect(thrownBy(() => loop.callAt(null as never, nothing))).toBeInstanceOf(TypeError);
      },
      new VirtualClock({ start: 1000 }),
    ));

  it("test_time_and_call_at: nor is the real clock early", () =>
    withLoop(backend, async (loop) => {
      const when = loop.time() + 0.01;
      loop.callAt(when, () => loop.stop());
      await loop.runForever();
      expect(loop.time()).toBeGreaterThanOrEqual(when);
    }));

  it("test__run_once: a cancelled timer does not wake the loop", () => {
    const deadlines: number[] = [];
    const clock = new VirtualClock();
    const watched: Clock = {
      time: () => clock.time(),
      idle: (deadline, wake) => {
        deadlines.push(deadline);
        return clock.idle(deadline, wake);
      },
    };
    return withLoop(
      backend,
      async (loop) => {
        loop.callLater(5, nothing).cancel();
        loop.callLater(10, () => loop.stop());
        await loop.runForever();
        expect(deadlines).toEqual([10]);
        expect(loop.time()).toBe(10);
      },
      watched,
    );
  });

  it("test__run_once_schedule_handle: what a due timer schedules waits for the next pass", () =>
    withLoop(backend, async (loop) => {
      const log: string[] = [];
      loop.callLater(-1, () => {
        log.push("timer");
        loop.callSoon(() => log.push("next"));
      });
      await onePass(loop);
      expect(log).toEqual(["timer"]);
      expect(loop.statistics().ready).toBe(1);
      await onePass(loop);
      expect(log).toEqual(["timer", "next"]);
    }));

  it("test__run_once_cancelled_event_cleanup: cancelled timers are cleared away, however many, and the others are not", () =>
    withLoop(
      backend,
      async (loop) => {
        const fired: string[] = [];
        const note = (name: string): void => void fired.push(name);
        loop.callLater(3000, note, "first");
        for (let i = 0; i < 4; i++) loop.callLater(i % 2 === 0 ? 3600 : 100, note, "cancelled").cancel();
        expect(loop.statistics().timers).toBe(1);
        await onePass(loop);
        const cancelled = Array.from({ length: 500 }, () => loop.callLater(3600, note, "cancelled"));
        const kept = Array.from({ length: 50 }, () => loop.callLater(3600, note, "kept"));
        expect(loop.statistics().timers).toBe(551);
        for (const handle of cancelled) handle.cancel();
        await onePass(loop);
        expect(loop.statistics().timers).toBe(51);
        expect(kept.some((handle) => handle.cancelled())).toBe(false);
        await loop.runUntilComplete(sleep(4000));
        expect(fired).toEqual(["first", ...kept.map(() => "kept")]);
      },
      new VirtualClock(),
    ));

  it("test_set_debug: can be switched on and off", () =>
    withLoop(backend, (loop) => {
      loop.setDebug(true);
      expect(loop.getDebug()).toBe(true);
      loop.setDebug(false);
      expect(loop.getDebug()).toBe(false);
    }));

  it("test_env_var_debug: ASYNCIO_UV_DEBUG=1 switches it on for every loop that is made", () => {
    for (const [value, debug] of [
      [undefined, false],
      ["", false],
      ["1", true],
    ] as const) {
      vi.stubEnv("ASYNCIO_UV_DEBUG", value);
      const loop = newEventLoop({ backend });
      expect(loop.getDebug()).toBe(debug);
      loop.close();
    }
  });
});

describeBackends("test_base_events.BaseEventLoopWithSelectorTests", (backend) => {
  it("test_call_coroutine: in debug mode, coroutines and what makes them cannot be scheduled as callbacks", () =>
    withLoop(backend, (loop) => {
      loop.setDebug(true);
      function* simple(): Coroutine<void> {
        yield* sleep(0);
      }
      const wrapped = coroutine(simple);
      const object = wrapped();
      for (const bad of [simple, wrapped, async () => undefined, simple(), object] as (() => unknown)[]) {
        for (const schedule of [
          () => loop.callSoon(bad),
          () => loop.callSoonThreadsafe(bad),
          () => loop.callLater(60, bad),
          () => loop.callAt(loop.time() + 60, bad),
        ]) {
          expect(label(thrownBy(schedule))).toMatch(/^TypeError: coroutines cannot be used with call\w+\(\)/);
        }
      }
      object.close();
      expect(loop.statistics()).toMatchObject({ ready: 0, timers: 0 });
    }));

  it("test_log_slow_callbacks: in debug mode, callbacks and steps that take too long are told of on stderr", () =>
    withLoop(backend, async (loop) => {
      loop.setDebug(true);
      loop.slowCallbackDuration = 0;
      function stopFromCallback(): void {
        loop.stop();
      }
      const stopFromTask = coroutine(function* stopFromTask(): Coroutine<void> {
        loop.stop();
      });
      const callback = await stderrOf(() => {
        loop.callSoon(stopFromCallback);
        return loop.runForever();
      });
      expect(callback).toMatch(/Executing <Handle.*stopFromCallback.*> took .* seconds$/m);
      const task = await stderrOf(() => {
        ensureFuture(stopFromTask(), { loop });
        return loop.runForever();
      });
      expect(task).toMatch(/Executing <Task.*stopFromTask.*> took .* seconds$/m);
    }));
});
