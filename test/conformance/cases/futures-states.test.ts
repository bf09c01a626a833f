// Counterparts of CPython's test_futures: what a future is made with, its states and its outcome.
import { expect, it } from "vitest";
import {
  CancelledError,
  ensureFuture,
  type EventLoop,
  Future,
  InvalidStateError,
  isfuture,
  newEventLoop,
  RuntimeError,
  setEventLoop,
  sleep,
  wrapFuture,
} from "../../../lib/index.ts";
import { VirtualClock } from "../../../lib/testing/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

/** What another copy of the package would make: not one of our futures, but marked as one. */
class DuckFuture {
  get [Symbol.for("asyncio-uv.future")](): boolean {
    return true;
  }
}

describeBackends("test_futures.DuckTests", (backend) => {
  it("test_wrap_future: whatever is marked as a future is given back as it is", () =>
    onLoop(backend, function* () {
      const duck = new DuckFuture();
      expect(wrapFuture(duck as Future<unknown>)).toBe(duck);
      yield* sleep(0);
    }));

  it("test_ensure_future: also by ensureFuture()", () =>
    onLoop(backend, function* () {
      const duck = new DuckFuture();
      expect(ensureFuture(duck as Future<unknown>)).toBe(duck);
      yield* sleep(0);
    }));
});

describeBackends("test_futures.BaseFutureTests", (backend) => {
  it("test_isfuture: futures are told by their mark, not by their class; classes are none", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture();
      expect([future, new DuckFuture(), new (class extends Future<void> {})()].map(isfuture)).toEqual([
        true,
        true,
        true,
      ]);
      for (const other of [Future, DuckFuture, 1, {}, null, { done: () => false }, Promise.resolve()]) {
        expect(isfuture(other)).toBe(false);
      }
      yield* sleep(0);
    }));

  it("test_initial_state: pending, until it is cancelled", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture();
      expect([future.cancelled(), future.done()]).toEqual([false, false]);
      future.cancel();
      expect([future.cancelled(), future.done()]).toEqual([true, true]);
      yield* sleep(0);
    }));

  it("test_constructor_without_loop: RuntimeError where no loop runs and none is set", () => {
    const error = thrownBy(() => new Future());
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.message).toMatch(/no running event loop/);
  });

  it("test_constructor_use_running_loop: it belongs to the running loop", () =>
    onLoop(backend, function* ({ loop }) {
      expect(new Future().getLoop()).toBe(loop);
      yield* sleep(0);
    }));

  it("test_constructor_use_global_loop: or to the one that is set", () => {
    const loop = newEventLoop({ backend });
    setEventLoop(loop);
    try {
      expect(new Future().getLoop()).toBe(loop);
    } finally {
      setEventLoop(null);
      loop.close();
    }
  });

  it("test_constructor_positional: the loop is an option; anything but options is refused", () =>
    onLoop(backend, function* ({ loop }) {
      expect(thrownBy(() => new Future(42 as never))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => new Future({ loop: 42 as unknown as EventLoop }))).toBeInstanceOf(TypeError);
      expect(new Future({ loop }).getLoop()).toBe(loop);
      yield* sleep(0);
    }));

  it("test_future_cancel_message_getter: the message of cancel() is the message of the error, for every reader", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture();
      future.cancel("my message");
      expect(label(yield* errorOf(future))).toBe("CancelledError: my message");
      expect(label(thrownBy(() => future.result()))).toBe("CancelledError: my message");
      expect(label(thrownBy(() => future.exception()))).toBe("CancelledError: my message");
      const plain = loop.createFuture();
      plain.cancel();
      expect(label(yield* errorOf(plain))).toBe("CancelledError: ");
    }));

  it("test_cancel: it is done, reading it throws, and nothing changes it any more", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      expect(future.cancel()).toBe(true);
      expect([future.cancelled(), future.done()]).toEqual([true, true]);
      expect(thrownBy(() => future.result())).toBeInstanceOf(CancelledError);
      expect(thrownBy(() => future.exception())).toBeInstanceOf(CancelledError);
      expect(thrownBy(() => future.setResult(1))).toBeInstanceOf(InvalidStateError);
      expect(thrownBy(() => future.setException(new Error("x")))).toBeInstanceOf(InvalidStateError);
      expect(future.cancel()).toBe(false);
      yield* sleep(0);
    }));

  it("test_result: InvalidStateError while it is pending, then the result for good", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      expect(thrownBy(() => future.result())).toBeInstanceOf(InvalidStateError);
      future.setResult(42);
      expect([future.cancelled(), future.done()]).toEqual([false, true]);
      expect([future.result(), future.exception()]).toEqual([42, null]);
      expect(thrownBy(() => future.setResult(1))).toBeInstanceOf(InvalidStateError);
      expect(thrownBy(() => future.setException(new Error("x")))).toBeInstanceOf(InvalidStateError);
      expect(future.cancel()).toBe(false);
      expect(future.result()).toBe(42);
      yield* sleep(0);
    }));

  it("test_exception: likewise; result() throws it, exception() gives it", () =>
    onLoop(backend, function* ({ loop }) {
      const error = new RuntimeError("mine");
      const future = loop.createFuture<number>();
      expect(thrownBy(() => future.exception())).toBeInstanceOf(InvalidStateError);
      future.setException(error);
      expect([future.cancelled(), future.done()]).toEqual([false, true]);
      expect(thrownBy(() => future.result())).toBe(error);
      expect(future.exception()).toBe(error);
      expect(thrownBy(() => future.setResult(1))).toBeInstanceOf(InvalidStateError);
      expect(thrownBy(() => future.setException(new Error("x")))).toBeInstanceOf(InvalidStateError);
      expect(future.cancel()).toBe(false);
      yield* sleep(0);
    }));

  it("test_exception_class: a class of errors is made an error of that class", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture();
      future.setException(RuntimeError);
      expect(future.exception()).toBeInstanceOf(RuntimeError);
      yield* sleep(0);
    }));

  it("test_set_result_unless_cancelled: a timer that is due with the cancellation of its sleeper leaves it cancelled", async () => {
    const clock = new VirtualClock();
    const loop = newEventLoop({ backend, clock });
    const sleeper = loop.createTask(sleep(1, 2));
    loop.callLater(1, () => sleeper.cancel());
    expect(label(await loop.runUntilComplete(sleeper).catch((error: unknown) => error))).toBe(
      "CancelledError: ",
    );
    await loop.runUntilComplete(sleep(1));
    expect(sleeper.cancelled()).toBe(true);
    loop.close();
  });
});

describeBackends("test_futures.BaseFutureInheritanceTests", (backend) => {
  it("test_inherit_without_calling_super_init: a subclass that leaves out super() cannot be made at all", () =>
    onLoop(backend, function* () {
      class MyFuture extends Future<void> {
        // @ts-expect-error -- the mistake in question
        constructor() {}
      }
      expect(thrownBy(() => new MyFuture())).toBeInstanceOf(ReferenceError);
      yield* sleep(0);
    }));
});
