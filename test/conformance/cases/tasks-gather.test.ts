// Counterparts of CPython's test_tasks: gather(), of futures and of coroutines.
import { expect, it } from "vitest";
import {
  type BackendName,
  CancelledError,
  type Coroutine,
  createTask,
  ensureFuture,
  type EventLoop,
  Future,
  gather,
  type GatherOptions,
  isfuture,
  newEventLoop,
  RuntimeError,
  setEventLoop,
  sleep,
} from "../../../lib/index.ts";
import { wasRetrieved } from "../../../lib/futures/unretrieved.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

function* echo<T>(value: T): Coroutine<T> {
  return value;
}

/** As CPython's two classes do: the futures themselves, and a coroutine around each. */
const wraps: Record<string, (future: Future<unknown>) => Future<unknown> | Coroutine<unknown>> = {
  futures: (future) => future,
  *coroutines(future) {
    return yield* future;
  },
};

/** Enough for callbacks and tasks that follow from what was set. */
const SOON = 4;

function futuresOf(loop: EventLoop, count: number): Future<unknown>[] {
  return Array.from({ length: count }, () => loop.createFuture<unknown>());
}

async function onSetLoop<T>(backend: BackendName, body: (loop: EventLoop) => Promise<T>): Promise<T> {
  const loop = newEventLoop({ backend });
  setEventLoop(loop);
  try {
    return await body(loop);
  } finally {
    setEventLoop(null);
    loop.close();
  }
}

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_cancel_gather_1: a gather() whose children are done refuses to be cancelled", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      const outer = gather(
        (function* () {
          return yield* future;
        })(),
      );
      yield* passes(1);
      let accepted: boolean | null = null;
      future.addDoneCallback(() => (accepted = outer.cancel()));
      future.setResult(42);
      expect(yield* outer).toEqual([42]);
      expect([accepted, outer.cancelled()]).toEqual([false, false]);
    }));

  it("test_cancel_gather_2: with returnExceptions too, a cancellation reaches who awaits it, message and all", () =>
    onVirtualLoop(backend, function* () {
      for (const message of [undefined, "my message"]) {
        const task = createTask(function* () {
          for (;;) yield* gather([sleep(0.05)], { returnExceptions: true });
        });
        yield* sleep(0.2);
        task.cancel(message);
        expect(label(yield* errorOf(task))).toBe(`CancelledError: ${message ?? ""}`);
      }
    }));
});

describeBackends("test_tasks.GatherTestsBase", (backend) => {
  for (const [name, wrap] of Object.entries(wraps)) {
    function* succeeds(loop: EventLoop, options?: GatherOptions): Coroutine<void> {
      const [a, b, c] = futuresOf(loop, 3);
      const outer = gather([a!, b!, c!].map(wrap), options);
      const calls: unknown[] = [];
      outer.addDoneCallback((future) => calls.push(future));
      b!.setResult(1);
      a!.setResult(2);
      yield* passes(SOON);
      expect([calls.length, outer.done()]).toEqual([0, false]);
      c!.setResult(3);
      yield* passes(SOON);
      expect([calls.length, calls[0] === outer]).toEqual([1, true]);
      expect(outer.result()).toEqual([2, 1, 3]);
    }

    it(`test_success: results in the order of the arguments (${name})`, () =>
      onLoop(backend, function* ({ loop }) {
        yield* succeeds(loop);
        yield* succeeds(loop, { returnExceptions: false });
      }));

    it(`test_result_exception_success: the same with returnExceptions when there are none (${name})`, () =>
      onLoop(backend, function* ({ loop }) {
        yield* succeeds(loop, { returnExceptions: true });
      }));

    it(`test_one_exception: fails with the first; what comes after changes nothing (${name})`, () =>
      onLoop(backend, function* ({ loop }) {
        const [a, b, c, d, e] = futuresOf(loop, 5);
        const outer = gather([a!, b!, c!, d!, e!].map(wrap));
        let calls = 0;
        outer.addDoneCallback(() => calls++);
        const error = new RangeError("zero");
        a!.setResult(1);
        b!.setException(error);
        yield* passes(SOON);
        expect([outer.done(), calls, outer.exception() === error]).toEqual([true, 1, true]);
        c!.setResult(3);
        d!.cancel();
        e!.setException(new RuntimeError());
        yield* passes(SOON);
        expect([calls, outer.exception() === error]).toEqual([1, true]);
      }));

    it(`test_return_exceptions: errors are results (${name})`, () =>
      onLoop(backend, function* ({ loop }) {
        const [a, b, c, d] = futuresOf(loop, 4);
        const outer = gather([a!, b!, c!, d!].map(wrap), { returnExceptions: true });
        let calls = 0;
        outer.addDoneCallback(() => calls++);
        const [first, second] = [new RangeError("zero"), new RuntimeError()];
        b!.setResult(1);
        c!.setException(first);
        a!.setResult(3);
        yield* passes(SOON);
        expect(outer.done()).toBe(false);
        d!.setException(second);
        yield* passes(SOON);
        expect([outer.done(), calls]).toEqual([true, 1]);
        const results = outer.result();
        expect(results.slice(0, 2)).toEqual([3, 1]);
        expect([results[2] === first, results[3] === second]).toEqual([true, true]);
      }));
  }

  it("test_env_var_debug: an environment variable switches debug mode on", () => {
    const before = process.env["ASYNCIO_UV_DEBUG"];
    try {
      for (const [value, debug] of [
        ["", false],
        ["1", true],
      ] as const) {
        process.env["ASYNCIO_UV_DEBUG"] = value;
        const loop = newEventLoop({ backend });
        expect(loop.getDebug()).toBe(debug);
        loop.close();
      }
    } finally {
      if (before === undefined) delete process.env["ASYNCIO_UV_DEBUG"];
      else process.env["ASYNCIO_UV_DEBUG"] = before;
    }
  });
});

