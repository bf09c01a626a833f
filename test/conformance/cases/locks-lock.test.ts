// Counterparts of CPython's test_locks: Lock, and what all four of the lock classes refuse alike.
import { expect, it } from "vitest";
import {
  asyncWith,
  BoundedSemaphore,
  CancelledError,
  Condition,
  type Coroutine,
  createTask,
  Event,
  type Future,
  Lock,
  RuntimeError,
  Semaphore,
  sleep,
  type Yieldable,
} from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";
import { REPR } from "../../support/lock-repr.ts";

describeBackends("test_locks.LockTests", (backend) => {
  it("test_repr: says whether it is locked", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      expect(String(lock)).toBe("<Lock [unlocked]>");
      expect(String(lock)).toMatch(REPR);
      yield* lock.acquire();
      expect(String(lock)).toBe("<Lock [locked]>");
      expect(String(lock)).toMatch(REPR);
    }));

  it("test_lock: a lock itself cannot be awaited", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      expect(yield* errorOf(lock as unknown as Yieldable<void>)).toBeInstanceOf(TypeError);
      expect(lock.locked()).toBe(false);
    }));

  it("test_lock_doesnt_accept_loop_parameter: the loop is the running one, and none can be given", () =>
    onLoop(backend, function* ({ loop }) {
      // @ts-expect-error -- Lock takes nothing
      const lock = new Lock({ loop });
      // @ts-expect-error -- Event takes nothing
      const event = new Event({ loop });
      expect([lock.locked(), event.isSet()]).toEqual([false, false]);
      const others = [Condition, Semaphore, BoundedSemaphore] as unknown as (new (o: object) => object)[];
      for (const type of others) expect(thrownBy(() => new type({ loop }))).toBeInstanceOf(TypeError);
    }));

  it("test_lock_by_with_statement: none is a plain context manager, nor can be awaited to become one", () =>
    onLoop(backend, function* () {
      for (const lock of [new Lock(), new Condition(), new Semaphore(), new BoundedSemaphore()]) {
        yield* sleep(0);
        expect(lock.locked()).toBe(false);
        expect(Symbol.dispose in lock).toBe(false);
        expect(yield* errorOf(lock as unknown as Yieldable<void>)).toBeInstanceOf(TypeError);
        expect(lock.locked()).toBe(false);
      }
    }));

  it("test_acquire: lets one through at each release, in the order of asking", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      const through: number[] = [];
      function* pass(n: number): Coroutine<boolean> {
        if (yield* lock.acquire()) through.push(n);
        return true;
      }

      expect(yield* lock.acquire()).toBe(true);
      const tasks = [createTask(pass(1)), createTask(pass(2))];
      yield* sleep(0);
      expect(through).toEqual([]);

      lock.release();
      yield* sleep(0);
      expect(through).toEqual([1]);
      yield* sleep(0);
      expect(through).toEqual([1]);

      tasks.push(createTask(pass(3)));
      lock.release();
      yield* sleep(0);
      expect(through).toEqual([1, 2]);
      lock.release();
      yield* sleep(0);
      expect(through).toEqual([1, 2, 3]);
      expect(tasks.map((task) => task.result())).toEqual([true, true, true]);
    }));

  it("test_acquire_cancel: a cancelled acquire leaves nobody in line", () =>
    onLoop(backend, function* ({ loop }) {
      const lock = new Lock();
      expect(yield* lock.acquire()).toBe(true);
      const task = createTask(lock.acquire());
      loop.callSoon(() => task.cancel());
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(String(lock)).toBe("<Lock [locked]>");
    }));

  it("test_cancel_race: a release that meets a cancelled waiter wakes the one behind it", () =>
    onLoop(backend, function* ({ loop }) {
      const lock = new Lock();
      function* holdFor(blocker: Future<void> | null): Coroutine<void> {
        yield* lock.acquire();
        try {
          if (blocker !== null) yield* blocker;
        } finally {
          lock.release();
        }
      }

      const finish = loop.createFuture<void>();
      const a = createTask(holdFor(finish));
      yield* sleep(0);
      expect(lock.locked()).toBe(true);
      const b = createTask(holdFor(null));
      yield* sleep(0);
      expect(String(lock)).toBe("<Lock [locked, waiters:1]>");
      const c = createTask(holdFor(null));
      yield* sleep(0);
      expect(String(lock)).toBe("<Lock [locked, waiters:2]>");

      // In one pass: A releases the lock while B is cancelled but has not left the line yet.
      finish.setResult();
      b.cancel();
      yield* sleep(0);
      expect(lock.locked()).toBe(false);
      expect([a.done(), b.cancelled()]).toEqual([true, true]);
      yield* c;
    }));

  it("test_cancel_release_race: cancelling the first in line and releasing lets one through, not two", () =>
    onLoop(backend, function* ({ loop }) {
      const lock = new Lock();
      let asked = 0;
      let taken = 0;
      function* take(): Coroutine<void> {
        asked++;
        yield* lock.acquire();
        taken++;
      }

      yield* lock.acquire();
      const [first, second, third] = [createTask(take()), createTask(take()), createTask(take())];
      yield* sleep(0);
      loop.callSoon(() => {
        first.cancel();
        lock.release();
      });
      expect(yield* errorOf(first)).toBeInstanceOf(CancelledError);
      expect([asked, taken]).toEqual([3, 1]);
      expect([first.cancelled(), second.done()]).toEqual([true, true]);

      third.cancel();
      yield* sleep(0);
      expect(third.cancelled()).toBe(true);
    }));

  it("test_finished_waiter_cancelled: a waiter that is cancelled as the lock is released passes it on", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      yield* lock.acquire();
      expect(lock.locked()).toBe(true);
      const first = createTask(lock.acquire());
      yield* sleep(0);
      expect(String(lock)).toBe("<Lock [locked, waiters:1]>");

      const second = createTask(lock.acquire());
      first.cancel();
      lock.release();
      yield* sleep(0);
      expect(lock.locked()).toBe(true);
      expect(first.cancelled()).toBe(true);
      yield* second;
    }));

  it("test_release_not_acquired: is a RuntimeError", () => {
    expect(thrownBy(() => new Lock().release())).toBeInstanceOf(RuntimeError);
  });

  it("test_release_no_waiters: frees the lock", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      yield* lock.acquire();
      expect(lock.locked()).toBe(true);
      lock.release();
      expect(lock.locked()).toBe(false);
    }));

  it("test_context_manager: holds the lock for the block", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      expect(lock.locked()).toBe(false);
      const inside = yield* asyncWith(lock, (value) => [value, lock.locked()]);
      expect(inside).toEqual([undefined, true]);
      expect(lock.locked()).toBe(false);
    }));
});
