// Counterparts of CPython's test_taskgroups: errors of members and of the body, and what they do to everybody else.
import { expect, it } from "vitest";
import {
  type AsyncContextManager,
  asyncWith,
  type BackendName,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  RuntimeError,
  sleep,
  type Task,
  type TaskFactory,
} from "../../../lib/index.ts";
import { describeBackends } from "../../support/backends.ts";
import { failAfter, failWhenEnded, groupErrorsOf, inGroup, onGroupLoop } from "../../support/groups.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

/** Sleeps, and notes it when it is cancelled. */
function* sleeper(log: string[], name: string, seconds: number): Coroutine<void> {
  try {
    yield* sleep(seconds);
  } catch (error) {
    log.push(`${name} ${(error as Error).name}`);
    throw error;
  }
  log.push(`${name} ended`);
}

function cases(backend: BackendName, factory: TaskFactory | null): void {
  const on = onGroupLoop(backend, factory);

  it("test_taskgroup_04: the first error cancels the other members", () =>
    on(function* ({ loop }) {
      const log: string[] = [];
      let other: Task<unknown> | undefined;
      const runner = createTask(function* () {
        yield* inGroup(function* (group) {
          group.createTask(failAfter(0.1, "first"));
          other = group.createTask(sleeper(log, "other", 1));
        });
        log.push("after the group");
      });
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: first"]);
      expect(log).toEqual(["other CancelledError"]);
      expect(other!.cancelled()).toBe(true);
      expect(loop.time()).toBeCloseTo(0.1, 9);
    }));

  it("test_cancel_children_on_child_error: and the body; errors of the same moment are all reported", () =>
    on(function* () {
      const log: string[] = [];
      const runner = createTask(function* () {
        yield* inGroup(function* (group) {
          for (const name of ["a", "b", "c"]) group.createTask(failAfter(0.1, name));
          group.createTask(sleeper(log, "other", 5));
          yield* sleeper(log, "body", 10);
        });
        log.push("after the group");
      });
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: a", "RangeError: b", "RangeError: c"]);
      expect(log.sort()).toEqual(["body CancelledError", "other CancelledError"]);
    }));

  it("test_taskgroup_09: an error of the body cancels the members and comes in a group", () =>
    on(function* ({ loop }) {
      const tasks: Task<unknown>[] = [];
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          tasks.push(group.createTask(sleep(1, 42)), group.createTask(sleep(2, 11)));
          yield* failAfter(0.1, "body");
        }),
      );
      expect(errors).toEqual(["RangeError: body"]);
      expect(tasks.map((task) => task.cancelled())).toEqual([true, true]);
      expect(loop.time()).toBeCloseTo(0.1, 9);
    }));

  it("test_taskgroup_10: also when the body never waited", () =>
    on(function* () {
      const tasks: Task<unknown>[] = [];
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          tasks.push(group.createTask(sleep(1, 42)), group.createTask(sleep(2, 11)));
          throw new RangeError("body");
        }),
      );
      expect(errors).toEqual(["RangeError: body"]);
      expect(tasks.map((task) => task.cancelled())).toEqual([true, true]);
    }));

  it("test_taskgroup_13: an error in an outer group cancels the inner one", () =>
    on(function* () {
      const runner = createTask(function* () {
        yield* inGroup(function* (outer) {
          outer.createTask(failAfter(0.1, "outer"));
          yield* inGroup(function* (inner) {
            inner.createTask(failAfter(10, "inner"));
          });
        });
      });
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: outer"]);
    }));

  it("test_taskgroup_14: an error in an inner group comes out of the outer one in two groups", () =>
    on(function* () {
      const runner = createTask(function* () {
        yield* inGroup(function* (outer) {
          outer.createTask(failAfter(10, "outer"));
          yield* inGroup(function* (inner) {
            inner.createTask(failAfter(0.1, "inner"));
          });
        });
      });
      expect(yield* groupErrorsOf(runner)).toEqual([["RangeError: inner"]]);
    }));

  it("test_taskgroup_19: an error that the body throws when it is cancelled is one of the group", () =>
    on(function* () {
      const runner = createTask(function* () {
        yield* inGroup(function* (group) {
          group.createTask(failAfter(0.1, "member"));
          yield* failWhenEnded(10, "body");
        });
      });
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: member", "RangeError: body"]);
    }));

  it("test_taskgroup_20a: whatever class of error the body throws when it is cancelled", () =>
    on(function* () {
      class Base extends Error {
        override readonly name = "Base";
      }
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(failAfter(0.1, "member"));
          try {
            yield* sleep(10);
          } finally {
            throw new Base("body");
          }
        }),
      );
      expect(errors).toEqual(["RangeError: member", "Base: body"]);
    }));

  it("test_taskgroup_21a: and whatever class of error the member throws", () =>
    on(function* () {
      class Base extends Error {
        override readonly name = "Base";
      }
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(function* () {
            yield* sleep(0.1);
            throw new Base("member");
          });
          yield* failWhenEnded(10, "body");
        }),
      );
      expect(errors).toEqual(["Base: member", "RangeError: body"]);
    }));

  it("test_taskgroup_no_create_task_after_failure: a group that is failing takes no more members", () =>
    on(function* () {
      const refused: string[] = [];
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(failAfter(0.001, "member"));
          group.createTask(function* () {
            try {
              yield* sleep(1);
            } catch (error) {
              if (!(error instanceof CancelledError)) throw error;
              const refusal = thrownBy(() => group.createTask(failAfter(0.001, "late")));
              expect(refusal).toBeInstanceOf(RuntimeError);
              refused.push(label(refusal));
            }
          });
        }),
      );
      expect(errors).toEqual(["RangeError: member"]);
      expect(refused).toEqual([
        "RuntimeError: TaskGroup <TaskGroup tasks=1 errors=1 cancelling> is shutting down",
      ]);
    }));

  it("test_taskgroup_context_manager_exit_raises: a context manager in the body that fails when it is left", () =>
    on(function* () {
      const database: AsyncContextManager<undefined> = {
        aenter: () => sleep(0) as never,
        aexit: () => failAfter(0, "left"),
      };
      const task = currentTask()!;
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          yield* asyncWith(database, function* () {
            group.createTask(failAfter(0, "member"));
            yield* sleep(1);
          });
        }),
      );
      expect(errors).toEqual(["RangeError: member", "RangeError: left"]);
      expect(task.cancelling()).toBe(0);
    }));
}

describeBackends("test_taskgroups.TestTaskGroup", (backend) => cases(backend, null));
describeBackends("test_taskgroups.TestEagerTaskTaskGroup", (backend) => cases(backend, eagerTaskFactory));
