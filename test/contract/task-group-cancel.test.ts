// TaskGroup.cancel(): an early end of a group that is no error, as CPython 3.15 has it with the corrections made since.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  RuntimeError,
  sleep,
  type Task,
  TaskGroup,
  timeout,
  TimeoutError,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../support/backends.ts";
import { failAfter, failWhenEnded, groupErrorsOf, inGroup } from "../support/groups.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

/** Sleeps; when it is cancelled it takes some more time to end. */
function* slowToEnd(log: string[], seconds: number, cleanup: number): Coroutine<void> {
  try {
    yield* sleep(seconds);
  } finally {
    yield* sleep(cleanup);
    log.push("cleaned up");
  }
}

describeBackends("TaskGroup.cancel()", (backend) => {
  it("cancels members and body, and the block is left without an error", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const tasks: Task<unknown>[] = [];
      const result = yield* inGroup(function* (group) {
        tasks.push(group.createTask(sleep(0.05, "kept")), group.createTask(sleep(10)));
        loop.callLater(0.1, () => group.cancel());
        log.push(label(yield* errorOf(sleep(20))));
        yield* sleep(0);
        return "the body swallowed it, and so has a result";
      });
      expect(result).toBe("the body swallowed it, and so has a result");
      expect(log).toEqual(["CancelledError: "]);
      expect(tasks.map((task) => task.cancelled())).toEqual([false, true]);
      expect([loop.time(), currentTask()!.cancelling()]).toEqual([0.1, 0]);
    }));

  it("ends a body that does not swallow it; there is no result then", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const result = yield* inGroup(function* (group) {
        group.cancel();
        yield* sleep(20);
        return "not reached";
      });
      expect([result, loop.time(), currentTask()!.cancelling()]).toEqual([undefined, 0, 0]);
      yield* sleep(0);
    }));

  it("by a body that does not await any more: nothing is thrown after the block either", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      let member: Task<unknown> | undefined;
      const result = yield* inGroup(function* (group) {
        member = group.createTask(sleep(10));
        group.cancel();
        return "result";
      });
      expect([result, member!.cancelled(), loop.time()]).toEqual(["result", true, 0]);
      yield* sleep(0);
      yield* inGroup(function* (group) {
        group.cancel();
      });
      yield* sleep(0);
    }));

  it("by a member, while the group waits at its end", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      yield* inGroup(function* (group) {
        group.createTask(slowToEnd(log, 10, 0.5));
        group.createTask(function* () {
          yield* sleep(0.1);
          group.cancel();
          log.push("cancelled");
          yield* sleep(10);
          log.push("not reached");
        });
      });
      // Members that take their time are waited for.
      expect(log).toEqual(["cancelled", "cleaned up"]);
      expect([loop.time(), currentTask()!.cancelling()]).toEqual([0.6, 0]);
    }));

  it("before the group is entered: the body is cancelled at its first await, and can start no members", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const group = new TaskGroup();
      group.cancel();
      const log: string[] = [];
      yield* asyncWith(group, function* () {
        log.push(label(thrownBy(() => group.createTask(sleep(10)))));
        yield* sleep(10);
        log.push("not reached");
      });
      expect(log).toEqual(["RuntimeError: TaskGroup <TaskGroup cancelling> is shutting down"]);
      expect([loop.time(), currentTask()!.cancelling()]).toEqual([0, 0]);
    }));

  it("again, and after the block: nothing more happens", () =>
    onVirtualLoop(backend, function* () {
      const self = currentTask()!;
      const group = yield* inGroup(function* (group) {
        group.createTask(sleep(10));
        group.cancel();
        group.cancel();
        expect(self.cancelling()).toBe(1);
        return group;
      });
      group.cancel();
      expect(self.cancelling()).toBe(0);
      yield* sleep(0);
    }));

  it("takes no members afterwards, and closes what it is given", () =>
    onVirtualLoop(backend, function* () {
      const coroutine = failAfter(0, "never run");
      yield* inGroup(function* (group) {
        group.cancel();
        expect(thrownBy(() => group.createTask(coroutine))).toBeInstanceOf(RuntimeError);
      });
      expect(coroutine.next()).toEqual({ done: true, value: undefined });
    }));

  it("does not hide errors: of members, and of the body", () =>
    onVirtualLoop(backend, function* () {
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(failWhenEnded(10, "member"));
          yield* sleep(0.1);
          group.cancel();
          yield* failWhenEnded(10, "body");
        }),
      );
      expect(errors).toEqual(["RangeError: member", "RangeError: body"]);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("after a member has failed: the error stands", () =>
    onVirtualLoop(backend, function* () {
      const errors = yield* groupErrorsOf(
        inGroup(function* (group) {
          group.createTask(failAfter(0.1, "member"));
          yield* errorOf(sleep(10));
          group.cancel();
        }),
      );
      expect(errors).toEqual(["RangeError: member"]);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("of an inner group leaves the outer one alone; of the outer one ends both", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      yield* inGroup(function* (outer) {
        outer.createTask(function* () {
          yield* sleep(0.3);
          log.push("outer member");
        });
        yield* inGroup(function* (inner) {
          inner.cancel();
          yield* sleep(10);
        });
        log.push("between");
        yield* sleep(0.1);
        outer.createTask(sleep(10));
        yield* sleep(0.3);
        yield* inGroup(function* (inner) {
          inner.createTask(sleep(10));
          outer.cancel();
          yield* sleep(10);
        });
        log.push("not reached");
      });
      expect(log).toEqual(["between", "outer member"]);
      expect(currentTask()!.cancelling()).toBe(0);
    }));

  it("in an eager member before it has suspended: that member is cancelled too (gh-155418)", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      const tasks: Task<unknown>[] = [];
      yield* inGroup(function* (group) {
        tasks.push(
          group.createTask(function* () {
            group.cancel();
            yield* loop.createFuture<void>();
          }),
        );
      });
      expect(tasks[0]!.cancelled()).toBe(true);
      const done = yield* inGroup(function* (group) {
        return group.createTask(function* () {
          group.cancel();
          return "at once";
        });
      });
      expect(done.result()).toBe("at once");
    }));

  it("works in async functions", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const task = createTask(async () => {
        const group = new TaskGroup();
        await asyncWith(group, async () => {
          group.createTask(async () => {
            await sleep(0.1);
            group.cancel();
          });
          try {
            await sleep(10);
          } catch (error) {
            log.push(label(error));
            throw error;
          }
        });
        await sleep(1);
        log.push(`left with ${currentTask()!.cancelling()} requests`);
      });
      yield* task;
      expect(log).toEqual(["CancelledError: ", "left with 0 requests"]);
      expect(loop.time()).toBeCloseTo(1.1, 9);
    }));
});

