// Counterparts of CPython's test_timeouts: the states of a Timeout, and what each of them refuses.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  RuntimeError,
  sleep,
  timeout,
  TimeoutError,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

const nothing = function* (): Coroutine<void> {
  // The block is what matters.
};

describeBackends("test_timeouts.TimeoutTests", (backend) => {
  it("test_repr_active: the deadline is shown while the block runs", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(10);
      expect(String(limit)).toBe("<Timeout [created]>");
      yield* asyncWith(limit, function* () {
        expect(String(limit)).toBe("<Timeout [active] when=10.000>");
      });
    }));

  it("test_repr_expired: afterwards only what became of it", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.01);
      const error = yield* errorOf(
        asyncWith(limit, function* () {
          yield* sleep(10);
        }),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(String(limit)).toBe("<Timeout [expired]>");
    }));

  it("test_repr_finished: the same when it was left in time", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(10);
      yield* asyncWith(limit, () => sleep(0) as never);
      expect(String(limit)).toBe("<Timeout [finished]>");
    }));

  it("test_repr_disabled: no deadline is null", () =>
    onVirtualLoop(backend, function* () {
      yield* asyncWith(timeout(null), function* (limit) {
        expect(String(limit)).toBe("<Timeout [active] when=null>");
      });
    }));

  it("test_timeout_already_entered: it cannot be entered inside itself", () =>
    onVirtualLoop(backend, function* () {
      yield* asyncWith(timeout(0.01), function* (limit) {
        const error = yield* errorOf(asyncWith(limit, nothing));
        expect(error).toBeInstanceOf(RuntimeError);
        expect(error.message).toBe("Timeout has already been entered");
      });
    }));

  it("test_timeout_double_enter: nor when it has been left", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.01);
      yield* asyncWith(limit, nothing);
      const error = yield* errorOf(asyncWith(limit, nothing));
      expect(label(error)).toBe("RuntimeError: Timeout has already been entered");
    }));

  it("test_timeout_finished: when it has been left it cannot be moved", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.01);
      yield* asyncWith(limit, nothing);
      const error = thrownBy(() => limit.reschedule(0.02));
      expect(label(error)).toBe("RuntimeError: Cannot change state of finished Timeout");
      expect(limit.when()).toBe(0.01);
    }));

  it("test_timeout_expired: nor when it has expired", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.01);
      yield* errorOf(asyncWith(limit, () => sleep(1) as never));
      const error = thrownBy(() => limit.reschedule(0.02));
      expect(label(error)).toBe("RuntimeError: Cannot change state of expired Timeout");
    }));

  it("test_timeout_expiring: nor between its expiry and the end of the block, which may swallow the cancellation", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.01);
      yield* asyncWith(limit, function* () {
        expect(yield* errorOf(sleep(1))).toBeInstanceOf(CancelledError);
        const error = thrownBy(() => limit.reschedule(0.02));
        expect(label(error)).toBe("RuntimeError: Cannot change state of expiring Timeout");
      });
      expect(limit.expired()).toBe(true);
    }));

  it("test_timeout_not_entered: nor before it is entered", () =>
    onVirtualLoop(backend, function* () {
      const error = thrownBy(() => timeout(0.01).reschedule(0.02));
      expect(label(error)).toBe("RuntimeError: Timeout has not been entered");
    }));

  it("test_timeout_without_task: it cannot be entered outside a task, and is not entered then", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const limit = timeout(0.01);
      const errors: string[] = [];
      loop.callSoon(() => errors.push(label(thrownBy(() => limit.aenter().next()))));
      yield* passes(1);
      expect(errors).toEqual(["RuntimeError: Timeout should be used inside a task"]);
      expect(label(thrownBy(() => limit.reschedule(0.02)))).toBe(
        "RuntimeError: Timeout has not been entered",
      );
    }));
});
