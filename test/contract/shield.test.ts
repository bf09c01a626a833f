// shield(): what it takes, who is told of an error after the wait was cancelled, and that no callbacks pile up.
import { expect, it } from "vitest";
import { CancelledError, createTask, shield, sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { callbackCount } from "../support/callbacks.ts";
import { errorOf } from "../support/outcomes.ts";

describeBackends("shield()", (backend) => {
  it("takes a function that makes a coroutine, and a promise", () =>
    onLoop(backend, function* () {
      expect(yield* shield(async () => 1)).toBe(1);
      expect(yield* shield(passes.bind(null, 1))).toBe(undefined);
      expect(yield* shield(Promise.resolve("promise"))).toBe("promise");
    }));

  it("takes its callback from what is shielded as soon as it is not wanted any more", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture<number>();
      const outer = shield(inner);
      expect(callbackCount(inner)).toBe(1);
      outer.setResult(7);
      yield* passes(1);
      inner.setResult(8);
      yield* passes(1);
      expect([outer.result(), inner.result()]).toEqual([7, 8]);
    }));

  it("a result that comes in the same pass as the cancellation of the wait is nobody's", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const inner = loop.createFuture<number>();
      const outer = shield(inner);
      outer.cancel("first");
      inner.setResult(1);
      yield* passes(2);
      expect([outer.cancelled(), inner.result()]).toEqual([true, 1]);
      expect(takeReports()).toEqual([]);
    }));

  it("reports nothing when somebody awaits it (gh-156321)", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const inner = loop.createFuture();
      const outer = shield(inner);
      outer.cancel();
      yield* passes(1);
      const handled = createTask(errorOf(inner));
      yield* passes(1);
      inner.setException(new Error("handled"));
      expect((yield* handled).message).toBe("handled");
      yield* passes(2);
      expect(takeReports()).toEqual([]);
    }));

  it("reports nothing when another shield hands the error on, or somebody has looked at it", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const inner = loop.createFuture();
      shield(inner).cancel();
      yield* passes(1);
      const other = shield(inner);
      inner.setException(new Error("handed on"));
      expect((yield* errorOf(other)).message).toBe("handed on");

      const looked = loop.createFuture();
      shield(looked).cancel();
      yield* passes(1);
      looked.setException(new Error("seen"));
      looked.exception();
      yield* passes(2);
      expect(takeReports()).toEqual([]);
    }));

  it("reports nothing when what is shielded is cancelled in the end", () =>
    onLoop(backend, function* ({ takeReports }) {
      const inner = createTask(sleep(1000));
      shield(inner).cancel();
      yield* passes(2);
      inner.cancel();
      expect(yield* errorOf(inner)).toBeInstanceOf(CancelledError);
      expect(takeReports()).toEqual([]);
    }));

  it("leaves one callback behind after any number of cancelled shields, and none before", () =>
    onLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture<void>();
      for (let i = 0; i < 5; i++) {
        const outer = shield(inner);
        outer.cancel();
        yield* passes(1);
        expect(callbackCount(inner)).toBe(1);
      }
      inner.setResult();
      yield* passes(1);
      expect(callbackCount(inner)).toBe(0);
    }));
});
