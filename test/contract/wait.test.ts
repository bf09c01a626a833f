// wait(): what it gives, what it refuses, and that nobody is left waiting on futures that outlive it.
import { expect, it } from "vitest";
import {
  ALL_COMPLETED,
  CancelledError,
  coroutine,
  type Coroutine,
  createTask,
  eagerTaskFactory,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  newEventLoop,
  type ReturnWhen,
  RuntimeError,
  sleep,
  wait,
} from "../../lib/index.ts";
import { wasRetrieved } from "../../lib/futures/unretrieved.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../support/backends.ts";
import { callbackCount } from "../support/callbacks.ts";
import { errorOf, label } from "../support/outcomes.ts";

describeBackends("wait()", (backend) => {
  it("gives the futures in the order they were given in, tasks and futures alike", () =>
    onLoop(backend, function* ({ loop }) {
      const [a, b, c] = [loop.createFuture(), createTask(passes(9)), loop.createFuture()];
      c.setResult(1);
      const [done, pending] = yield* wait([a, b, c, b], { returnWhen: FIRST_COMPLETED });
      expect([done.size, [...done][0] === c]).toEqual([1, true]);
      expect([pending.size, [...pending][0] === a, [...pending][1] === b]).toEqual([2, true, true]);
      yield* b;
    }));

  it("gives way even when everything is done already", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      future.setResult();
      let passed = false;
      loop.callSoon(() => (passed = true));
      yield* wait([future]);
      expect(passed).toBe(true);
    }));

  it("FIRST_EXCEPTION goes on when one is cancelled, and ends when all are done", () =>
    onLoop(backend, function* () {
      const a = createTask(sleep(1000));
      const b = createTask(passes(4));
      const waiting = createTask(wait([a, b], { returnWhen: FIRST_EXCEPTION }));
      yield* passes(2);
      a.cancel();
      yield* passes(1);
      expect(waiting.done()).toBe(false);
      const [done, pending] = yield* waiting;
      expect([done.size, pending.size]).toEqual([2, 0]);
    }));

  it("FIRST_EXCEPTION counts the exception that ends it as seen, unless it was the last; the others look at none", () =>
    onLoop(backend, function* ({ loop }) {
      const cases: [ReturnWhen, others: number, seen: boolean][] = [
        [FIRST_EXCEPTION, 1, true],
        [FIRST_EXCEPTION, 0, false],
        [FIRST_COMPLETED, 1, false],
        [ALL_COMPLETED, 0, false],
      ];
      for (const [returnWhen, others, seen] of cases) {
        const failed = loop.createFuture();
        failed.setException(new Error("expected"));
        const futures = [failed, ...Array.from({ length: others }, () => loop.createFuture())];
        const [done] = yield* wait(futures, { returnWhen });
        expect([done.size, wasRetrieved(failed)]).toEqual([1, seen]);
        failed.exception();
      }
    }));

  it("a timeout of 0 or less, null and Infinity", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const future = loop.createFuture<void>();
      for (const timeout of [0, -1, -Infinity]) {
        const [done, pending] = yield* wait([future], { timeout });
        expect([done.size, pending.size, clock.time()]).toEqual([0, 1, 0]);
      }
      loop.callLater(5, () => future.setResult());
      for (const timeout of [null, undefined, Infinity]) {
        expect((yield* wait([future], { timeout }))[0].size).toBe(1);
      }
      expect([clock.time(), loop.statistics().timers]).toEqual([5, 0]);
    }));

  it("leaves no callback and no timer behind, however it ends", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const lasting = loop.createFuture<void>();
      const futures = (): Future<void>[] => [lasting, loop.createFuture<void>()];
      const clean = (): void => {
        expect([callbackCount(lasting), loop.statistics().timers]).toEqual([0, 0]);
      };

      const done = futures();
      loop.callSoon(() => done[1]!.setResult());
      yield* wait(done, { timeout: 10, returnWhen: FIRST_COMPLETED });
      clean();

      yield* wait(futures(), { timeout: 10 });
      clean();

      const cancelled = createTask(wait(futures(), { timeout: 10 }));
      yield* passes(1);
      expect([callbackCount(lasting), loop.statistics().timers]).toEqual([1, 1]);
      cancelled.cancel("stop");
      expect(label(yield* errorOf(cancelled))).toBe("CancelledError: stop");
      clean();

      // Cancelled when it was to go on already: the error is thrown in.
      const late = futures();
      const woken = createTask(wait(late, { timeout: 10, returnWhen: FIRST_COMPLETED }));
      yield* passes(1);
      late[1]!.setResult();
      yield* passes(1);
      woken.cancel();
      expect(yield* errorOf(woken)).toBeInstanceOf(CancelledError);
      clean();

      const closed = (function* (): Coroutine<void> {
        yield* wait(futures(), { timeout: 10 });
      })();
      closed.next();
      expect(callbackCount(lasting)).toBe(1);
      closed.return();
      clean();
    }));

  it("does nothing until it is awaited, and can be awaited once", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const waiting = wait([future]);
      yield* passes(1);
      expect(callbackCount(future)).toBe(0);
      const first = createTask(waiting);
      yield* passes(1);
      expect(label(yield* errorOf(waiting))).toBe("RuntimeError: coroutine is being awaited already");
      future.setResult();
      expect((yield* first)[0].size).toBe(1);
      expect(label(yield* errorOf(waiting))).toBe("RuntimeError: cannot reuse already awaited coroutine");
    }));

  it("refuses what is no future, with a hint; the futures of another loop; bad options", async () => {
    const other = newEventLoop({ backend });
    await onLoop(backend, function* ({ loop }) {
      const refusal = function* (value: unknown, options?: object): Coroutine<string> {
        return label(yield* errorOf(wait([value as Future<void>], options)));
      };
      expect(yield* refusal(sleep(0))).toContain("createTask()");
      expect(yield* refusal(passes)).toContain("createTask()");
      expect(yield* refusal(Promise.resolve())).toContain("wrapFuture()");
      expect(yield* refusal(new Future({ loop: other }))).toMatch(/^RangeError: .* different loop/);
      const future = loop.createFuture<void>();
      expect(yield* refusal(future, { timeout: "1" })).toMatch(/^TypeError: timeout/);
      expect(yield* refusal(future, { timeout: NaN })).toMatch(/^RangeError: timeout/);
      expect(yield* refusal(future, { returnWhen: "SOMETIMES" })).toMatch(/^RangeError: returnWhen/);
      expect(label(yield* errorOf(wait([future], 1 as never)))).toMatch(/^TypeError: the options of wait/);
      expect(label(yield* errorOf(wait("text" as never)))).toMatch(/^TypeError: wait\(\) takes a list/);
      expect(callbackCount(future)).toBe(0);
    });
    other.close();
    expect(thrownByNext(wait([]))).toBeInstanceOf(RangeError);
  });

  it("closes a coroutine that it was given by mistake", () =>
    onLoop(backend, function* ({ loop }) {
      let closed = false;
      const mistake = (function* (): Coroutine<void> {
        try {
          yield* sleep(1000);
        } finally {
          closed = true;
        }
      })();
      expect(yield* errorOf(wait(mistake as never))).toBeInstanceOf(TypeError);
      expect([closed, loop.statistics().timers]).toEqual([true, 0]);

      const stray = coroutine(function* (): Generator<never> {
        yield 5 as never;
      });
      const worse = (function* (): Coroutine<void> {
        yield* stray() as unknown as Coroutine<void>;
      })();
      expect(yield* errorOf(wait(worse as never))).toBeInstanceOf(TypeError);
      // What it yielded is not taken for something that this task has yielded.
      yield* sleep(0);
    }));

  it("in an async function, and with eager tasks", () =>
    onLoop(backend, function* ({ loop }) {
      const asynchronous = createTask(async () => {
        const tasks = [createTask(sleep(0, 1)), createTask(sleep(0, 2))];
        const [done] = await wait(tasks);
        return [...done].map((task) => task.result());
      });
      expect(yield* asynchronous).toEqual([1, 2]);
      loop.setTaskFactory(eagerTaskFactory);
      const eager = createTask(wait([createTask(sleep(0, 3)), createTask(async () => 4)]));
      expect([...(yield* eager)[0]].map((task) => task.result())).toEqual([3, 4]);
    }));

  it("10 000 futures", () =>
    onLoop(backend, function* () {
      const tasks = Array.from({ length: 10_000 }, (_, i) => createTask(sleep(0, i)));
      const [done, pending] = yield* wait(tasks);
      expect([done.size, pending.size]).toEqual([10_000, 0]);
    }));
});

/** Outside of any loop. */
function thrownByNext(waiting: { next(): unknown }): unknown {
  try {
    return waiting.next();
  } catch (error) {
    return error;
  }
}

it("wait() without a loop is a RuntimeError", () => {
  const loop = newEventLoop();
  expect(thrownByNext(wait([new Future({ loop })]))).toBeInstanceOf(RuntimeError);
  loop.close();
});