describeBackends("test_tasks.FutureGatherTests", (backend) => {
  it("test_constructor_empty_sequence_without_loop: even of nothing it needs a loop", () => {
    expect(thrownBy(() => gather())).toBeInstanceOf(RuntimeError);
  });

  it("test_constructor_empty_sequence_use_running_loop: of nothing, a finished future of the running loop", () =>
    onLoop(backend, function* ({ loop }) {
      const outer = gather();
      expect([isfuture(outer), outer.getLoop() === loop, outer.done()]).toEqual([true, true, true]);
      expect(outer.result()).toEqual([]);
    }));

  it("test_constructor_empty_sequence_use_global_loop: or of the loop that was set", () =>
    onSetLoop(backend, async (loop) => {
      const outer = gather();
      expect([isfuture(outer), outer.getLoop() === loop, outer.done()]).toEqual([true, true, true]);
      expect(outer.result()).toEqual([]);
    }));

  it("test_constructor_heterogenous_futures: futures of two loops are refused", () => {
    const loops = [newEventLoop({ backend }), newEventLoop({ backend })];
    const [one, two] = loops.map((loop) => new Future<void>({ loop }));
    expect(thrownBy(() => gather(one!, two!))).toBeInstanceOf(RangeError);
    for (const loop of loops) loop.close();
  });

  it("test_constructor_homogenous_futures: the loop is that of the futures, whichever runs", async () => {
    const other = newEventLoop({ backend });
    await onLoop(backend, function* () {
      const children = futuresOf(other, 3);
      for (let i = 0; i < 2; i++) {
        const outer = gather(...children);
        expect(outer.getLoop()).toBe(other);
        yield* passes(1);
        expect(outer.done()).toBe(false);
      }
    });
    other.close();
  });

  it("test_one_cancellation: a cancelled child fails it with CancelledError, without cancelling it", () =>
    onLoop(backend, function* ({ loop }) {
      const [a, b, c, d, e] = futuresOf(loop, 5);
      const outer = gather(a!, b!, c!, d!, e!);
      let calls = 0;
      outer.addDoneCallback(() => calls++);
      a!.setResult(1);
      b!.cancel();
      yield* passes(SOON);
      expect([outer.done(), outer.cancelled(), calls]).toEqual([true, false, 1]);
      expect(outer.exception()).toBeInstanceOf(CancelledError);
      c!.setResult(3);
      d!.cancel();
      e!.setException(new RuntimeError());
      yield* passes(SOON);
      expect(calls).toBe(1);
    }));

  it("test_result_exception_one_cancellation: with returnExceptions, CancelledErrors are results like others", () =>
    onLoop(backend, function* ({ loop }) {
      const [a, b, c, d, e, f] = futuresOf(loop, 6);
      const outer = gather([a!, b!, c!, d!, e!, f!], { returnExceptions: true });
      let calls = 0;
      outer.addDoneCallback(() => calls++);
      a!.setResult(1);
      const zero = new RangeError("zero");
      b!.setException(zero);
      c!.cancel("told why");
      yield* passes(SOON);
      expect(outer.done()).toBe(false);
      d!.setResult(3);
      e!.cancel();
      const last = new RuntimeError("last");
      f!.setException(last);
      const results = yield* outer;
      const labels = ["1", "RangeError: zero", "CancelledError: told why", "3", "CancelledError: "];
      expect(results.map(label)).toEqual([...labels, "RuntimeError: last"]);
      expect([results[1] === zero, results[5] === last]).toEqual([true, true]);
      yield* passes(1);
      expect(calls).toBe(1);
    }));
});

