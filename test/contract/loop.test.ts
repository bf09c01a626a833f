// The loop object: running, closing, who is the running loop, threadsafe calls, debug, ref and unref, statistics.
import { expect, it } from "vitest";
import {
  createTask,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  RuntimeError,
  setEventLoop,
  sleep,
  type EventLoop,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { label, thrownBy } from "../support/outcomes.ts";

const nothing = (): void => undefined;
const reasonOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    (value) => new Error(`it gave ${String(value)} instead of rejecting`),
    (reason: Error) => reason,
  );

describeBackends("event loop", (backend) => {
  it("says its backend in statistics(), and counts", () =>
    onLoop(backend, function* ({ loop }) {
      expect(loop.statistics()).toMatchObject({ backend, timers: 0, streams: 0, listeners: 0 });
      const before = loop.statistics();
      const timer = loop.callLater(1000, nothing);
      loop.callSoon(nothing);
      loop.callSoon(nothing);
      expect(loop.statistics()).toMatchObject({ timers: 1, ready: before.ready + 2 });
      // A turn is added to the figures when it ends.
      yield* until(() => loop.statistics().handles >= before.handles + 2, "the handles to be counted");
      expect(loop.statistics().turns).toBeGreaterThan(before.turns);
      timer.cancel();
    }));

  it("runs until an awaitable is done and gives its result or error", async () => {
    const loop = newEventLoop({ backend });
    const value = await loop.runUntilComplete(function* () {
      yield* sleep(0);
      return 5;
    });
    expect(value).toBe(5);
    const error = await reasonOf(
      loop.runUntilComplete(
        (function* () {
          yield* sleep(0);
          throw new RangeError("no");
        })(),
      ),
    );
    expect(label(error)).toBe("RangeError: no");
    const future = loop.createFuture<string>();
    loop.callSoon(() => future.setResult("from a future"));
    expect(await loop.runUntilComplete(future)).toBe("from a future");
    expect(await loop.runUntilComplete(async () => "from an async function")).toBe("from an async function");
    expect(loop.isRunning()).toBe(false);
    loop.close();
  });

  it("refuses to finish a run that was stopped before its awaitable was done", async () => {
    const loop = newEventLoop({ backend });
    const future = loop.createFuture<void>();
    loop.callSoon(() => loop.stop());
    const error = await reasonOf(loop.runUntilComplete(future));
    expect(label(error)).toBe("RuntimeError: Event loop stopped before Future completed.");
    // The stop callback of that run must not stop the next one.
    future.setResult();
    let passed = 0;
    await loop.runUntilComplete(function* () {
      for (; passed < 5; passed++) yield* sleep(0);
    });
    expect(passed).toBe(5);
    loop.close();
  });

  it("can run many times", async () => {
    const loop = newEventLoop({ backend });
    for (let i = 0; i < 20; i++) expect(await loop.runUntilComplete(sleep(0, i))).toBe(i);
    loop.close();
  });

  it("refuses to run twice, or beside another loop of the thread", async () => {
    const loop = newEventLoop({ backend });
    const other = newEventLoop({ backend });
    await loop.runUntilComplete(function* () {
      expect(loop.isRunning()).toBe(true);
      const errors = [
        yield* reasonAsCoroutine(loop.runForever()),
        yield* reasonAsCoroutine(loop.runUntilComplete(sleep(0))),
        yield* reasonAsCoroutine(other.runForever()),
        yield* reasonAsCoroutine(other.runUntilComplete(sleep(0))),
      ];
      for (const error of errors) expect(error).toBeInstanceOf(RuntimeError);
    });
    expect(other.isRunning()).toBe(false);
    await other.runUntilComplete(sleep(0));
    loop.close();
    other.close();

    function* reasonAsCoroutine(promise: Promise<unknown>) {
      let reason: Error | null = null;
      void reasonOf(promise).then((error) => (reason = error));
      yield* until(() => reason !== null, "the refusal");
      return reason;
    }
  });

  it("is the running loop of the thread only while it runs", async () => {
    const loop = newEventLoop({ backend });
    expect(thrownBy(getRunningLoop)).toBeInstanceOf(RuntimeError);
    let seenByNode: EventLoop | null = null;
    await loop.runUntilComplete(function* () {
      expect(getRunningLoop()).toBe(loop);
      expect(getEventLoop()).toBe(loop);
      setImmediate(() => (seenByNode = getRunningLoop()));
      yield* until(() => seenByNode !== null, "setImmediate");
    });
    expect(seenByNode).toBe(loop);
    expect(thrownBy(getRunningLoop)).toBeInstanceOf(RuntimeError);
    loop.close();
  });

  it("is given by getEventLoop() once set, and never made by it", async () => {
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
    const loop = newEventLoop({ backend });
    const running = newEventLoop({ backend });
    setEventLoop(loop);
    try {
      expect(getEventLoop()).toBe(loop);
      await running.runUntilComplete(function* () {
        expect(getEventLoop()).toBe(running);
        yield* sleep(0);
      });
      expect(getEventLoop()).toBe(loop);
    } finally {
      setEventLoop(null);
    }
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
    loop.close();
    running.close();
  });

  it("refuses everything after close(), which is idempotent and impossible while it runs", async () => {
    const loop = newEventLoop({ backend });
    await loop.runUntilComplete(function* () {
      expect(thrownBy(() => loop.close())).toBeInstanceOf(RuntimeError);
      yield* sleep(0);
    });
    expect(loop.isClosed()).toBe(false);
    loop.close();
    loop.close();
    expect(loop.isClosed()).toBe(true);
    expect(loop.isRunning()).toBe(false);
    for (const call of [
      () => loop.callSoon(nothing),
      () => loop.callSoonThreadsafe(nothing),
      () => loop.callLater(1, nothing),
      () => loop.callAt(1, nothing),
    ]) {
      expect(label(thrownBy(call))).toBe("RuntimeError: Event loop is closed");
    }
    expect(await reasonOf(loop.runForever())).toBeInstanceOf(RuntimeError);
    const coroutine = (function* () {
      yield* sleep(0);
    })();
    expect(await reasonOf(loop.runUntilComplete(coroutine))).toBeInstanceOf(RuntimeError);
    expect(typeof loop.time()).toBe("number");
  });

  it("is woken by callSoonThreadsafe() and by callSoon() from Node's callbacks while it sleeps", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const done = loop.createFuture<void>();
      setTimeout(() => {
        loop.callSoonThreadsafe((name: string) => log.push(name), "threadsafe");
        loop.callSoon(() => log.push("soon"));
        loop.callSoon(() => done.setResult());
      }, 2);
      yield* done;
      expect(log).toEqual(["threadsafe", "soon"]);
    }));

  it("takes tasks, timers and results from Node's callbacks while it sleeps", () =>
    onLoop(backend, function* ({ loop }) {
      const timerFired = loop.createFuture<string>();
      const plain = loop.createFuture<string>();
      const fromTask = loop.createFuture<string>();
      setTimeout(() => loop.callLater(0.001, () => timerFired.setResult("timer")), 1);
      expect(yield* timerFired).toBe("timer");
      setTimeout(() => plain.setResult("plain"), 1);
      expect(yield* plain).toBe("plain");
      setTimeout(() => {
        createTask(function* () {
          yield* sleep(0);
          fromTask.setResult("task");
        });
      }, 1);
      expect(yield* fromTask).toBe("task");
      yield* passes(2);
    }));

  it("has a debug flag, and keeps slow callbacks' limit in seconds", async () => {
    const loop = newEventLoop({ backend });
    expect(loop.getDebug()).toBe(false);
    loop.setDebug(true);
    expect(loop.getDebug()).toBe(true);
    expect(loop.slowCallbackDuration).toBe(0.1);
    loop.setDebug(false);
    expect(loop.getDebug()).toBe(false);
    loop.close();
  });

  it("gives itself back from ref() and unref()", () =>
    onLoop(backend, function* ({ loop }) {
      expect(loop.unref()).toBe(loop);
      expect(loop.ref()).toBe(loop);
      yield* sleep(0);
    }));

  it("says what it is in toString()", async () => {
    const loop = newEventLoop({ backend });
    expect(String(loop)).toMatch(/EventLoop/);
    expect(String(loop)).toContain(backend);
    loop.close();
    expect(String(loop)).toMatch(/closed/);
  });
});
