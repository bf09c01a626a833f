// Counterparts of CPython's test_futures: wrapFuture() around what is foreign, which is a promise here and an executor's future there.
import { expect, it } from "vitest";
import {
  CancelledError,
  isfuture,
  newEventLoop,
  RuntimeError,
  setEventLoop,
  wrapFuture,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_futures.BaseFutureTests", (backend) => {
  it("test_wrap_future: gives a future that takes the result, from wherever it comes", () =>
    onLoop(backend, function* () {
      const future = wrapFuture(new Promise((resolve) => setImmediate(resolve, "oi")));
      expect(isfuture(future)).toBe(true);
      expect(future.done()).toBe(false);
      expect(yield* future).toBe("oi");
    }));

  it("test_wrap_future_future: a future is given back as it is", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture();
      expect(wrapFuture(future)).toBe(future);
      yield* passes(1);
    }));

  it("test_wrap_future_without_loop: RuntimeError where no loop runs and none is set", () => {
    const error = thrownBy(() => wrapFuture(Promise.resolve("oi")));
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.message).toMatch(/no running event loop/);
  });

  it("test_wrap_future_use_running_loop: the future belongs to the running loop", () =>
    onLoop(backend, function* ({ loop }) {
      const future = wrapFuture(Promise.resolve("oi"));
      expect(future.getLoop()).toBe(loop);
      expect(yield* future).toBe("oi");
    }));

  it("test_wrap_future_use_global_loop: or to the one that is set", async () => {
    const loop = newEventLoop({ backend });
    setEventLoop(loop);
    try {
      const future = wrapFuture(Promise.resolve("oi"));
      expect(future.getLoop()).toBe(loop);
      expect(await loop.runUntilComplete(future)).toBe("oi");
    } finally {
      setEventLoop(null);
      loop.close();
    }
  });

  it("test_wrap_future_cancel2: cancelled in the moment in which the promise is settled, it is cancelled, and the promise has its result", () =>
    onLoop(backend, function* () {
      const promise = Promise.resolve(42);
      const future = wrapFuture(promise);
      future.cancel();
      yield* passes(2);
      expect(future.cancelled()).toBe(true);
      expect(yield* wrapFuture(promise)).toBe(42);
      expect(future.cancelled()).toBe(true);
    }));

  it("test_copy_state: takes over a result, an exception and a cancellation, each as the very thing it is", () =>
    onLoop(backend, function* ({ loop }) {
      const result = {};
      const good = loop.createFuture<object>();
      good.setResult(result);
      expect(yield* wrapFuture(good.toPromise())).toBe(result);

      const error = new RuntimeError("mine");
      const bad = loop.createFuture<object>();
      bad.setException(error);
      const { stack } = error;
      expect(yield* errorOf(wrapFuture(bad.toPromise()))).toBe(error);
      expect(error.stack).toBe(stack);

      const stopped = loop.createFuture<object>();
      stopped.cancel("enough");
      const copy = wrapFuture(stopped.toPromise());
      const thrown = yield* errorOf(copy);
      expect(copy.cancelled()).toBe(true);
      expect(thrown).toBeInstanceOf(CancelledError);
      expect(label(thrown)).toBe("CancelledError: enough");
      expect(label(thrownBy(() => copy.result()))).toBe("CancelledError: enough");
    }));
});
