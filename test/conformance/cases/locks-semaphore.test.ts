// Counterparts of CPython's test_locks: Semaphore and BoundedSemaphore.
import { expect, it } from "vitest";
import {
  asyncWith,
  BoundedSemaphore,
  CancelledError,
  type Coroutine,
  createTask,
  gather,
  Semaphore,
  sleep,
  type Task,
  TaskGroup,
  waitFor,
  type Yieldable,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop, passes } from "../../support/backends.ts";
import { REPR } from "../../support/lock-repr.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

/** A coroutine that notes its number once it is through. */
function* pass(semaphore: Semaphore, n: number, through: number[]): Coroutine<boolean> {
  yield* semaphore.acquire();
  through.push(n);
  return true;
}

describeBackends("test_locks.SemaphoreTests", (backend) => {
  it("test_initial_value_zero: is locked from the beginning", () => {
    expect(new Semaphore(0).locked()).toBe(true);
  });

  it("test_repr: says how many units are left, or how many wait", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore();
      expect(String(semaphore)).toBe("<Semaphore [unlocked, value:1]>");
      expect(String(semaphore)).toMatch(REPR);
      yield* semaphore.acquire();
      expect(String(semaphore)).toBe("<Semaphore [locked]>");
      expect(String(semaphore)).toMatch(REPR);

      const tasks = [];
      for (const waiting of [1, 2]) {
        tasks.push(createTask(semaphore.acquire()));
        yield* sleep(0);
        expect(String(semaphore)).toBe(`<Semaphore [locked, waiters:${waiting}]>`);
        expect(String(semaphore)).toMatch(REPR);
      }
      semaphore.release();
      semaphore.release();
      yield* gather(...tasks);
    }));

  it("test_semaphore: a semaphore itself cannot be awaited", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore();
      expect(semaphore._value).toBe(1);
      expect(yield* errorOf(semaphore as unknown as Yieldable<void>)).toBeInstanceOf(TypeError);
      expect([semaphore.locked(), semaphore._value]).toEqual([false, 1]);
    }));

  it("test_semaphore_value: must not be negative", () => {
    expect(thrownBy(() => new Semaphore(-1))).toBeInstanceOf(RangeError);
  });

  it("test_acquire: lets as many through as there are units", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(3);
      const through: number[] = [];
      expect(yield* semaphore.acquire()).toBe(true);
      expect(yield* semaphore.acquire()).toBe(true);
      expect(semaphore.locked()).toBe(false);

      const [first, ...others] = [1, 2, 3].map((n) => createTask(pass(semaphore, n, through)));
      yield* sleep(0);
      expect(through).toEqual([1]);
      expect(String(semaphore)).toBe("<Semaphore [locked, waiters:2]>");
      expect(semaphore._value).toBe(0);

      others.push(createTask(pass(semaphore, 4, through)));
      semaphore.release();
      semaphore.release();
      expect(semaphore._value).toBe(0);
      yield* sleep(0);
      expect(through).toHaveLength(3);
      expect(String(semaphore)).toBe("<Semaphore [locked, waiters:1]>");
      expect(semaphore._value).toBe(0);
      expect(first!.result()).toBe(true);
      expect(others.filter((task) => task.done() && task.result())).toHaveLength(2);

      semaphore.release();
      yield* gather(...others);
    }));

  it("test_acquire_cancel: a cancelled acquire leaves nobody in line", () =>
    onLoop(backend, function* ({ loop }) {
      const semaphore = new Semaphore();
      yield* semaphore.acquire();
      const task = createTask(semaphore.acquire());
      loop.callSoon(() => task.cancel());
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(String(semaphore)).toBe("<Semaphore [locked]>");
    }));

  it("test_acquire_cancel_before_awoken: a unit goes past the cancelled ones to the first who still waits", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(0);
      const tasks = [1, 2, 3, 4].map(() => createTask(semaphore.acquire()));
      yield* sleep(0);
      tasks[0]!.cancel();
      tasks[1]!.cancel();
      semaphore.release();
      yield* passes(2);
      expect(tasks.map((task) => task.done())).toEqual([true, true, true, false]);
      expect(tasks[2]!.cancelled()).toBe(false);
      tasks[3]!.cancel();
      yield* sleep(0);
    }));

  it("test_acquire_hang: cancelling the first and releasing lets the second through", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(0);
      const [first, second] = [createTask(semaphore.acquire()), createTask(semaphore.acquire())];
      yield* sleep(0);
      first.cancel();
      semaphore.release();
      yield* passes(2);
      expect([semaphore.locked(), second.done()]).toEqual([true, true]);
    }));

  it("test_acquire_no_hang: a task cancelled after it was handed the unit gives it back", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const semaphore = new Semaphore(1);
      function* first(): Coroutine<void> {
        yield* asyncWith(semaphore, () => sleep(0));
        tasks[1]!.cancel();
      }
      function* second(): Coroutine<void> {
        yield* asyncWith(semaphore, () => expect.unreachable("it was cancelled"));
      }
      const tasks: Task<void>[] = [createTask(first()), createTask(second())];

      const outcomes = yield* gather(tasks, { returnExceptions: true });
      expect(outcomes).toEqual([undefined, expect.any(CancelledError)]);
      yield* waitFor(semaphore.acquire(), 1);
      expect(clock.time()).toBe(0);
    }));

  it("test_release_not_acquired: a bounded one refuses", () => {
    expect(thrownBy(() => new BoundedSemaphore().release())).toBeInstanceOf(RangeError);
  });

  it("test_release_no_waiters: frees it", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore();
      yield* semaphore.acquire();
      expect(semaphore.locked()).toBe(true);
      semaphore.release();
      expect(semaphore.locked()).toBe(false);
    }));

  it("test_acquire_fifo_order: who releases and acquires again goes to the end of the line", () =>
    onVirtualLoop(backend, function* () {
      const semaphore = new Semaphore(1);
      const order: string[] = [];
      function* twice(tag: string): Coroutine<void> {
        for (const round of [1, 2]) {
          yield* semaphore.acquire();
          order.push(`${tag}_${round}`);
          yield* sleep(0.01);
          semaphore.release();
        }
      }
      yield* asyncWith(new TaskGroup(), (group) => {
        for (const tag of ["c1", "c2", "c3"]) group.createTask(twice(tag));
      });
      expect(order).toEqual(["c1_1", "c2_1", "c3_1", "c1_2", "c2_2", "c3_2"]);
    }));

  it("test_acquire_fifo_order_2: it does so also in the very step in which it was woken", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(1);
      const through: number[] = [];
      function* twice(): Coroutine<boolean> {
        yield* pass(semaphore, 2, through);
        semaphore.release();
        return yield* pass(semaphore, 4, through);
      }
      const tasks = [
        createTask(pass(semaphore, 1, through)),
        createTask(twice()),
        createTask(pass(semaphore, 3, through)),
      ];
      yield* sleep(0);
      semaphore.release();
      semaphore.release();
      yield* gather(...tasks);
      expect(through).toEqual([1, 2, 3, 4]);
    }));

  it("test_acquire_fifo_order_3: a cancelled first leaves the order of the others as it was", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(0);
      const through: number[] = [];
      const tasks = [1, 2, 3].map((n) => createTask(pass(semaphore, n, through)));
      yield* sleep(0);
      tasks[0]!.cancel();
      yield* sleep(0);
      semaphore.release();
      semaphore.release();
      yield* gather(tasks, { returnExceptions: true });
      expect(through).toEqual([2, 3]);
    }));

  it("test_acquire_fifo_order_4: one that goes through wakes those whom only the line had held back", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(0);
      const order: number[] = [];
      let last: Task<void> | undefined;
      function* first(): Coroutine<void> {
        expect(semaphore._value).toBe(0);
        yield* semaphore.acquire();
        // Two units were left for the two behind it: they are handed out, and so come before what is scheduled now.
        expect(semaphore._value).toBe(0);
        last = createTask(note(4));
        order.push(1);
      }
      function* second(): Coroutine<void> {
        semaphore.release();
        semaphore.release();
        semaphore.release();
        expect(semaphore._value).toBe(2);
        expect(semaphore.locked()).toBe(true);
        yield* pass(semaphore, 2, order);
      }
      function* third(): Coroutine<void> {
        yield* semaphore.acquire();
        expect(semaphore.locked()).toBe(true);
        order.push(3);
      }
      function* note(n: number): Coroutine<void> {
        order.push(n);
      }

      const tasks = [createTask(first()), createTask(second()), createTask(third())];
      yield* sleep(0);
      expect(semaphore._value).toBe(2);
      expect(String(semaphore)).toBe("<Semaphore [locked, waiters:3]>");
      yield* sleep(0);
      yield* gather(...tasks, last!);
      expect(order).toEqual([1, 2, 3, 4]);
    }));
});
