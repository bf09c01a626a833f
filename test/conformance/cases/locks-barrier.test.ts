// Counterparts of CPython's test_locks: Barrier, filling and draining. What reset and abort do is in locks-barrier-reset.
import { expect, it } from "vitest";
import {
  asyncWith,
  Barrier,
  CancelledError,
  type Coroutine,
  createTask,
  gather,
  sleep,
  wait,
  type Yieldable,
} from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { REPR } from "../../support/lock-repr.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

const PARTIES = 5;

/** Runs `count` coroutines as tasks until all have ended. */
function* runAll<T>(count: number, coro: () => Coroutine<T>): Coroutine<T[]> {
  return yield* gather(Array.from({ length: count }, () => createTask(coro())));
}

function expectAsNew(barrier: Barrier): void {
  expect(String(barrier)).toBe(`<Barrier [filling, waiters:0/${barrier.parties}]>`);
  expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
}

describeBackends("test_locks.BarrierTests", (backend) => {
  it("test_barrier: a barrier itself cannot be awaited", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      expectAsNew(barrier);
      expect(yield* errorOf(barrier as unknown as Yieldable<void>)).toBeInstanceOf(TypeError);
      expectAsNew(barrier);
    }));

  it("test_repr: says what state it is in, and how many wait", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      const tasks: Yieldable<unknown>[] = [];
      const add = function* (count: number): Coroutine<string> {
        for (let i = 0; i < count; i++) tasks.push(createTask(barrier.wait()));
        yield* sleep(0);
        expect(String(barrier)).toMatch(REPR);
        return String(barrier);
      };

      expect(yield* add(0)).toBe("<Barrier [filling, waiters:0/5]>");
      expect(yield* add(2)).toBe("<Barrier [filling, waiters:2/5]>");
      expect(yield* add(barrier.parties - barrier.nWaiting)).toBe("<Barrier [draining, waiters:0/5]>");
      yield* add(2);
      yield* barrier.reset();
      expect(String(barrier)).toBe("<Barrier [resetting, waiters:0/5]>");
      yield* add(2);
      yield* barrier.abort();
      expect(String(barrier)).toBe("<Barrier [broken]>");
      expect(String(barrier)).toMatch(REPR);
      expect(barrier.broken).toBe(true);

      yield* gather(tasks, { returnExceptions: true });
    }));

  it("test_barrier_parties: must be at least one", () => {
    expect(thrownBy(() => new Barrier(0))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => new Barrier(-4))).toBeInstanceOf(RangeError);
    expect(new Barrier(PARTIES).parties).toBe(PARTIES);
  });

  it("test_context_manager: gives each a number of its own", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(3);
      const numbers = yield* runAll(3, function* () {
        return yield* asyncWith(barrier, (index) => index);
      });
      expect(numbers.sort()).toEqual([0, 1, 2]);
      expectAsNew(barrier);
    }));

  it("test_filling_one_task: a barrier for one holds nobody back", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(1);
      expect(yield* asyncWith(barrier, () => "in the block")).toBe("in the block");
      expectAsNew(barrier);
    }));

  it("test_filling_one_task_twice: nor the second time", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(1);
      const first = createTask(barrier.wait());
      yield* sleep(0);
      expect(barrier.nWaiting).toBe(0);
      const second = createTask(barrier.wait());
      yield* sleep(0);
      expect([first.result(), second.result()]).toEqual([0, 0]);
      expectAsNew(barrier);
    }));

  it("test_filling_task_by_task: counts them as they come", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(3);
      const tasks = [];
      for (const expected of ["<Barrier [filling, waiters:1/3]>", "<Barrier [filling, waiters:2/3]>"]) {
        tasks.push(createTask(barrier.wait()));
        yield* sleep(0);
        expect(String(barrier)).toBe(expected);
      }
      tasks.push(createTask(barrier.wait()));
      yield* sleep(0);
      yield* wait(tasks);
      expectAsNew(barrier);
    }));

  it("test_filling_tasks_wait_twice: nobody passes twice before all have passed once", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      const passed: string[] = [];
      yield* runAll(PARTIES, function* () {
        yield* asyncWith(barrier, function* () {
          passed.push("outer");
          yield* asyncWith(barrier, () => passed.push("inner"));
        });
      });
      expect(passed).toHaveLength(2 * PARTIES);
      expect(passed.filter((block) => block === "outer")).toHaveLength(PARTIES);
      expect(passed.filter((block) => block === "inner")).toHaveLength(PARTIES);
      expectAsNew(barrier);
    }));

  it("test_filling_tasks_check_return_value: the numbers are different the second time as well", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let passedOnce = 0;
      let passedTwice = 0;
      const numbers = yield* runAll(PARTIES, function* () {
        return yield* asyncWith(barrier, function* () {
          passedOnce++;
          return yield* asyncWith(barrier, (index) => {
            passedTwice++;
            return index;
          });
        });
      });
      expect([passedOnce, passedTwice]).toEqual([PARTIES, PARTIES]);
      expect(numbers.sort()).toEqual([0, 1, 2, 3, 4]);
      expectAsNew(barrier);
    }));

  it("test_draining_state: it drains until the last has left", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      const draining: boolean[] = [];
      yield* runAll(PARTIES, function* () {
        yield* asyncWith(barrier, () => draining.push(String(barrier).includes("draining")));
      });
      expect(draining).toEqual([true, true, true, true, false]);
      expectAsNew(barrier);
    }));

  it("test_blocking_tasks_while_draining: who comes back at once waits for the others to leave, then for the next round", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      const others = new Barrier(PARTIES - 2);
      let coming = 2;
      yield* runAll(PARTIES, function* () {
        yield* barrier.wait();
        if (coming > 0) coming--;
        else yield* others.wait();
        yield* barrier.wait();
      });
      expectAsNew(barrier);
      expectAsNew(others);
    }));

  it("test_filling_tasks_cancel_one: who is cancelled leaves, and the barrier goes on filling", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(3);
      let passed = 0;
      const start = function* () {
        const task = createTask(
          (function* () {
            yield* barrier.wait();
            passed++;
          })(),
        );
        yield* sleep(0);
        return task;
      };

      const first = yield* start();
      expect(barrier.nWaiting).toBe(1);
      const second = yield* start();
      expect(barrier.nWaiting).toBe(2);
      first.cancel();
      yield* sleep(0);
      expect(barrier.nWaiting).toBe(1);
      expect(yield* errorOf(first)).toBeInstanceOf(CancelledError);
      expect(first.cancelled()).toBe(true);
      const third = yield* start();
      expect(barrier.nWaiting).toBe(2);
      yield* gather(second, third, yield* start());
      expect(passed).toBe(3);
      expectAsNew(barrier);
    }));
});
