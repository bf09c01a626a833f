// TaskGroup: order, both flavours of coroutine, cancellations that collide, and misuse; cancel() has a file of its own.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  captureCallGraph,
  type Coroutine,
  createTask,
  currentTask,
  ExceptionGroup,
  RuntimeError,
  sleep,
  Task,
  type TaskFactory,
  TaskGroup,
  timeout,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../support/backends.ts";
import { failAfter, failWhenEnded, groupErrorsOf, inGroup } from "../support/groups.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("TaskGroup", (backend) => {
  it("cancels its members in the order in which they were started", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(() =>
        inGroup(function* (group) {
          for (const name of ["a", "b", "c", "d"]) {
            group.createTask(function* () {
              log.push(`${name} ${label(yield* errorOf(sleep(10)))}`);
            });
          }
        }),
      );
      yield* passes(3);
      task.cancel();
      yield* errorOf(task);
      expect(log).toEqual(["a", "b", "c", "d"].map((name) => `${name} CancelledError: `));
    }));

  it("reports errors in the order in which they came, those during the cancellation included, the body's last", () =>
    onVirtualLoop(backend, function* () {
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(failAfter(0.2, "second"));
          group.createTask(failAfter(0.1, "first"));
          group.createTask(failWhenEnded(10, "cleanup"));
          try {
            yield* sleep(10);
          } catch {
            yield* sleep(5);
          }
          throw new TypeError("body");
        }),
      );
      // The second one was cancelled before its time came.
      expect(errors).toEqual(["RangeError: first", "RangeError: cleanup", "TypeError: body"]);
    }));

  it("throws a group without a cause that says what it is", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(
        inGroup(function* (group) {
          group.createTask(failAfter(0, "member"));
        }),
      );
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect([error.message, "cause" in error]).toEqual(["unhandled errors in a TaskGroup", false]);
      expect(String(error)).toBe("ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)");
    }));

  it("holds what is thrown and is not an Error as the cause of a RuntimeError", () =>
    onVirtualLoop(backend, function* () {
      const error = (yield* errorOf(
        inGroup(function* (group) {
          group.createTask(function* () {
            yield* sleep(0);

            throw "text";
          });
        }),
      )) as ExceptionGroup;
      expect(error.exceptions.map(label)).toEqual([
        "RuntimeError: something that is not an Error was thrown: text",
      ]);
      expect(error.exceptions[0]!.cause).toBe("text");
    }));

  it("lets the CancelledError of a member through that the body awaits", () =>
    onVirtualLoop(backend, function* () {
      const sibling = { cancelled: false };
      const error = yield* errorOf(
        inGroup(function* (group) {
          const member = group.createTask(sleep(10));
          group.createTask(function* () {
            sibling.cancelled = (yield* errorOf(sleep(10))) instanceof CancelledError;
          });
          yield* sleep(0.1);
          member.cancel("only this one");
          yield* member;
        }),
      );
      expect(label(error)).toBe("CancelledError: only this one");
      expect([sibling.cancelled, currentTask()!.cancelling()]).toEqual([true, 0]);
    }));

  it("waits for all members, however often its task is cancelled meanwhile", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const task = createTask(() =>
        inGroup(function* (group) {
          group.createTask(function* () {
            log.push((yield* errorOf(sleep(10))).message);
            yield* sleep(1);
            log.push("ended");
          });
        }),
      );
      for (const message of ["one", "two", "three"]) {
        yield* sleep(0.1);
        task.cancel(message);
      }
      expect(label(yield* errorOf(task))).toBe("CancelledError: one");
      // The member was cancelled once, and without the message.
      expect(log).toEqual(["", "ended"]);
      expect([loop.time(), task.cancelling()]).toEqual([1.1, 3]);
    }));

  it("keeps a request of an outer group that came while it was failing itself (gh-116720)", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const errors = yield* groupErrorsOf(
        inGroup(function* (outer) {
          const inner = groupErrorsOf(
            inGroup(function* (group) {
              group.createTask(failAfter(0.1, "inner"));
              outer.createTask(failAfter(0.1, "outer"));
              yield* sleep(10);
            }),
          );
          log.push(JSON.stringify(yield* inner));
          log.push(label(yield* errorOf(sleep(10))));
          yield* sleep(1);
          log.push("swallowed");
        }),
      );
      expect(log).toEqual(['["RangeError: inner"]', "CancelledError: ", "swallowed"]);
      expect(errors).toEqual(["RangeError: outer"]);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("starts members through the loop's task factory, with every option", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      const factory: TaskFactory = (on, coro, options) => {
        seen.push(options);
        return new Task(coro, { ...options, loop: on });
      };
      loop.setTaskFactory(factory);
      const controller = new AbortController();
      const options = { name: "member", signal: controller.signal };
      const member = yield* inGroup(function* (group) {
        const task = group.createTask(sleep(10), options);
        controller.abort();
        return task;
      });
      loop.setTaskFactory(null);
      expect(seen).toEqual([options]);
      expect([member.getName(), member.cancelled()]).toEqual(["member", true]);
    }));

  it("is what the call graph shows its members to be waited for by", () =>
    onVirtualLoop(backend, function* () {
      const waiters = yield* inGroup(function* (group) {
        const member = group.createTask(sleep(1));
        yield* sleep(0.1);
        return captureCallGraph(member)!.awaitedBy.map((graph) => graph.future);
      });
      expect(waiters).toHaveLength(1);
      expect(waiters[0]).toBe(currentTask());
    }));

  it("is unharmed by what it cannot start", () =>
    onVirtualLoop(backend, function* () {
      const done = yield* inGroup(function* (group) {
        for (const odd of [5, null, undefined, {}, "coroutine"]) {
          expect(thrownBy(() => group.createTask(odd as never))).toBeInstanceOf(TypeError);
        }
        expect(String(group)).toBe("<TaskGroup entered>");
        return group.createTask(sleep(0, "fine"));
      });
      expect(done.result()).toBe("fine");
    }));

  it("cannot be left when it was not entered", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(new TaskGroup().aexit(undefined));
      expect(label(error)).toBe("RuntimeError: TaskGroup <TaskGroup> has not been entered");
    }));

  it("reports the error of a member whose group was entered by hand and never left", () =>
    onVirtualLoop(backend, function* ({ takeReports }) {
      const entered: Task<unknown>[] = [];
      const parent = createTask(function* () {
        const group = yield* new TaskGroup().aenter();
        entered.push(group.createTask(failAfter(1, "nobody waits")));
      });
      yield* parent;
      yield* sleep(2);
      const reports = takeReports();
      expect(reports.map((report) => label(report.exception))).toEqual(["RangeError: nobody waits"]);
      expect(reports[0]!.message).toContain("has errored out but its parent task");
      expect(entered[0]!.done()).toBe(true);
    }));

  it("takes 10 000 members, and ends them all with the first error", () =>
    onVirtualLoop(backend, function* () {
      let cancelled = 0;
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          for (let i = 0; i < 10_000; i++) {
            group.createTask(function* () {
              if ((yield* errorOf(sleep(10))) instanceof CancelledError) cancelled++;
            });
          }
          group.createTask(failAfter(0.1, "only one"));
        }),
      );
      expect([errors, cancelled]).toEqual([["RangeError: only one"], 10_000]);
    }));
});