describeBackends("TaskGroup.cancel() and a cancellation from outside", (backend) => {
  it("while the members end: it is thrown on, with its message (gh-155433)", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(() =>
        inGroup(function* (group) {
          group.createTask(slowToEnd(log, 10, 1));
          yield* sleep(0.1);
          group.cancel();
          yield* sleep(10);
        }),
      );
      yield* sleep(0.5);
      task.cancel("from outside");
      yield* sleep(0.1);
      task.cancel("again");
      expect(label(yield* errorOf(task))).toBe("CancelledError: from outside");
      expect(log).toEqual(["cleaned up"]);
      expect([task.cancelled(), task.cancelling()]).toEqual([true, 2]);
    }));

  it("a timeout around the block that expires meanwhile throws TimeoutError", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      const error = yield* errorOf(
        asyncWith(timeout(0.5), () =>
          inGroup(function* (group) {
            group.createTask(slowToEnd(log, 3600, 1));
            yield* sleep(0.1);
            group.cancel();
          }),
        ),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      expect(log).toEqual(["cleaned up"]);
      expect([loop.time(), currentTask()!.cancelling()]).toEqual([1.1, 0]);
    }));

  for (const order of ["before", "after"] as const) {
    it(`in the same pass, ${order} it: the task is cancelled`, () =>
      onVirtualLoop(backend, function* () {
        let group: TaskGroup | undefined;
        const task = createTask(() =>
          inGroup(function* (entered) {
            group = entered;
            yield* sleep(10);
          }),
        );
        yield* passes(2);
        if (order === "before") task.cancel("from outside");
        group!.cancel();
        if (order === "after") task.cancel("from outside");
        expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
        expect([task.cancelled(), task.cancelling()]).toEqual([true, 1]);
      }));
  }

  it("that came and was caught before the block: it is not thrown again", () =>
    onVirtualLoop(backend, function* () {
      const self = currentTask()!;
      self.cancel("dealt with");
      expect(label(yield* errorOf(sleep(1)))).toBe("CancelledError: dealt with");
      yield* inGroup(function* (group) {
        group.cancel();
        yield* sleep(10);
      });
      yield* sleep(1);
      expect(self.uncancel()).toBe(0);
    }));

  it("that was asked for before the block and not thrown yet: it is thrown", () =>
    onVirtualLoop(backend, function* () {
      const task = createTask(function* () {
        currentTask()!.cancel("pending");
        yield* inGroup(function* (group) {
          group.cancel();
          yield* sleep(10);
        });
      });
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(task.cancelling()).toBe(1);
    }));
});
