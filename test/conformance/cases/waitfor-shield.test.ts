// Counterparts of CPython's test_waitfor: waiting for what is shielded.
import { expect, it } from "vitest";
import { createTask, shield, sleep, TimeoutError, waitFor } from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../../support/backends.ts";
import { errorOf } from "../../support/outcomes.ts";

describeBackends("test_waitfor.WaitForShieldTests", (backend) => {
  it("test_zero_timeout: the shield is cancelled at once, the task behind it goes on", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(sleep(0.01, "done"));
      const shielded = shield(task);
      expect(yield* errorOf(waitFor(shielded, 0))).toBeInstanceOf(TimeoutError);
      expect([task.done(), task.cancelled(), shielded.cancelled()]).toEqual([false, false, true]);
      yield* sleep(0.1);
      expect([task.done(), task.result()]).toEqual([true, "done"]);
    }));

  it("test_none_timeout: without a limit, it waits", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const task = createTask(sleep(0.1, "done"));
      yield* waitFor(shield(task), null);
      expect([task.done(), clock.time()]).toEqual([true, 0.1]);
      expect(yield* task).toBe("done");
    }));

  it("test_shielded_timeout: the time limit does not reach the task", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const task = createTask(sleep(0.1, "done"));
      expect(yield* errorOf(waitFor(shield(task), 0.01))).toBeInstanceOf(TimeoutError);
      expect([task.done(), task.cancelled(), clock.time()]).toEqual([false, false, 0.01]);
      expect(yield* task).toBe("done");
    }));
});
