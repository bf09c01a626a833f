// asCompleted(): fairness among those who wait, time limits, mistakes, and that nobody is left waiting.
import { expect, it } from "vitest";
import {
  asCompleted,
  CancelledError,
  type Coroutine,
  createTask,
  Future,
  newEventLoop,
  sleep,
  TimeoutError,
} from "../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../support/backends.ts";
import { callbackCount } from "../support/callbacks.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("asCompleted()", (backend) => {
  it("starts everything at once, awaited or not", () =>
    onLoop(backend, function* () {
      const started: number[] = [];
      const body = (n: number) =>
        function* (): Coroutine<void> {
          started.push(n);
        };
      const it = asCompleted([body(1), body(2), async () => void started.push(3)]);
      yield* passes(1);
      expect(started).toEqual([1, 2, 3]);
      expect([...it].length).toBe(3);
    }));

  it("gives errors and cancellations where a result would be", () =>
    onLoop(backend, function* ({ loop }) {
      const [a, b, c] = [
        loop.createFuture<number>(),
        loop.createFuture<number>(),
        loop.createFuture<number>(),
      ];
      a.setException(new Error("bad"));
      b.cancel("why");
      c.setResult(1);
      const seen: string[] = [];
      for (const next of asCompleted([a, b, c])) {
        try {
          seen.push(String(yield* next));
        } catch (error) {
          seen.push(label(error));
        }
      }
      expect(seen).toEqual(["Error: bad", "CancelledError: why", "1"]);
    }));

  it("of nothing is over at once", () =>
    onLoop(backend, function* ({ loop }) {
      const it = asCompleted([], { timeout: 10 });
      expect([...it]).toEqual([]);
      expect(yield* it.anext()).toEqual({ done: true, value: undefined });
      expect(loop.statistics().timers).toBe(0);
    }));

  it("both ways of looping count down the same completions", () =>
    onLoop(backend, function* () {
      const it = asCompleted([sleep(0, 1), sleep(0, 2), sleep(0, 3)]);
      const first = it.next();
      const second = yield* it.anext();
      expect([second.done, second.value?.result()]).toEqual([false, 1]);
      expect(yield* first.value!).toBe(2);
      expect((yield* it[Symbol.asyncIterator]().next()).value?.result()).toBe(3);
      expect(it.next()).toEqual({ done: true, value: undefined });
      expect(yield* it.anext()).toEqual({ done: true, value: undefined });
    }));

  it("results go to those who wait, oldest first", () =>
    onLoop(backend, function* ({ loop }) {
      const futures = [1, 2, 3].map(() => loop.createFuture<number>());
      const items = [...asCompleted(futures)];
      const log: string[] = [];
      const tasks = [2, 0, 1].map((i) =>
        createTask(function* () {
          log.push(`item ${i} got ${yield* items[i]!}`);
        }),
      );
      yield* passes(1);
      for (const [i, future] of futures.entries()) future.setResult(i);
      for (const task of tasks) yield* task;
      expect(log).toEqual(["item 2 got 0", "item 0 got 1", "item 1 got 2"]);
    }));

  it("who is cancelled takes no result with him, even when he was woken for it", () =>
    onLoop(backend, function* ({ loop }) {
      for (const woken of [false, true]) {
        const future = loop.createFuture<string>();
        const [one, two] = [...asCompleted([future, loop.createFuture<string>()])];
        const cancelled = createTask(one!);
        const patient = createTask(two!);
        yield* passes(1);
        if (woken) {
          future.setResult("kept");
          yield* passes(1);
        }
        cancelled.cancel();
        expect(yield* errorOf(cancelled)).toBeInstanceOf(CancelledError);
        if (!woken) future.setResult("kept");
        expect(yield* patient).toBe("kept");
      }
    }));

  it("a coroutine that is closed while it waits gives its place up", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      const [one, two] = [...asCompleted([future, loop.createFuture<string>()])];
      const closed = (function* (): Coroutine<void> {
        yield* one!;
      })();
      closed.next();
      const patient = createTask(two!);
      yield* passes(1);
      closed.return();
      future.setResult("kept");
      expect(yield* patient).toBe("kept");
    }));

  it("after the time limit all that is left is TimeoutErrors; the futures go on and nobody waits for them", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const [a, b] = [loop.createFuture<number>(), loop.createFuture<number>()];
      const it = asCompleted([sleep(1, 0), a, b], { timeout: 2 });
      const seen: string[] = [];
      for (const next of it) {
        const task = createTask(next);
        yield* errorOf(task);
        seen.push(task.exception() === null ? String(task.result()) : label(task.exception()));
      }
      expect(seen).toEqual(["0", "TimeoutError: ", "TimeoutError: "]);
      expect([clock.time(), callbackCount(a), callbackCount(b)]).toEqual([2, 0, 0]);
      expect([a.done(), loop.statistics().timers]).toEqual([false, 0]);
    }));

  it("a completion in the same pass as the time limit comes too late", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      loop.callLater(1, () => future.setResult("just in time"));
      const it = asCompleted([future, loop.createFuture<string>()], { timeout: 1 });
      yield* sleep(5);
      const [first, second] = [...it];
      // The timer of the limit comes after that of the result, but before the result's callback.
      expect(yield* errorOf(first!)).toBeInstanceOf(TimeoutError);
      expect(yield* errorOf(second!)).toBeInstanceOf(TimeoutError);
      expect(future.result()).toBe("just in time");
    }));

  it("each item can be awaited once", () =>
    onLoop(backend, function* () {
      const [item] = [...asCompleted([sleep(0, 1)])];
      const waiting = createTask(item!);
      yield* passes(1);
      expect(label(yield* errorOf(item!))).toBe("RuntimeError: coroutine is being awaited already");
      expect(yield* waiting).toBe(1);
      expect(label(yield* errorOf(item!))).toBe("RuntimeError: cannot reuse already awaited coroutine");
    }));

  it("refuses what cannot be awaited, futures of another loop, and bad options", async () => {
    const other = newEventLoop({ backend });
    await onLoop(backend, function* () {
      for (const bad of [1, null, {}, "text"]) {
        expect(thrownBy(() => asCompleted([bad as never]))).toBeInstanceOf(TypeError);
      }
      expect(thrownBy(() => asCompleted([new Future({ loop: other })]))).toBeInstanceOf(RangeError);
      expect(thrownBy(() => asCompleted([], { timeout: "1" as never }))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => asCompleted([], { timeout: NaN }))).toBeInstanceOf(RangeError);
      expect(thrownBy(() => asCompleted([], 1 as never))).toBeInstanceOf(TypeError);
    });
    other.close();
  });

  it("5 000 awaitables in the order they end in", () =>
    onVirtualLoop(backend, function* () {
      const count = 5000;
      const aws = Array.from({ length: count }, (_, i) => sleep(count - i, i));
      const results: number[] = [];
      for (const next of asCompleted(aws)) results.push(yield* next);
      expect(results).toEqual(Array.from({ length: count }, (_, i) => count - 1 - i));
    }));
});