describeBackends("test_tasks.CoroutineGatherTests", (backend) => {
  it("test_constructor_without_loop: refuses to start coroutines without a loop", () => {
    const [one, two] = [echo("abc"), echo("abc")];
    expect(thrownBy(() => gather(one, two))).toBeInstanceOf(RuntimeError);
    expect(two.next()).toEqual({ done: true, value: "abc" });
  });

  it("test_constructor_use_running_loop: makes tasks of the running loop", () =>
    onLoop(backend, function* ({ loop }) {
      const outer = gather(echo("abc"), echo("def"));
      expect(outer.getLoop()).toBe(loop);
      expect(yield* outer).toEqual(["abc", "def"]);
    }));

  it("test_constructor_use_global_loop: or of the loop that was set", () =>
    onSetLoop(backend, async (loop) => {
      const outer = gather(echo("abc"), echo("def"));
      expect(outer.getLoop()).toBe(loop);
      expect(await loop.runUntilComplete(outer)).toEqual(["abc", "def"]);
    }));

  it("test_duplicate_coroutines: a coroutine that is given more than once runs once", () =>
    onLoop(backend, function* () {
      const c = echo("abc");
      expect(yield* gather(c, c, echo("def"), c)).toEqual(["abc", "abc", "def", "abc"]);
    }));

  it("test_cancellation_broadcast: cancelling who awaits it cancels every child", () =>
    onLoop(backend, function* ({ loop }) {
      let proof = 0;
      const waiter = loop.createFuture<void>();
      function* inner(): Coroutine<void> {
        yield* waiter;
        proof += 1;
      }
      const children = [ensureFuture(inner()), ensureFuture(inner())];
      let gatherer: Future<unknown> | null = null;
      const outer = createTask(function* () {
        gatherer = gather(children);
        yield* gatherer;
        proof += 100;
      });
      yield* passes(1);
      expect(outer.cancel()).toBe(true);
      expect(yield* errorOf(outer)).toBeInstanceOf(CancelledError);
      expect(gatherer!.cancel()).toBe(false);
      expect([waiter, ...children].map((each) => each.cancelled())).toEqual([true, true, true]);
      yield* passes(1);
      expect(proof).toBe(0);
    }));

  it("test_exception_marking: the error of a sibling that fails later counts as seen", () =>
    onLoop(backend, function* ({ loop }) {
      function* inner(future: Future<void>): Coroutine<void> {
        yield* future;
        throw new RuntimeError("should not be ignored");
      }
      const [a, b] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const children = [createTask(inner(a)), createTask(inner(b))];
      const outer = createTask(function* () {
        yield* gather(...children);
      });
      yield* passes(2);
      a.setResult();
      yield* passes(2);
      b.setResult();
      yield* passes(2);
      expect(outer.exception()).toBeInstanceOf(RuntimeError);
      expect(children.map((child) => wasRetrieved(child))).toEqual([true, true]);
    }));

  it("test_issue46672: an argument that is nothing to await is refused; what was started before goes on quietly", () =>
    onLoop(backend, function* ({ takeReports }) {
      let ran = false;
      function* body(): Coroutine<void> {
        ran = true;
      }
      expect(thrownBy(() => gather(body(), {} as never))).toBeInstanceOf(TypeError);
      yield* passes(SOON);
      expect(ran).toBe(true);
      expect(takeReports()).toEqual([]);
    }));
});
