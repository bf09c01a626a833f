// Counterparts of CPython's test_eager_task_factory: staggeredRace() where every task starts eagerly.
import { expect, it } from "vitest";
import { type Coroutine, eagerTaskFactory, Future, sleep, staggeredRace } from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../../support/backends.ts";
import { label } from "../../support/outcomes.ts";

describeBackends("test_eager_task_factory.EagerTaskFactoryLoopTests", (backend) => {
  it("test_staggered_race_with_eager_tasks: starts follow the delay, and the losers are cancelled", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      const fail = function* (): Coroutine<string> {
        yield* sleep(0);
        throw new RangeError("no good");
      };
      const blocked = function* (): Coroutine<string> {
        return yield* new Future<string>();
      };
      const [winner, index, errors] = yield* staggeredRace([blocked, () => sleep(1, "sleep1"), fail], 0.25);
      expect([winner, index, loop.time()]).toEqual(["sleep1", 1, 1.25]);
      expect(errors.map(label)).toEqual(["CancelledError: ", "null", "RangeError: no good"]);
    }));

  it("test_staggered_race_with_eager_tasks_no_delay: the next starts when the one before has failed", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      const fail = function* (): Coroutine<string> {
        throw new RangeError("no good");
      };
      const [winner, index, errors] = yield* staggeredRace(
        [fail, () => sleep(1, "sleep1"), () => sleep(0, "sleep0")],
        null,
      );
      expect([winner, index, loop.time()]).toEqual(["sleep1", 1, 1]);
      expect(errors.map(label)).toEqual(["RangeError: no good", "null"]);
    }));
});
