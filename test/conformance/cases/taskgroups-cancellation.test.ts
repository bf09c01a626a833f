// Counterparts of CPython's test_taskgroups: the task around a group is cancelled from outside.
import { expect, it } from "vitest";
import {
  type BackendName,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  Event,
  ExceptionGroup,
  sleep,
  type Task,
  type TaskFactory,
  type Yieldable,
} from "../../../lib/index.ts";
import { describeBackends } from "../../support/backends.ts";
import { failAfter, failWhenEnded, groupErrorsOf, inGroup, onGroupLoop } from "../../support/groups.ts";
import { errorOf, label } from "../../support/outcomes.ts";

/** Sleeps, and counts it when it is cancelled. */
function* counting(log: string[], name: string, seconds: number): Coroutine<void> {
  try {
    yield* sleep(seconds);
  } catch (error) {
    if (error instanceof CancelledError) log.push(name);
    throw error;
  }
}

/** Starts `body` as a task and cancels it after 0.1 s. */
function* cancelledAfterStart(body: () => Yieldable<unknown>): Coroutine<Task<unknown>> {
  const task = createTask(body);
  yield* sleep(0.1);
  expect(task.done()).toBe(false);
  task.cancel();
  return task;
}

function cases(backend: BackendName, factory: TaskFactory | null): void {
  const on = onGroupLoop(backend, factory);

  it("test_cancellation: while the group waits at its end, every member is cancelled", () =>
    on(function* () {
      const log: string[] = [];
      const runner = yield* cancelledAfterStart(() =>
        inGroupOf(
          5,
          () => counting(log, "member", 5),
          () => sleep(0),
        ),
      );
      expect(yield* errorOf(runner)).toBeInstanceOf(CancelledError);
      expect(log).toEqual(Array(5).fill("member"));
      expect(runner.cancelled()).toBe(true);
    }));

  it("test_taskgroup_07: while the body runs, every member is cancelled too", () =>
    on(function* () {
      const log: string[] = [];
      const runner = yield* cancelledAfterStart(() =>
        inGroupOf(
          5,
          () => counting(log, "member", 5),
          () => counting(log, "body", 10),
        ),
      );
      expect(yield* errorOf(runner)).toBeInstanceOf(CancelledError);
      expect(log).toEqual(["body", ...Array<string>(5).fill("member")]);
    }));

  it("test_taskgroup_08: members that fail when they are cancelled make a group of errors", () =>
    on(function* () {
      const runner = yield* cancelledAfterStart(() =>
        inGroupOf(
          5,
          () => failWhenEnded(10, "cleanup"),
          () => sleep(10),
        ),
      );
      expect(yield* groupErrorsOf(runner)).toEqual(Array(5).fill("RangeError: cleanup"));
    }));

  it("test_taskgroup_11: the same inside an outer group without members", () =>
    on(function* () {
      const runner = yield* cancelledAfterStart(() =>
        inGroup(() =>
          inGroupOf(
            5,
            () => failWhenEnded(10, "cleanup"),
            () => sleep(10),
          ),
        ),
      );
      expect(yield* groupErrorsOf(runner)).toEqual([Array(5).fill("RangeError: cleanup")]);
    }));

  it("test_taskgroup_12: the same inside an outer group with a member of its own", () =>
    on(function* () {
      let member: Task<unknown> | undefined;
      const runner = yield* cancelledAfterStart(() =>
        inGroup((outer) => {
          member = outer.createTask(sleep(10));
          return inGroupOf(
            5,
            () => failWhenEnded(10, "cleanup"),
            () => sleep(10),
          );
        }),
      );
      expect(yield* groupErrorsOf(runner)).toEqual([Array(5).fill("RangeError: cleanup")]);
      expect(member!.cancelled()).toBe(true);
    }));

  it("test_taskgroup_15: a member fails while the body cleans up after its cancellation", () =>
    on(function* ({ loop }) {
      const runner = yield* cancelledAfterStart(slowToStop);
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: soon"]);
      // The clean-up is interrupted in its turn: 0.5 s would have ended at 0.6.
      expect(loop.time()).toBeCloseTo(0.3, 9);
    }));

  it("test_taskgroup_16: the same one task further in", () =>
    on(function* ({ loop }) {
      const runner = yield* cancelledAfterStart(function* () {
        yield* createTask(slowToStop);
      });
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: soon"]);
      expect(loop.time()).toBeCloseTo(0.3, 9);
    }));

  it("test_taskgroup_17: a group without members lets the cancellation of its body through", () =>
    on(function* () {
      const log: string[] = [];
      const runner = yield* cancelledAfterStart(() => inGroup(() => counting(log, "body", 10)));
      expect(yield* errorOf(runner)).toBeInstanceOf(CancelledError);
      expect(log).toEqual(["body"]);
    }));

  it("test_taskgroup_18: a body that turns its cancellation into an error: the error stands, in a group", () =>
    on(function* () {
      const runner = yield* cancelledAfterStart(() => inGroup(() => failWhenEnded(10, "instead")));
      expect(yield* groupErrorsOf(runner)).toEqual(["RangeError: instead"]);
      expect(runner.cancelled()).toBe(false);
    }));

  it("test_taskgroup_22: before the members have got far", () =>
    on(function* () {
      const tasks: Task<unknown>[] = [];
      const runner = createTask(() =>
        inGroup(function* (group) {
          tasks.push(group.createTask(sleep(1, 42)), group.createTask(sleep(2, 11)));
        }),
      );
      yield* sleep(0.05);
      runner.cancel();
      expect(yield* errorOf(runner)).toBeInstanceOf(CancelledError);
      expect(tasks.map((task) => task.cancelled())).toEqual([true, true]);
    }));

  it("test_nested_groups_both_cancelled: an error for each of two groups at once; none is lost", () =>
    on(function* () {
      const task = currentTask()!;
      const log: unknown[] = [];
      const outerErrors = yield* groupErrorsOf(
        inGroup(function* (outer) {
          try {
            yield* inGroup(function* (inner) {
              inner.createTask(failAfter(0, "inner"));
              outer.createTask(failAfter(0, "outer"));
            });
          } catch (error) {
            if (!(error instanceof ExceptionGroup)) throw error;
            log.push(error.exceptions.map(label));
          }
          // The outer group's request is still to be thrown, at the next await.
          log.push(task.cancelling());
        }),
      );
      expect(log).toEqual([["RangeError: inner"], 1]);
      expect(outerErrors).toEqual(["RangeError: outer"]);
      expect(task.cancelling()).toBe(0);
    }));

  it("test_error_and_cancel: a member's error and a cancellation at once: first the error, then the cancellation", () =>
    on(function* () {
      const started = new Event();
      const log: unknown[] = [];
      const task = createTask(function* () {
        const self = currentTask()!;
        const errors = yield* groupErrorsOf(
          inGroup(function* (group) {
            group.createTask(function* () {
              started.set();
              yield* sleep(0);
              throw new RangeError("member");
            });
            yield* sleep(1);
            log.push("not reached in the group");
          }),
        );
        log.push(errors, self.cancelling());
        yield* sleep(1);
        log.push("not reached after the group");
      });
      yield* started.wait();
      expect(task.cancelling()).toBe(0);
      task.cancel();
      expect(task.cancelling()).toBe(1);
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(task.cancelled()).toBe(true);
      expect(log).toEqual([["RangeError: member"], 1]);
    }));
}

/** A group with `count` members around a body. */
function inGroupOf(count: number, member: () => Coroutine<void>, body: () => Yieldable<unknown>) {
  return inGroup(function* (group) {
    for (let i = 0; i < count; i++) group.createTask(member);
    yield* body();
  });
}

/** A group whose body takes 0.5 s to end when it is cancelled; meanwhile, at 0.3 s, a member fails. */
function slowToStop() {
  return inGroup(function* (group) {
    group.createTask(failAfter(0.3, "soon"));
    try {
      yield* sleep(10);
    } catch (error) {
      yield* sleep(0.5);
      throw error;
    }
  });
}

describeBackends("test_taskgroups.TestTaskGroup", (backend) => cases(backend, null));
describeBackends("test_taskgroups.TestEagerTaskTaskGroup", (backend) => cases(backend, eagerTaskFactory));
