// waitFor(): what it takes, in whose task it runs, and that nothing is lost or left behind.
import { expect, it } from "vitest";
import {
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  Queue,
  sleep,
  TimeoutError,
  waitFor,
} from "../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../support/backends.ts";
import { callbackCount } from "../support/callbacks.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("waitFor()", (backend) => {
  it("takes coroutines, functions, futures and promises", () =>
    onLoop(backend, function* ({ loop }) {
      function* generator(): Coroutine<string> {
        yield* sleep(0);
        return "generator";
      }
      const future = loop.createFuture<string>();
      loop.callSoon(() => future.setResult("future"));
      for (const limit of [null, 10]) {
        expect(yield* waitFor(generator(), limit)).toBe("generator");
        expect(yield* waitFor(generator, limit)).toBe("generator");
        expect(yield* waitFor(() => generator(), limit)).toBe("generator");
        expect(yield* waitFor(sleep(0, "library"), limit)).toBe("library");
        expect(yield* waitFor(createTask(generator()), limit)).toBe("generator");
        expect(yield* waitFor(future, limit)).toBe("future");
        expect(yield* waitFor(Promise.resolve("promise"), limit)).toBe("promise");
        expect(
          yield* waitFor(async () => {
            await sleep(0);
            return "async";
          }, limit),
        ).toBe("async");
      }
      expect(loop.statistics().timers).toBe(0);
    }));

  it("runs in the caller's own task, and as soon as that", () =>
    onLoop(backend, function* () {
      const caller = currentTask();
      const tasks: unknown[] = [];
      yield* waitFor(function* () {
        tasks.push(currentTask());
      }, 10);
      yield* waitFor(async () => {
        tasks.push(currentTask());
        await sleep(0);
        tasks.push(currentTask());
      }, 10);
      expect(tasks.map((task) => task === caller)).toEqual([true, true, true]);
    }));

  it("cuts off functions of either flavour, and promises", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const log: string[] = [];
      const cases = [
        function* (): Coroutine<void> {
          log.push(label(yield* errorOf(sleep(50))));
          throw new CancelledError("again");
        },
        async () => {
          try {
            await sleep(50);
          } catch (error) {
            log.push(label(error));
            throw error;
          }
        },
        new Promise<void>(() => {}),
      ];
      for (const aw of cases) {
        const error = yield* errorOf(waitFor<typeof aw>(aw, 0.5));
        expect(error).toBeInstanceOf(TimeoutError);
        expect(error.cause).toBeInstanceOf(CancelledError);
      }
      expect(log).toEqual(["CancelledError: ", "CancelledError: "]);
      expect(clock.time()).toBe(1.5);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("an outer time limit that comes first is not taken for its own", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const log: string[] = [];
      function* inner(): Coroutine<void> {
        log.push(`inner ${label(yield* errorOf(waitFor(sleep(50), 5)))}`);
        throw new CancelledError();
      }
      log.push(`outer ${label(yield* errorOf(waitFor(inner(), 1)))}`);
      expect(log).toEqual(["inner CancelledError: ", "outer TimeoutError: "]);
      expect([clock.time(), loop.statistics().timers]).toEqual([1, 0]);
    }));

  it("loses no item of a queue when it is cut off (gh-92824)", () =>
    onVirtualLoop(backend, function* () {
      const queue = new Queue<number>();
      const taken: number[] = [];
      const consumer = createTask(function* () {
        while (taken.length < 20) {
          try {
            taken.push(yield* waitFor(queue.get(), 1));
          } catch (error) {
            if (!(error instanceof TimeoutError)) throw error;
          }
        }
      });
      // At the very times of the time limits, and between them.
      for (let i = 0; i < 20; i++) {
        yield* sleep(0.5);
        queue.putNowait(i);
      }
      yield* consumer;
      expect(taken).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }));

  it("leaves no callback and no timer behind, however it ends", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const stubborn = createTask(function* () {
        yield* errorOf(sleep(50));
        yield* passes(6);
        return "refused";
      });
      yield* passes(1);
      // Cancelled while it waits for the end of a future that refuses to be cancelled.
      const waiting = createTask(waitFor(stubborn, 0));
      yield* passes(2);
      expect(callbackCount(stubborn)).toBe(1);
      waiting.cancel("stop");
      expect(label(yield* errorOf(waiting))).toBe("CancelledError: stop");
      expect([callbackCount(stubborn), stubborn.done(), stubborn.cancelling()]).toEqual([0, false, 1]);
      expect(yield* stubborn).toBe("refused");

      const closed = (function* (): Coroutine<void> {
        yield* waitFor(loop.createFuture(), 10);
      })();
      closed.next();
      expect(loop.statistics().timers).toBe(1);
      closed.return();
      expect(loop.statistics().timers).toBe(0);
    }));

  it("refuses what cannot be awaited, and times that are none", () =>
    onLoop(backend, function* ({ loop }) {
      for (const bad of [1, null, {}, "text", []]) {
        for (const limit of [null, 1, 0]) {
          expect(yield* errorOf(waitFor(bad as never, limit))).toBeInstanceOf(TypeError);
        }
      }
      expect(yield* errorOf(waitFor((() => 1) as never, 1))).toBeInstanceOf(TypeError);
      for (const bad of ["1", undefined, {}]) {
        expect(thrownBy(() => waitFor(sleep(0), bad as never))).toBeInstanceOf(TypeError);
      }
      expect(thrownBy(() => waitFor(sleep(0), NaN))).toBeInstanceOf(RangeError);
      expect(loop.statistics().timers).toBe(0);
    }));

  it("in an async function, and with eager tasks", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const task = createTask(async () => {
        const caught: string[] = [];
        for (const aw of [sleep(1, "in time"), sleep(100, "late")]) {
          caught.push(await waitFor(aw, 10).catch((error: Error) => error.name));
        }
        return caught;
      });
      expect(yield* task).toEqual(["in time", "TimeoutError"]);
      loop.setTaskFactory(eagerTaskFactory);
      expect(yield* waitFor(sleep(1, "eager"), 10)).toBe("eager");
      expect(yield* errorOf(waitFor(sleep(1), 0))).toBeInstanceOf(TimeoutError);
    }));
});
