// Counterparts of CPython's test_tasks: asCompleted(), as a plain iterator and as an asynchronous one.
import { expect, it } from "vitest";
import {
  asCompleted,
  type AsCompleted,
  type AsCompletedOptions,
  type Completed,
  type Coroutine,
  type CoroutineLike,
  createTask,
  ensureFuture,
  type Future,
  RuntimeError,
  sleep,
  Task,
  TimeoutError,
  wait,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

function* echo<T>(value: T): Coroutine<T> {
  return value;
}

/** Goes on with `it` until `enough` results are there, in the one way or the other. */
type Loop = <T>(it: AsCompleted<CoroutineLike<T>>, results: T[], enough?: number) => CoroutineLike<void>;

const loops: Record<string, Loop> = {
  *for(it, results, enough = Infinity) {
    for (const next of it) {
      results.push((yield* next) as never);
      if (results.length === enough) break;
    }
  },
  *anext(it, results, enough = Infinity) {
    for (let step; !(step = yield* it.anext()).done;) {
      expect(step.value.done()).toBe(true);
      results.push((yield* step.value) as never);
      if (results.length === enough) break;
    }
  },
  "for await": (it, results, enough = Infinity) =>
    (async () => {
      // After the plain `for` above, TypeScript believes that this one goes over results as well.
      for await (const future of it as unknown as AsyncIterable<Completed<Future<never>>>) {
        expect(future.done()).toBe(true);
        results.push(future.result());
        if (results.length === enough) break;
      }
    }) as never,
};

/** All results, with TimeoutError where the time was up. */
function* collect<T>(
  how: Loop,
  aws: Iterable<CoroutineLike<T>>,
  options?: AsCompletedOptions,
): Coroutine<unknown[]> {
  const results: unknown[] = [];
  try {
    yield* createTask(how(asCompleted(aws, options), results));
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    results.push("TimeoutError");
  }
  return results;
}

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  for (const [name, how] of Object.entries(loops)) {
    it(`test_as_completed: gives results as they come (${name})`, () =>
      onVirtualLoop(backend, function* ({ clock }) {
        const aws = [sleep(0.01, "b"), sleep(0.15, "c"), sleep(0.01, "a")];
        expect(yield* collect(how, aws)).toEqual(["b", "a", "c"]);
        expect(clock.time()).toBe(0.15);
      }));

    it(`test_as_completed_with_timeout: a time limit throws TimeoutError and cancels nothing (${name})`, () =>
      onVirtualLoop(backend, function* ({ clock }) {
        const a = createTask(sleep(0.1, "a"));
        const b = createTask(sleep(0.15, "b"));
        expect(yield* collect(how, [a, b], { timeout: 0.12 })).toEqual(["a", "TimeoutError"]);
        expect(clock.time()).toBe(0.12);
        expect([a.done(), b.done(), b.cancelling()]).toEqual([true, false, 0]);
        yield* wait([a, b]);
        expect(b.result()).toBe("b");
      }));

    it(`test_as_completed_with_unused_timeout: a time limit that is not reached leaves no timer (${name})`, () =>
      onVirtualLoop(backend, function* ({ loop, clock }) {
        expect(yield* collect(how, [sleep(0.01, "a")], { timeout: 1 })).toEqual(["a"]);
        expect([clock.time(), loop.statistics().timers]).toEqual([0.01, 0]);
      }));

    it(`test_as_completed_resume_iterator: a loop that was left is gone on with in another (${name})`, () =>
      onLoop(backend, function* () {
        const it = asCompleted([echo(0), echo(1), echo(2), echo(3)]);
        const results: number[] = [];
        yield* createTask(how(it, results, 2));
        expect(results).toEqual([0, 1]);
        yield* createTask(how(it, results));
        expect(results).toEqual([0, 1, 2, 3]);
      }));

    it(`test_as_completed_duplicate_coroutines: what is given twice runs and comes once (${name})`, () =>
      onLoop(backend, function* () {
        const ham = echo("ham");
        expect(yield* collect(how, [ham, ham, echo("spam")])).toEqual(["ham", "spam"]);
      }));
  }

  it("test_as_completed_same_tasks_in_as_out: tasks come out as they are, coroutines as tasks of theirs", () =>
    onLoop(backend, function* ({ loop }) {
      function* out(aws: CoroutineLike<unknown>[]): Coroutine<unknown[]> {
        const items: unknown[] = [];
        const it = asCompleted(aws);
        for (let step; !(step = yield* it.anext()).done;) items.push(step.value);
        return items;
      }
      const coroutines = [echo(0), echo(1)];
      const made = yield* out(coroutines);
      expect(made.map((item) => item instanceof Task)).toEqual([true, true]);

      const [a, c] = [echo("a"), echo("c")];
      const [b, d] = [createTask(echo("b")), createTask(echo("d"))];
      const future = loop.createFuture<string>();
      future.setResult("future");
      const given: unknown[] = [a, b, c, d, future];
      const items = yield* out(given as CoroutineLike<unknown>[]);
      expect(items.length).toBe(5);
      expect(items.map((item) => given.indexOf(item))).toEqual([4, 1, 3, -1, -1]);
    }));

  it("test_as_completed_reverse_wait: whichever item is awaited first gets the first result", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const items = [...asCompleted([sleep(0.05, "a"), sleep(0.1, "b")])];
      expect(items.length).toBe(2);
      expect(yield* items[1]!).toBe("a");
      expect(clock.time()).toBe(0.05);
      expect(yield* items[0]!).toBe("b");
      expect(clock.time()).toBe(0.1);
    }));

  it("test_as_completed_concurrent: several items can be awaited at once", () =>
    onVirtualLoop(backend, function* () {
      const [one, two] = [...asCompleted([sleep(0.05, "a"), sleep(0.05, "b")])];
      const [done] = yield* wait([ensureFuture(two!), ensureFuture(one!)]);
      expect([...done].map((future) => future.result())).toEqual(["a", "b"]);

      const it = asCompleted([sleep(0.05, "a"), sleep(0.05, "b")]);
      const steps = [createTask(it.anext()), createTask(it.anext()), createTask(it.anext())];
      yield* wait(steps);
      expect(steps.map((step) => step.result().value?.result())).toEqual(["a", "b", undefined]);
    }));

  it("test_as_completed_coroutine_without_loop: refuses to start anything without a loop", () => {
    let ran = false;
    function* body(): Coroutine<void> {
      ran = true;
    }
    expect(thrownBy(() => asCompleted([body()]))).toBeInstanceOf(RuntimeError);
    expect(ran).toBe(false);
  });

  it("test_as_completed_coroutine_use_running_loop: uses the running loop", () =>
    onLoop(backend, function* () {
      const items = [...asCompleted([echo(42)])];
      expect(items.length).toBe(1);
      expect(yield* items[0]!).toBe(42);
    }));

  it("test_as_completed_invalid_args: one future or one coroutine is refused", () =>
    onLoop(backend, function* ({ loop }) {
      for (const value of [loop.createFuture(), sleep(0), passes(1), Promise.resolve(), 1, undefined]) {
        const error = thrownBy(() => asCompleted(value as never));
        expect(label(error)).toMatch(/^TypeError: asCompleted\(\) takes a list/);
      }
    }));
});
