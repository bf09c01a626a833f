// Counterparts of CPython's test_waitfor: timeouts, cancellations, and both at once.
import { expect, it } from "vitest";
import {
  CancelledError,
  type Coroutine,
  createTask,
  getRunningLoop,
  sleep,
  TimeoutError,
  wait,
  waitFor,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf } from "../../support/outcomes.ts";

/** Runs for 0.2 seconds, whoever wants to cancel it. */
class SlowTask {
  static readonly SECONDS = 0.2;
  exited = false;

  *run(): Coroutine<void> {
    const loop = getRunningLoop();
    const end = loop.time() + SlowTask.SECONDS;
    while (loop.time() < end) {
      try {
        yield* sleep(end - loop.time());
      } catch (error) {
        expect(error).toBeInstanceOf(CancelledError);
      }
    }
    this.exited = true;
  }
}

/** A coroutine that would sleep for ever, and notes whether it runs. */
function sleeper(): { running: boolean | null; run: () => Coroutine<string> } {
  const state = {
    running: null as boolean | null,
    *run(): Coroutine<string> {
      state.running = true;
      try {
        yield* sleep(300);
      } finally {
        state.running = false;
      }
      return "done";
    },
  };
  return state;
}

describeBackends("test_waitfor.AsyncioWaitForTest", (backend) => {
  it("test_asyncio_wait_for_cancelled: a cancelled wait lasts until what it waits for has ended", () =>
    onVirtualLoop(backend, function* () {
      const slow = new SlowTask();
      const waiting = createTask(waitFor(slow.run(), SlowTask.SECONDS * 2));
      yield* sleep(0);
      waiting.cancel();
      yield* wait([waiting]);
      expect(slow.exited).toBe(true);
    }));

  it("test_asyncio_wait_for_timeout: so does one whose time is up", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const slow = new SlowTask();
      yield* waitFor(slow.run(), SlowTask.SECONDS / 2);
      expect([slow.exited, clock.time()]).toEqual([true, SlowTask.SECONDS]);
    }));

  it("test_wait_for_timeout_less_then_0_or_0_future_done: no time is enough for a future that is done", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      future.setResult("done");
      expect(yield* waitFor(future, 0)).toBe("done");
      expect(future.done()).toBe(true);
    }));

  it("test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started: in no time, no coroutine is started", () =>
    onVirtualLoop(backend, function* () {
      let started = false;
      function* foo(): Coroutine<void> {
        started = true;
      }
      expect(yield* errorOf(waitFor(foo(), 0))).toBeInstanceOf(TimeoutError);
      expect(yield* errorOf(waitFor(foo, 0))).toBeInstanceOf(TimeoutError);
      expect(yield* errorOf(waitFor(async () => (started = true), -1))).toBeInstanceOf(TimeoutError);
      expect(started).toBe(false);
    }));

  it("test_wait_for_timeout_less_then_0_or_0: a running task is cancelled, and its end waited for", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      for (const timeout of [0, -1]) {
        const foo = sleeper();
        const task = createTask(foo.run());
        yield* passes(1);
        expect(foo.running).toBe(true);
        expect(yield* errorOf(waitFor(task, timeout))).toBeInstanceOf(TimeoutError);
        expect([task.done(), task.cancelled(), foo.running]).toEqual([true, true, false]);
      }
      expect(loop.time()).toBe(0);
    }));

  it("test_wait_for: the same after a time", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const foo = sleeper();
      const task = createTask(foo.run());
      expect(yield* errorOf(waitFor(task, 0.1))).toBeInstanceOf(TimeoutError);
      expect([task.done(), task.cancelled(), foo.running]).toEqual([true, true, false]);
      expect(clock.time()).toBe(0.1);
    }));

  it("test_wait_for_blocking: null is no limit", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      expect(yield* waitFor(sleep(1000, "done"), null)).toBe("done");
      expect(clock.time()).toBe(1000);
    }));

  it("test_wait_for_race_condition: a result that is set while it waits is given", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const future = loop.createFuture<string>();
      const waiting = waitFor(future, 0.2);
      loop.callSoon(() => future.setResult("ok"));
      expect(yield* waiting).toBe("ok");
      expect([clock.time(), loop.statistics().timers]).toEqual([0, 0]);
    }));

  it("test_wait_for_cancellation_race_condition: a coroutine that catches its cancellation gives its result", () =>
    onVirtualLoop(backend, function* () {
      function* inner(): Coroutine<number> {
        expect(yield* errorOf(sleep(1))).toBeInstanceOf(CancelledError);
        return 1;
      }
      expect(yield* waitFor(inner(), 0.01)).toBe(1);
    }));

  /** Takes a while to clean up when it is cancelled. */
  function cleaner(): { done: boolean; run: () => Coroutine<void> } {
    const state = {
      done: false,
      *run(): Coroutine<void> {
        try {
          yield* sleep(10);
        } catch (error) {
          yield* sleep(0.5);
          throw error;
        } finally {
          state.done = true;
        }
      },
    };
    return state;
  }

  it("test_wait_for_waits_for_task_cancellation: TimeoutError comes after the clean-up, with its cause", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const inner = cleaner();
      const error = yield* errorOf(waitFor(createTask(inner.run()), 0.1));
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.cause).toBeInstanceOf(CancelledError);
      expect([inner.done, clock.time()]).toEqual([true, 0.6]);
    }));

  it("test_wait_for_waits_for_task_cancellation_w_timeout_0: the same in no time", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const inner = cleaner();
      const task = createTask(inner.run());
      yield* sleep(0.1);
      const error = yield* errorOf(waitFor(task, 0));
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.cause).toBeInstanceOf(CancelledError);
      expect([inner.done, clock.time()]).toEqual([true, 0.6]);
    }));

  it("test_wait_for_reraises_exception_during_cancellation: another error from the clean-up stands", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const task = createTask(function* () {
        yield* errorOf(sleep(0.2));
        throw new SyntaxError("foo");
      });
      expect(yield* errorOf(waitFor(task, 0.1))).toBeInstanceOf(SyntaxError);
      expect(clock.time()).toBe(0.1);
    }));

  function* cancelWhileWaiting(timeout: number | null): Coroutine<void> {
    const loop = getRunningLoop();
    const task = createTask(function* () {
      yield* loop.createFuture<void>();
    });
    const waiting = createTask(waitFor(task, timeout));
    loop.callSoon(() => waiting.cancel());
    expect(yield* errorOf(waiting)).toBeInstanceOf(CancelledError);
    // Whoever is cancelled cancels what it waits for.
    expect(task.cancelled()).toBe(true);
    expect(loop.statistics().timers).toBe(0);
  }

  it("test_cancel_blocking_wait_for: cancelled without a limit", () =>
    onVirtualLoop(backend, function* () {
      yield* cancelWhileWaiting(null);
    }));

  it("test_cancel_wait_for: cancelled within its limit", () =>
    onVirtualLoop(backend, function* () {
      yield* cancelWhileWaiting(60);
    }));

  it("test_wait_for_cancel_suppressed: a coroutine that catches the cancellation and returns has its result", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      function* return42(): Coroutine<number> {
        try {
          yield* sleep(10);
        } catch (error) {
          if (error instanceof CancelledError) return 42;
        }
        return 0;
      }
      expect(yield* waitFor(return42(), 0.1)).toBe(42);
      expect(clock.time()).toBe(0.1);
    }));

  it("test_wait_for_issue86296: a cancellation that comes together with the result wins", () =>
    onVirtualLoop(backend, function* () {
      function* inner(): Coroutine<string> {
        return "done";
      }
      const innerTask = createTask(inner());
      let reachedEnd = false;
      const task = createTask(function* () {
        yield* waitFor(innerTask, 100);
        yield* sleep(1);
        reachedEnd = true;
      });
      expect(task.done()).toBe(false);
      yield* sleep(0);
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(innerTask.done()).toBe(true);
      expect(yield* innerTask).toBe("done");
      expect(reachedEnd).toBe(false);
    }));
});