describeBackends("TaskGroup in async functions", (backend) => {
  it("members of both flavours, body and all, fail and are cancelled as in coroutines", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const noting = async (name: string): Promise<void> => {
        try {
          await sleep(10);
        } catch (error) {
          log.push(`${name} ${label(error)}`);
          throw error;
        }
      };
      const task = createTask(async () => {
        await asyncWith(new TaskGroup(), async (group) => {
          group.createTask(() => noting("async"));
          group.createTask(function* (): Coroutine<void> {
            yield* sleep(0.1);
            throw new RangeError("generator");
          });
          await noting("body");
        });
      });
      expect(yield* groupErrorsOf(task)).toEqual(["RangeError: generator"]);
      expect(log.sort()).toEqual(["async CancelledError: ", "body CancelledError: "]);
      expect([loop.time(), task.cancelling()]).toEqual([0.1, 0]);
    }));

  it("gives the results of members, and of the body", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(async () => {
        const [a, b] = await asyncWith(new TaskGroup(), async (group) => {
          const tasks = [group.createTask(async () => "a"), group.createTask(sleep(0.1, "b"))] as const;
          await sleep(0.01);
          return tasks;
        });
        return a.result() + b.result();
      });
      expect(yield* task).toBe("ab");
    }));

  it("a member's error and a cancellation at once: first the error, then the cancellation", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: unknown[] = [];
      const task = createTask(async () => {
        try {
          await asyncWith(new TaskGroup(), async (group) => {
            group.createTask(failAfter(0.1, "member"));
            await sleep(10);
          });
        } catch (error) {
          log.push((error as ExceptionGroup).exceptions.map(label), currentTask()!.cancelling());
        }
        try {
          await sleep(10);
        } catch (error) {
          log.push(label(error));
          throw error;
        }
      });
      loop.callLater(0.1, () => task.cancel());
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(log).toEqual([["RangeError: member"], 1, "CancelledError: "]);
      expect(loop.time()).toBe(0.1);
    }));

  it("a timeout around a group around a promise that is not ours", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const aborted: string[] = [];
      const foreign = (signal: AbortSignal): Promise<void> =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted.push("aborted");
            reject(signal.reason as Error);
          });
        });
      const task = createTask(async () => {
        await asyncWith(timeout(0.5), () =>
          asyncWith(new TaskGroup(), async (group) => {
            group.createTask(() => foreign(currentTask()!.signal));
            await sleep(10);
          }),
        );
      });
      expect(label(yield* errorOf(task))).toBe("TimeoutError: ");
      expect([aborted, loop.time(), task.cancelling()]).toEqual([["aborted"], 0.5, 0]);
    }));

  it("refuses to be entered by code that is no task", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const errors: unknown[] = [];
      loop.callSoon(() => {
        errors.push(thrownBy(() => new TaskGroup().aenter().next()));
      });
      yield* passes(1);
      expect(errors[0]).toBeInstanceOf(RuntimeError);
    }));
});
