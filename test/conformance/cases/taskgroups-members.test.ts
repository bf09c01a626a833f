// Counterparts of CPython's test_taskgroups: members that succeed, that are cancelled alone, and what they are started with.
// CPython runs one set of cases with ordinary tasks and with eager ones; so do these files.
import { expect, it } from "vitest";
import {
  allTasks,
  type BackendName,
  ContextVar,
  copyContext,
  type Coroutine,
  currentTask,
  eagerTaskFactory,
  sleep,
  type Task,
  type TaskFactory,
  type TaskGroup,
} from "../../../lib/index.ts";
import { describeBackends } from "../../support/backends.ts";
import { failAfter, groupErrorsOf, inGroup, onGroupLoop } from "../../support/groups.ts";

function cases(backend: BackendName, factory: TaskFactory | null): void {
  const on = onGroupLoop(backend, factory);

  it("test_taskgroup_01: the block is left when all members have ended", () =>
    on(function* ({ loop }) {
      const tasks = yield* inGroup(function* (group) {
        return [group.createTask(sleep(0.1, 42)), group.createTask(sleep(0.2, 11))];
      });
      expect(tasks.map((task) => task.result())).toEqual([42, 11]);
      expect(loop.time()).toBeCloseTo(0.2, 9);
    }));

  it("test_taskgroup_02: members can be added while the body awaits", () =>
    on(function* ({ loop }) {
      const tasks = yield* inGroup(function* (group) {
        const first = group.createTask(sleep(0.1, 42));
        yield* sleep(0.15);
        return [first, group.createTask(sleep(0.2, 11))];
      });
      expect(tasks.map((task) => task.result())).toEqual([42, 11]);
      expect(loop.time()).toBeCloseTo(0.35, 9);
    }));

  it("test_taskgroup_03: a member that is cancelled alone is no failure", () =>
    on(function* ({ loop }) {
      const tasks = yield* inGroup(function* (group) {
        const first = group.createTask(sleep(1, 42));
        yield* sleep(0.15);
        first.cancel();
        return [first, group.createTask(sleep(0.2, 11))];
      });
      expect(tasks.map((task) => task.cancelled())).toEqual([true, false]);
      expect(tasks[1]!.result()).toBe(11);
      expect(loop.time()).toBeCloseTo(0.35, 9);
    }));

  it("test_taskgroup_23: members that have ended are let go of while the body runs", () =>
    on(function* ({ loop }) {
      const counts: string[] = [];
      yield* inGroup(function* (group) {
        for (let count = 0; count < 10; count++) {
          yield* sleep(0.1);
          group.createTask(sleep(0.25));
          if (count === 5) counts.push(group.toString());
        }
        yield* sleep(1.35);
        counts.push(group.toString(), `left ${allTasks(loop).size}`);
      });
      // Of six members at 0.1 s intervals the last three are younger than 0.25 s.
      expect(counts).toEqual(["<TaskGroup tasks=3 entered>", "<TaskGroup entered>", "left 1"]);
    }));

  it("test_taskgroup_24: a member can start members while the group waits at its end", () =>
    on(function* ({ loop }) {
      const started: Task<unknown>[] = [];
      yield* inGroup(function* (group) {
        group.createTask(function* () {
          yield* sleep(0.1);
          started.push(group.createTask(sleep(0.1)), group.createTask(sleep(0.2)));
        });
      });
      expect(started.map((task) => task.done())).toEqual([true, true]);
      expect(loop.time()).toBeCloseTo(0.3, 9);
    }));

  it("test_taskgroup_25: an error ends a group whose members multiply", () =>
    on(function* ({ loop }) {
      let heads = 0;
      function* hydra(group: TaskGroup): Coroutine<void> {
        heads++;
        yield* sleep(0.01);
        group.createTask(hydra(group));
        group.createTask(hydra(group));
      }
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(hydra(group));
          group.createTask(function* () {
            while (heads < 10) yield* sleep(0.015);
            throw new RangeError("hercules");
          });
        }),
      );
      expect(errors).toEqual(["RangeError: hercules"]);
      expect(heads).toBeGreaterThanOrEqual(10);
      expect(allTasks(loop).size).toBe(1);
    }));

  it("test_taskgroup_task_name: createTask() takes a name", () =>
    on(function* () {
      const task = yield* inGroup(function* (group) {
        return group.createTask(sleep(0), { name: "yolo" });
      });
      expect(task.getName()).toBe("yolo");
    }));

  it("test_name: the member sees the name it was given, from its first step on", () =>
    on(function* () {
      const names: string[] = [];
      yield* inGroup(function* (group) {
        group.createTask(
          function* () {
            names.push(currentTask()!.getName());
          },
          { name: "example name" },
        );
      });
      expect(names).toEqual(["example name"]);
    }));

  it("test_taskgroup_task_context: createTask() takes a context, which members can share", () =>
    on(function* () {
      const variable = new ContextVar<number>("variable");
      function* setting(value: number): Coroutine<void> {
        yield* sleep(0);
        variable.set(value);
      }
      const seen = yield* inGroup(function* (group) {
        const context = copyContext();
        const get = (): number => context.run(() => variable.get(0));
        const values = [get()];
        yield* group.createTask(setting(1), { context });
        values.push(get());
        yield* group.createTask(setting(2), { context });
        values.push(get());
        return values;
      });
      expect(seen).toEqual([0, 1, 2]);
    }));

  it("test_cancellation_does_not_leak_out_of_tg: a member that fails at once does not cancel what follows", () =>
    on(function* () {
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(function* (): Coroutine<void> {
            throw new RangeError("at once");
          });
        }),
      );
      expect(errors).toEqual(["RangeError: at once"]);
      expect(currentTask()!.cancelling()).toBe(0);
      yield* sleep(0);
    }));

  it("test_cancels_task_if_created_during_creation: a member that starts one which fails at once is cancelled", () =>
    on(function* () {
      const log: string[] = [];
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(function* () {
            group.createTask(function* (): Coroutine<void> {
              throw new RangeError("third task failed");
            });
            try {
              // An eager task is cancelled here, any other at the second.
              yield* sleep(0);
              yield* sleep(0);
            } catch (error) {
              log.push((error as Error).name);
              throw error;
            }
          });
        }),
      );
      expect(errors).toEqual(["RangeError: third task failed"]);
      expect(log).toEqual(["CancelledError"]);
    }));

  it("test_cancelling_level_preserved: the parent's requests are as many after the errors as before", () =>
    on(function* () {
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(failAfter(0, "member"));
        }),
      );
      expect(errors).toEqual(["RangeError: member"]);
      expect(currentTask()!.cancelling()).toBe(0);
    }));
}

describeBackends("test_taskgroups.TestTaskGroup", (backend) => cases(backend, null));
describeBackends("test_taskgroups.TestEagerTaskTaskGroup", (backend) => cases(backend, eagerTaskFactory));
