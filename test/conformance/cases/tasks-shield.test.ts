// Counterparts of CPython's test_tasks: shield().
import { expect, it } from "vitest";
import {
  CancelledError,
  type Coroutine,
  createTask,
  Future,
  gather,
  newEventLoop,
  RuntimeError,
  setEventLoop,
  shield,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

function* echo<T>(value: T): Coroutine<T> {
  return value;
}

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_shield_result: the result is handed on", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture<number>();
      const outer = shield(inner);
      inner.setResult(42);
      expect(yield* outer).toBe(42);
    }));

  it("test_shield_exception: the very exception is handed on", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture();
      const outer = shield(inner);
      yield* passes(1);
      const error = new RuntimeError("expected");
      inner.setException(error);
      yield* passes(1);
      expect(outer.exception()).toBe(error);
    }));

  it("test_shield_cancel_inner: a cancelled inner future cancels the outer one", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture();
      const outer = shield(inner);
      yield* passes(1);
      inner.cancel();
      yield* passes(1);
      expect(outer.cancelled()).toBe(true);
    }));

  it("test_shield_cancel_outer: cancelling the outer future leaves the inner one alone, and no callback behind", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture<number>();
      const outer = shield(inner);
      yield* passes(1);
      outer.cancel();
      yield* passes(1);
      expect([outer.cancelled(), inner.done()]).toEqual([true, false]);
      expect(String(outer)).not.toContain("cb=");
      expect(String(inner)).not.toContain("ShieldingFuture");
    }));

  it("test_shield_cancel_outer_result: a later result of the inner future is nothing to report", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const inner = loop.createFuture<number>();
      const outer = shield(inner);
      yield* passes(1);
      outer.cancel();
      yield* passes(1);
      inner.setResult(1);
      yield* passes(1);
      expect(takeReports()).toEqual([]);
    }));

  it("test_shield_cancel_outer_exception: a later exception of the inner future is reported", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const inner = loop.createFuture();
      const outer = shield(inner);
      yield* passes(1);
      outer.cancel();
      yield* passes(1);
      const exception = new Error("foo");
      inner.setException(exception);
      yield* passes(1);
      const reports = takeReports();
      expect(reports.map((report) => report.message)).toEqual(["Error exception in shielded future"]);
      expect(reports[0]!["exception"]).toBe(exception);
      expect(reports[0]!["future"]).toBe(inner);
    }));

  it("test_shield_duplicate_log_once: it is reported once, however many shields were cancelled", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const inner = loop.createFuture();
      for (let i = 0; i < 2; i++) {
        const outer = shield(inner);
        yield* passes(1);
        outer.cancel();
        yield* passes(1);
      }
      inner.setException(new Error("foo"));
      yield* passes(1);
      expect(takeReports().length).toBe(1);
    }));

  it("test_shield_shortcut: a future that is done is given back as it is", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      future.setResult(42);
      expect(shield(future)).toBe(future);
      expect(yield* shield(future)).toBe(42);
    }));

  it("test_shield_effect: cancelling who waits does not affect what is shielded", () =>
    onLoop(backend, function* ({ loop }) {
      let proof = 0;
      const waiter = loop.createFuture<void>();
      function* inner(): Coroutine<void> {
        yield* waiter;
        proof += 1;
      }
      const task = createTask(function* () {
        yield* shield(inner());
        proof += 100;
      });
      yield* passes(2);
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      waiter.setResult();
      yield* passes(1);
      expect(proof).toBe(1);
    }));

  it("test_shield_gather: a shielded gather() goes on when the shield is cancelled", () =>
    onLoop(backend, function* ({ loop }) {
      const children = [loop.createFuture<number>(), loop.createFuture<number>()] as const;
      const parent = gather(children);
      const outer = shield(parent);
      yield* passes(1);
      outer.cancel();
      yield* passes(1);
      expect(outer.cancelled()).toBe(true);
      children[0].setResult(1);
      children[1].setResult(2);
      yield* passes(1);
      expect(parent.result()).toEqual([1, 2]);
    }));

  it("test_gather_shield: cancelling a gather() of shields cancels the shields only", () =>
    onLoop(backend, function* ({ loop }) {
      const children = [loop.createFuture<number>(), loop.createFuture<number>()] as const;
      const shields = children.map((child) => shield(child));
      const parent = gather(shields);
      yield* passes(1);
      parent.cancel();
      yield* passes(1);
      expect(parent.exception()).toBeInstanceOf(CancelledError);
      expect(shields.map((each) => each.cancelled())).toEqual([true, true]);
      expect(children.map((child) => child.done())).toEqual([false, false]);
      children[0].setResult(1);
      children[1].setResult(2);
      yield* passes(1);
    }));

  it("test_shield_coroutine_without_loop: refuses to start a coroutine without a loop", () => {
    const inner = echo(42);
    expect(thrownBy(() => shield(inner))).toBeInstanceOf(RuntimeError);
    expect(inner.next()).toEqual({ done: true, value: 42 });
  });

  it("test_shield_coroutine_use_running_loop: a coroutine becomes a task of the running loop", () =>
    onLoop(backend, function* ({ loop }) {
      const outer = shield(echo(42));
      expect(outer.getLoop()).toBe(loop);
      expect(yield* outer).toBe(42);
    }));

  it("test_shield_coroutine_use_global_loop: without one, of the loop that was set", async () => {
    const loop = newEventLoop({ backend });
    setEventLoop(loop);
    try {
      const outer = shield(echo(42));
      expect(outer).toBeInstanceOf(Future);
      expect(outer.getLoop()).toBe(loop);
      expect(await loop.runUntilComplete(outer)).toBe(42);
    } finally {
      setEventLoop(null);
      loop.close();
    }
  });
});
