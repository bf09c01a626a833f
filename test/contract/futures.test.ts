// Future: three states, deferred callbacks, cancel messages.
import { expect, it } from "vitest";
import {
  CancelledError,
  createTask,
  Future,
  InvalidStateError,
  isfuture,
  newEventLoop,
  RuntimeError,
  sleep,
  type Coroutine,
  type EventLoop,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { errorOf, thrownBy } from "../support/outcomes.ts";

describeBackends("Future", (backend) => {
  it("is pending, then has a result that does not change", () =>
    onLoop(backend, function* ({ loop }) {
      const future = new Future<number>();
      expect(future.getLoop()).toBe(loop);
      expect([future.done(), future.cancelled()]).toEqual([false, false]);
      expect(thrownBy(() => future.result())).toBeInstanceOf(InvalidStateError);
      expect(thrownBy(() => future.exception())).toBeInstanceOf(InvalidStateError);
      future.setResult(1);
      expect([future.done(), future.cancelled(), future.result(), future.exception()]).toEqual([
        true,
        false,
        1,
        null,
      ]);
      expect(thrownBy(() => future.setResult(2))).toBeInstanceOf(InvalidStateError);
      expect(thrownBy(() => future.setException(new Error("x")))).toBeInstanceOf(InvalidStateError);
      expect(future.cancel()).toBe(false);
      expect(yield* future).toBe(1);
      expect(yield* future).toBe(1);
    }));

  it("throws the exception that it was given each time it is asked, and gives it from exception()", () =>
    onLoop(backend, function* () {
      const error = new RangeError("mine");
      const future = new Future<number>();
      future.setException(error);
      expect([future.done(), future.cancelled()]).toEqual([true, false]);
      expect(future.exception()).toBe(error);
      expect(thrownBy(() => future.result())).toBe(error);
      expect(yield* errorOf(future)).toBe(error);
      expect(yield* errorOf(future)).toBe(error);
    }));

  it("makes an instance when it is given an exception class", () =>
    onLoop(backend, function* () {
      const future = new Future<number>();
      future.setException(RangeError);
      expect(future.exception()).toBeInstanceOf(RangeError);
      yield* sleep(0);
    }));

  it("cancelled: result() and exception() both throw CancelledError with the message", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      expect(future.cancel("why")).toBe(true);
      expect([future.done(), future.cancelled()]).toEqual([true, true]);
      expect(future.cancel("again")).toBe(false);
      for (const call of [() => future.result(), () => future.exception()]) {
        expect(thrownBy(call)).toBeInstanceOf(CancelledError);
        expect(thrownBy(call).message).toBe("why");
      }
      expect(thrownBy(() => future.setResult(1))).toBeInstanceOf(InvalidStateError);
      expect(thrownBy(() => future.setException(new Error("x")))).toBeInstanceOf(InvalidStateError);
      const plain = loop.createFuture<number>();
      plain.cancel();
      expect((yield* errorOf(plain)).message).toBe("");
    }));

  it("wakes every task that awaits it, in the order they came", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<string>();
      const log: string[] = [];
      const waiter = function* (name: string): Coroutine<void> {
        log.push(`${name} ${yield* future}`);
      };
      const tasks = ["a", "b", "c"].map((name) => createTask(waiter(name)));
      yield* sleep(0);
      future.setResult("woke");
      for (const task of tasks) yield* task;
      expect(log).toEqual(["a woke", "b woke", "c woke"]);
    }));

  it("does not unwrap a result that is itself awaitable", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture<number>();
      const outer = loop.createFuture<Future<number>>();
      outer.setResult(inner);
      expect(yield* outer).toBe(inner);
      const thenable = { then: () => undefined };
      const other = loop.createFuture<object>();
      other.setResult(thenable);
      expect(yield* other).toBe(thenable);
      inner.cancel();
    }));

  it("counts the callbacks that it removes, and removes none that are scheduled already", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const a = (): unknown => log.push("a");
      const b = (): unknown => log.push("b");
      const future = loop.createFuture<void>();
      for (const callback of [a, b, a, b, a]) future.addDoneCallback(callback);
      expect(future.removeDoneCallback(a)).toBe(3);
      expect(future.removeDoneCallback(a)).toBe(0);
      future.setResult();
      expect(future.removeDoneCallback(b)).toBe(0);
      yield* passes(2);
      expect(log).toEqual(["b", "b"]);
    }));

  it("gives itself to each callback, and takes callbacks from callbacks", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      const future = loop.createFuture<void>();
      future.addDoneCallback((done) => {
        seen.push(done);
        future.addDoneCallback((later) => seen.push(later));
        future.removeDoneCallback(never);
      });
      const never = (): void => undefined;
      future.addDoneCallback(never);
      future.setResult();
      yield* passes(3);
      expect(seen).toEqual([future, future]);
    }));

  it("schedules callbacks on cancel too", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: boolean[] = [];
      const future = loop.createFuture<void>();
      future.addDoneCallback((done) => seen.push(done.cancelled()));
      future.cancel();
      expect(seen).toEqual([]);
      yield* passes(1);
      expect(seen).toEqual([true]);
    }));

  it("is a PromiseLike: then, catch, finally and toPromise", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const good = loop.createFuture<number>();
      const bad = loop.createFuture<number>();
      void good.then((value) => log.push(`then ${value}`));
      void good.finally(() => log.push("finally"));
      void bad.catch((error) => log.push(`catch ${(error as Error).message}`));
      void good.toPromise().then((value) => log.push(`promise ${value}`));
      good.setResult(3);
      bad.setException(new Error("no"));
      yield* until(() => log.length === 4, "the promises");
      expect(new Set(log)).toEqual(new Set(["then 3", "finally", "catch no", "promise 3"]));
    }));

  it("says its state in toString()", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      expect(String(future)).toMatch(/^<Future pending/);
      future.setResult(7);
      expect(String(future)).toMatch(/^<Future finished/);
      const other = loop.createFuture<number>();
      other.cancel();
      expect(String(other)).toMatch(/^<Future cancelled/);
      yield* sleep(0);
    }));

  it("is recognised by isfuture(), and nothing else is", () =>
    onLoop(backend, function* ({ loop }) {
      const task = createTask(sleep(0));
      expect(isfuture(loop.createFuture())).toBe(true);
      expect(isfuture(task)).toBe(true);
      for (const other of [null, undefined, 1, {}, Promise.resolve(), sleep, (function* () {})()]) {
        expect(isfuture(other)).toBe(false);
      }
      yield* task;
    }));

  it("needs a loop", async () => {
    expect(thrownBy(() => new Future())).toBeInstanceOf(RuntimeError);
    const loop = newEventLoop({ backend });
    expect(new Future({ loop }).getLoop()).toBe(loop);
    expect(thrownBy(() => new Future({ loop: 1 as unknown as EventLoop }))).toBeInstanceOf(TypeError);
    loop.close();
  });
});
