// Counterparts of CPython's test_tasks: wait().
import { expect, it } from "vitest";
import {
  ALL_COMPLETED,
  CancelledError,
  type Coroutine,
  createTask,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type Future,
  type ReturnWhen,
  sleep,
  wait,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label } from "../../support/outcomes.ts";

function* echo<T>(value: T): Coroutine<T> {
  return value;
}

function* failing(after: number): Coroutine<never> {
  if (after > 0) yield* sleep(after);
  throw new Error("really");
}

type Sets = [done: Set<Future<unknown>>, pending: Set<Future<unknown>>];

/** The very futures, in their order. */
function expectSets(sets: Sets, done: Future<unknown>[], pending: Future<unknown>[]): void {
  const all = [...done, ...pending];
  const at = (set: Set<Future<unknown>>) => [...set].map((future) => all.indexOf(future));
  expect(sets.map(at)).toEqual([done.map((_, i) => i), pending.map((_, i) => done.length + i)]);
}

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_wait: both sleepers are done, at the time of the later; done futures take no time", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(0.1));
      const b = createTask(sleep(0.15));
      function* both(): Coroutine<number> {
        expectSets(yield* wait([b, a]), [b, a], []);
        return 42;
      }
      expect(yield* createTask(both())).toBe(42);
      expect(clock.time()).toBe(0.15);
      expect(yield* createTask(both())).toBe(42);
      expect(clock.time()).toBe(0.15);
    }));

  it("test_wait_duplicate_coroutines: a task that is given twice is one member of the result", () =>
    onLoop(backend, function* () {
      const c = createTask(echo("test"));
      const [done, pending] = yield* createTask(wait([c, c, createTask(echo("spam"))]));
      expect(pending.size).toBe(0);
      expect([...done].map((task) => task.result())).toEqual(["test", "spam"]);
    }));

  it("test_wait_errors: nothing to wait for and an unknown returnWhen are refused", () =>
    onLoop(backend, function* () {
      expect(yield* errorOf(wait(new Set<Future<void>>()))).toBeInstanceOf(RangeError);
      const coroutine = sleep(10) as unknown as Future<void>;
      expect(yield* errorOf(wait([coroutine], { returnWhen: -1 as unknown as ReturnWhen }))).toBeInstanceOf(
        RangeError,
      );
    }));

  it("test_wait_first_completed: ends with the first that is done; the other goes on", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(10));
      const b = createTask(sleep(0.1));
      expectSets(yield* createTask(wait([b, a], { returnWhen: FIRST_COMPLETED })), [b], [a]);
      expect([a.done(), b.done(), b.result()]).toEqual([false, true, undefined]);
      expect(clock.time()).toBe(0.1);
      yield* wait([a, b]);
    }));

  it("test_wait_really_done: what is done when the wait ends counts, though its callback has not run yet", () =>
    onLoop(backend, function* () {
      const a = createTask(passes(1));
      const b = createTask(passes(2));
      expectSets(yield* createTask(wait([b, a], { returnWhen: FIRST_COMPLETED })), [b, a], []);
      expect([a.result(), b.result()]).toEqual([undefined, undefined]);
    }));

  it("test_wait_first_exception: a task that fails at once ends the wait in no time", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(10));
      const b = createTask(failing(0));
      expectSets(yield* createTask(wait([b, a], { returnWhen: FIRST_EXCEPTION })), [b], [a]);
      expect(clock.time()).toBe(0);
      yield* wait([a, b]);
    }));

  it("test_wait_first_exception_in_wait: a task that fails later ends the wait then", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(10));
      const b = createTask(failing(0.01));
      expectSets(yield* wait([b, a], { returnWhen: FIRST_EXCEPTION }), [b], [a]);
      expect(clock.time()).toBe(0.01);
      yield* wait([a, b]);
    }));

  it("test_wait_with_exception: errors stay in the tasks, however often they are waited for", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(0.1));
      const b = createTask(failing(0.15));
      function* both(): Coroutine<void> {
        const [done, pending] = yield* wait([b, a]);
        expect([done.size, pending.size]).toEqual([2, 0]);
        expect([...done].map((task) => task.exception() !== null)).toEqual([true, false]);
      }
      yield* createTask(both());
      expect(clock.time()).toBe(0.15);
      yield* createTask(both());
      expect(clock.time()).toBe(0.15);
    }));

  it("test_wait_with_timeout: gives what is done by then, and cancels nothing", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(0.1));
      const b = createTask(sleep(0.15));
      expectSets(yield* wait([b, a], { timeout: 0.11 }), [a], [b]);
      expect([clock.time(), b.cancelling()]).toEqual([0.11, 0]);
      yield* wait([a, b]);
    }));

  it("test_wait_concurrent_complete: a task that ends at the very time of the timeout is done", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(0.1));
      const b = createTask(sleep(0.15));
      expectSets(yield* createTask(wait([b, a], { timeout: 0.1 })), [a], [b]);
      expect(clock.time()).toBe(0.1);
      yield* wait([a, b]);
    }));

  it("test_wait_with_iterator_of_tasks: takes an iterator", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const a = createTask(sleep(0.1));
      const b = createTask(sleep(0.15));
      expectSets(yield* wait([b, a].values()), [b, a], []);
      expect(clock.time()).toBe(0.15);
    }));

  it("test_wait_generator: takes a generator, and runs it when it is awaited", () =>
    onLoop(backend, function* () {
      let made = 0;
      function* tasks() {
        for (; made < 10; made++) yield createTask(echo(made));
      }
      const waiting = wait(tasks(), { returnWhen: ALL_COMPLETED });
      expect(made).toBe(0);
      const [done, pending] = yield* waiting;
      expect([done.size, pending.size]).toEqual([10, 0]);
      expect([...done].map((task) => task.result())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }));

  it("test_yield_wait_does_not_shield_cancel: cancelling who waits ends the wait and leaves the task alone", () =>
    onLoop(backend, function* ({ loop }) {
      let proof = 0;
      const waiter = loop.createFuture<void>();
      function* inner(): Coroutine<void> {
        yield* waiter;
        proof += 1;
      }
      const outer = createTask(function* () {
        yield* wait([createTask(inner())]);
        proof += 100;
      });
      yield* passes(2);
      outer.cancel();
      expect(yield* errorOf(outer)).toBeInstanceOf(CancelledError);
      waiter.setResult();
      yield* passes(1);
      expect(proof).toBe(1);
    }));

  it("test_wait_invalid_args: one future, one coroutine and an empty list are refused", () =>
    onLoop(backend, function* ({ loop }) {
      const bad: unknown[] = [loop.createFuture(), sleep(0), echo(1), passes(1), Promise.resolve(), 1, null];
      for (const [i, value] of bad.entries()) {
        const error = yield* errorOf(wait(value as Future<void>[]));
        // A generator that yields nothing may be one of futures as well as a coroutine.
        expect(error).toBeInstanceOf(i === 2 ? RangeError : TypeError);
      }
      expect(yield* errorOf(wait([]))).toBeInstanceOf(RangeError);
      const coroutines = [sleep(0), passes(1), passes, Promise.resolve(), 1];
      for (const coroutine of coroutines) {
        expect(label(yield* errorOf(wait([coroutine as unknown as Future<void>])))).toMatch(
          /^TypeError: wait/,
        );
      }
    }));
});
