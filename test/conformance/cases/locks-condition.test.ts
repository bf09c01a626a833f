// Counterparts of CPython's test_locks: Condition, waiting and notifying. What cancellation does is in locks-condition-cancel.
import { expect, it } from "vitest";
import {
  asyncWith,
  Condition,
  type Coroutine,
  createTask,
  Lock,
  newEventLoop,
  RuntimeError,
  sleep,
} from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { REPR } from "../../support/lock-repr.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

/** Waits on `condition` and notes its number; releases the lock afterwards if told to. */
function* waitAndNote(
  condition: Condition,
  n: number,
  noted: number[],
  { release }: { release: boolean },
): Coroutine<boolean> {
  yield* condition.acquire();
  if (yield* condition.wait()) {
    noted.push(n);
    if (release) condition.release();
  }
  return true;
}

describeBackends("test_locks.ConditionTests", (backend) => {
  it("test_wait: a notified waiter goes on once the lock is free, one after the other", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      const noted: number[] = [];
      const tasks = [1, 2, 3].map((n) => createTask(waitAndNote(condition, n, noted, { release: false })));
      const state = () => [noted.join(), condition.locked()];

      yield* sleep(0);
      expect(state()).toEqual(["", false]);
      expect(yield* condition.acquire()).toBe(true);
      condition.notify();
      yield* sleep(0);
      expect(state()).toEqual(["", true]);

      condition.release();
      yield* sleep(0);
      expect(state()).toEqual(["1", true]);
      condition.notify(2);
      yield* sleep(0);
      expect(state()).toEqual(["1", true]);

      condition.release();
      yield* sleep(0);
      expect(state()).toEqual(["1,2", true]);
      condition.release();
      yield* sleep(0);
      expect(state()).toEqual(["1,2,3", true]);
      expect(tasks.map((task) => task.result())).toEqual([true, true, true]);
    }));

  it("test_wait_unacquired: is a RuntimeError", () =>
    onLoop(backend, function* () {
      expect(yield* errorOf(new Condition().wait())).toBeInstanceOf(RuntimeError);
    }));

  it("test_wait_for: goes on waiting until the predicate holds", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      let holds = false;
      const noted: number[] = [];
      function* wait(): Coroutine<boolean> {
        yield* condition.acquire();
        if (yield* condition.waitFor(() => holds)) {
          noted.push(1);
          condition.release();
        }
        return true;
      }
      function* notify(): Coroutine<void> {
        yield* condition.acquire();
        condition.notify();
        condition.release();
        yield* sleep(0);
      }

      const task = createTask(wait());
      yield* sleep(0);
      expect(noted).toEqual([]);
      yield* notify();
      expect(noted).toEqual([]);
      holds = true;
      yield* notify();
      expect(noted).toEqual([1]);
      expect(task.result()).toBe(true);
    }));

  it("test_wait_for_unacquired: a predicate that holds at once needs no lock, any other does", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      expect(yield* condition.waitFor(() => [1, 2, 3])).toEqual([1, 2, 3]);
      expect(yield* errorOf(condition.waitFor(() => false))).toBeInstanceOf(RuntimeError);
    }));

  it("test_notify: wakes as many as it is told, or as there are", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      const noted: number[] = [];
      const tasks = [1, 2, 3].map((n) => createTask(waitAndNote(condition, n, noted, { release: true })));
      yield* sleep(0);
      expect(noted).toEqual([]);

      yield* condition.acquire();
      condition.notify(1);
      condition.release();
      yield* sleep(0);
      expect(noted).toEqual([1]);

      yield* condition.acquire();
      condition.notify(1);
      condition.notify(2048);
      condition.release();
      yield* sleep(0);
      expect(noted).toEqual([1, 2, 3]);
      expect(tasks.map((task) => task.result())).toEqual([true, true, true]);
    }));

  it("test_notify_all: wakes all", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      const noted: number[] = [];
      const tasks = [1, 2].map((n) => createTask(waitAndNote(condition, n, noted, { release: true })));
      yield* sleep(0);
      expect(noted).toEqual([]);

      yield* condition.acquire();
      condition.notifyAll();
      condition.release();
      yield* sleep(0);
      expect(noted).toEqual([1, 2]);
      expect(tasks.map((task) => task.result())).toEqual([true, true]);
    }));

  it("test_notify_unacquired: is a RuntimeError", () => {
    expect(thrownBy(() => new Condition().notify())).toBeInstanceOf(RuntimeError);
  });

  it("test_notify_all_unacquired: is a RuntimeError", () => {
    expect(thrownBy(() => new Condition().notifyAll())).toBeInstanceOf(RuntimeError);
  });

  it("test_repr: says whether the lock is held, and how many wait", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      expect(String(condition)).toBe("<Condition [unlocked]>");
      expect(String(condition)).toMatch(REPR);

      const tasks = [];
      for (const waiting of [1, 2]) {
        tasks.push(createTask(waitAndNote(condition, waiting, [], { release: true })));
        yield* sleep(0);
        expect(String(condition)).toBe(`<Condition [unlocked, waiters:${waiting}]>`);
        expect(String(condition)).toMatch(REPR);
      }
      yield* condition.acquire();
      expect(String(condition)).toBe("<Condition [locked, waiters:2]>");
      expect(String(condition)).toMatch(REPR);
      condition.notifyAll();
      condition.release();
      for (const task of tasks) yield* task;
    }));

  it("test_context_manager: holds the lock for the block", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      expect(condition.locked()).toBe(false);
      const inside = yield* asyncWith(condition, (value) => [value, condition.locked()]);
      expect(inside).toEqual([undefined, true]);
      expect(condition.locked()).toBe(false);
    }));

  it("test_explicit_lock: a condition and the lock it was given are held together", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      for (const condition of [new Condition(lock), new Condition(lock)]) {
        const locked = () => [lock.locked(), condition.locked()];
        expect(locked()).toEqual([false, false]);
        expect(yield* asyncWith(condition, locked)).toEqual([true, true]);
        expect(locked()).toEqual([false, false]);
        expect(yield* asyncWith(lock, locked)).toEqual([true, true]);
        expect(locked()).toEqual([false, false]);
      }
    }));

  it("test_ambiguous_loops: a lock or condition in which another loop has waited is refused", async () => {
    const lock = new Lock();
    const condition = new Condition();
    const first = newEventLoop({ backend });
    await first.runUntilComplete(
      (function* () {
        yield* lock.acquire();
        const acquiring = createTask(lock.acquire());
        yield* condition.acquire();
        const waiting = createTask(condition.wait());
        yield* sleep(0);
        lock.release();
        yield* acquiring;
        yield* condition.acquire();
        condition.notify();
        condition.release();
        yield* waiting;
      })(),
    );
    first.close();
    expect([lock.locked(), condition.locked()]).toEqual([true, true]);

    await onLoop(backend, function* () {
      for (const wait of [
        () => new Condition(lock).acquire(),
        () => lock.acquire(),
        () => condition.wait(),
      ]) {
        const error = yield* errorOf(wait());
        expect(error).toBeInstanceOf(RuntimeError);
        expect(error.message).toContain("is bound to a different event loop");
      }
      expect(condition.locked()).toBe(true);
    });
  });
});
