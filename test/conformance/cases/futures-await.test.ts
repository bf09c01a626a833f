// Counterparts of CPython's test_futures: a future as what `yield*` goes through, and as text.
import { expect, it } from "vitest";
import { type Coroutine, createTask, Future, RuntimeError, sleep } from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_futures.BaseFutureTests", (backend) => {
  it("test_yield_from_twice: yields while it is pending, and afterwards gives its result without yielding", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      const steps = (function* (): Generator<unknown, void, unknown> {
        yield "A";
        yield ["B", yield* future];
        yield ["C", yield* future];
      })();
      expect(steps.next().value).toBe("A");
      const waiting = steps.next();
      expect(waiting.done).toBe(false);
      expect(waiting.value).not.toBe("A");
      future.setResult(42);
      expect(steps.next().value).toEqual(["B", 42]);
      expect(steps.next().value).toEqual(["C", 42]);
      yield* sleep(0);
    }));

  it("test_iter: whatever else goes through a pending future is refused, where it would never come to an end", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const coroutine = function* (): Coroutine<void> {
        yield* future;
      };
      for (const misuse of [
        () => [...(future as Iterable<unknown>)],
        () => new Set(future as Iterable<unknown>),
        () => [...coroutine()],
      ]) {
        const error = thrownBy(misuse);
        expect(error).toBeInstanceOf(RuntimeError);
        expect(error.message).toMatch(/await wasn't used with future/);
      }
      // It is still good for what it is meant for.
      const task = createTask(coroutine());
      yield* sleep(0);
      future.setResult();
      expect(yield* task).toBe(undefined);
    }));

  it("test_future_stop_iteration_args: an array as the result comes out as that array", () =>
    onLoop(backend, function* ({ loop }) {
      const result = [1, 2];
      const future = loop.createFuture<number[]>();
      future.setResult(result);
      expect(future[Symbol.iterator]().next()).toEqual({ done: true, value: result });
      expect(yield* future).toBe(result);
    }));

  it("test_future_iter_throw: an error that is thrown into the iterator comes out of it, and changes nothing", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const zebra = new Error("zebra");
      expect(thrownBy(() => future[Symbol.iterator]().throw!(zebra))).toBe(zebra);
      expect(future.done()).toBe(false);
      const coroutine = (function* (): Coroutine<void> {
        yield* future;
      })();
      coroutine.next();
      expect(thrownBy(() => coroutine.throw(zebra))).toBe(zebra);
      expect(future.done()).toBe(false);
      yield* sleep(0);
    }));

  function first(): void {
    // Only its name counts.
  }
  function fake(): void {
    // As above.
  }
  function last(): void {
    // As above.
  }

  it("test_future_repr: says its state, then its outcome or its callbacks, of which it names the outermost", () =>
    onLoop(backend, function* ({ loop }) {
      const withCallbacks = (...callbacks: (() => void)[]): Future<number> => {
        const future = loop.createFuture<number>();
        for (const callback of callbacks) future.addDoneCallback(callback);
        return future;
      };
      expect(String(withCallbacks())).toBe("<Future pending>");
      expect(String(withCallbacks(fake))).toBe("<Future pending cb=[fake()]>");
      expect(String(withCallbacks(first, last))).toBe("<Future pending cb=[first(), last()]>");
      const many = withCallbacks(first, ...Array<() => void>(8).fill(fake), last);
      expect(String(many)).toBe("<Future pending cb=[first(), <8 more>, last()]>");
      many.cancel();
      expect(String(many)).toBe("<Future cancelled>");

      const good = loop.createFuture<number>();
      good.setResult(4);
      expect(String(good)).toBe("<Future finished result=4>");
      const bad = loop.createFuture<number>();
      bad.setException(new RuntimeError());
      expect(String(bad)).toBe("<Future finished exception=RuntimeError()>");
      expect(label(bad.exception())).toBe("RuntimeError: ");

      class OwnFuture<T> extends Future<T> {}
      expect(String(new OwnFuture({ loop }))).toBe("<OwnFuture pending>");
      yield* sleep(0);
    }));

  it("test_future_repr: in debug mode also where it was made", () =>
    onLoop(backend, function* ({ loop }) {
      loop.setDebug(true);
      const future = loop.createFuture();
      loop.setDebug(false);
      expect(String(future)).toMatch(/^<Future pending created at .*futures-await\.test\.ts:\d+:\d+\)?>$/);
      expect(String(loop.createFuture())).toBe("<Future pending>");
      yield* sleep(0);
    }));

  it("test_future_source_traceback: the place is the line that made it, by its function", () =>
    onLoop(backend, function* ({ loop }) {
      loop.setDebug(true);
      const future = (function whoMadeIt(): Future<unknown> {
        return loop.createFuture();
      })();
      loop.setDebug(false);
      expect(String(future)).toMatch(/created at whoMadeIt .*futures-await\.test\.ts/);
      future.cancel();
      expect(label(yield* errorOf(future))).toBe("CancelledError: ");
    }));
});
