// Counterparts of CPython's test_taskgroups: a group that is entered twice, used too early, too late or outside a task.
import { expect, it } from "vitest";
import {
  asyncWith,
  type BackendName,
  type Coroutine,
  coroutine,
  eagerTaskFactory,
  RuntimeError,
  sleep,
  type TaskFactory,
  TaskGroup,
} from "../../../lib/index.ts";
import { describeBackends, passes } from "../../support/backends.ts";
import { onGroupLoop } from "../../support/groups.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

const nothing = function* (): Coroutine<void> {
  // The block is what matters.
};

/** The label of the error that a group refuses a coroutine with; the coroutine must be closed by then. */
function refusal(group: TaskGroup): string {
  const log: string[] = [];
  const made = coroutine(function* (): Coroutine<void> {
    log.push("ran");
    yield* sleep(0);
  });
  const object = made();
  const error = thrownBy(() => group.createTask(object));
  expect(error).toBeInstanceOf(RuntimeError);
  expect(label(thrownBy(() => object.next()))).toBe("RuntimeError: cannot reuse already awaited coroutine");
  const generator = (function* (): Coroutine<void> {
    log.push("ran");
  })();
  expect(label(thrownBy(() => group.createTask(generator)))).toBe(label(error));
  expect(generator.next()).toEqual({ done: true, value: undefined });
  const call = (): Coroutine<void> => {
    log.push("called");
    return generator;
  };
  expect(label(thrownBy(() => group.createTask(call)))).toBe(label(error));
  expect(log).toEqual([]);
  return label(error);
}

function cases(backend: BackendName, factory: TaskFactory | null): void {
  const on = onGroupLoop(backend, factory);

  it("test_taskgroup_already_entered: it cannot be entered inside itself", () =>
    on(function* () {
      const group = new TaskGroup();
      yield* asyncWith(group, function* () {
        const error = yield* errorOf(asyncWith(group, nothing));
        expect(label(error)).toBe("RuntimeError: TaskGroup <TaskGroup entered> has already been entered");
      });
    }));

  it("test_taskgroup_double_enter: nor when it has been left", () =>
    on(function* () {
      const group = new TaskGroup();
      yield* asyncWith(group, nothing);
      const error = yield* errorOf(asyncWith(group, nothing));
      expect(label(error)).toBe("RuntimeError: TaskGroup <TaskGroup entered> has already been entered");
    }));

  it("test_taskgroup_finished: when it has been left it takes no members, and closes what it was given", () =>
    on(function* () {
      const group = new TaskGroup();
      yield* asyncWith(group, nothing);
      expect(refusal(group)).toBe("RuntimeError: TaskGroup <TaskGroup entered> is finished");
    }));

  it("test_coro_closed_when_tg_closed: also a coroutine of the library's own, which can run elsewhere then", () =>
    on(function* () {
      const group = yield* asyncWith(new TaskGroup(), function* (group) {
        return group;
      });
      const sleeping = sleep(0, "unharmed");
      expect(label(thrownBy(() => group.createTask(sleeping)))).toBe(
        "RuntimeError: TaskGroup <TaskGroup entered> is finished",
      );
      expect(yield* sleeping).toBe("unharmed");
    }));

  it("test_taskgroup_not_entered: before it is entered it takes no members", () =>
    on(function* () {
      expect(refusal(new TaskGroup())).toBe("RuntimeError: TaskGroup <TaskGroup> has not been entered");
    }));

  it("test_taskgroup_without_parent_task: it cannot be entered outside a task, and is not entered then", () =>
    on(function* ({ loop }) {
      const group = new TaskGroup();
      const errors: string[] = [];
      loop.callSoon(() => errors.push(label(thrownBy(() => group.aenter().next()))));
      yield* passes(1);
      expect(errors).toEqual(["RuntimeError: TaskGroup <TaskGroup> cannot determine the parent task"]);
      expect(refusal(group)).toBe("RuntimeError: TaskGroup <TaskGroup> has not been entered");
    }));
}

describeBackends("test_taskgroups.TestTaskGroup", (backend) => cases(backend, null));
describeBackends("test_taskgroups.TestEagerTaskTaskGroup", (backend) => cases(backend, eagerTaskFactory));
