// Counterparts of CPython's test_locks: Barrier, when it is reset or aborted.
import { expect, it } from "vitest";
import {
  asyncWith,
  Barrier,
  BrokenBarrierError,
  type Coroutine,
  createTask,
  gather,
  RuntimeError,
  sleep,
} from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";

const PARTIES = 5;
const HALF = 2;

/** Runs a coroutine as `count` tasks until all have ended. */
function* runAll(count: number, coro: () => Coroutine<unknown>): Coroutine<void> {
  yield* gather(Array.from({ length: count }, () => createTask(coro())));
}

/** Waits at the barrier; false when it breaks meanwhile. */
function* passes(barrier: Barrier): Coroutine<boolean> {
  try {
    yield* barrier.wait();
    return true;
  } catch (error) {
    if (error instanceof BrokenBarrierError) return false;
    throw error;
  }
}

function expectAsNew(barrier: Barrier): void {
  expect(String(barrier)).toBe(`<Barrier [filling, waiters:0/${barrier.parties}]>`);
  expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
}

describeBackends("test_locks.BarrierTests", (backend) => {
  it("test_reset_barrier: an empty barrier stays as it is", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(1);
      createTask(barrier.reset());
      yield* sleep(0);
      expectAsNew(barrier);
    }));

  it("test_reset_barrier_while_tasks_waiting: all who wait get BrokenBarrierError, and it is as new", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let broken = 0;
      const waiting = createTask(
        runAll(PARTIES - 1, function* () {
          if (!(yield* passes(barrier))) broken++;
        }),
      );
      yield* sleep(0);
      yield* sleep(0);
      expect(barrier.nWaiting).toBe(PARTIES - 1);
      createTask(barrier.reset());
      yield* waiting;
      expect(broken).toBe(PARTIES - 1);
      expectAsNew(barrier);
    }));

  it("test_reset_barrier_when_tasks_half_draining: who has not left yet gets BrokenBarrierError", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let left = 0;
      let broken = 0;
      yield* runAll(PARTIES, function* () {
        if (!(yield* passes(barrier))) broken++;
        else if (++left === PARTIES - HALF) yield* barrier.reset();
      });
      expect([left, broken]).toEqual([PARTIES - HALF, HALF]);
      expectAsNew(barrier);
    }));

  it("test_reset_barrier_when_tasks_half_draining_half_blocking: who waits outside is not broken, and fills it again", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let left = 0;
      let brokenInside = 0;
      let brokenOutside = 0;
      yield* runAll(PARTIES, function* () {
        const passed = yield* passes(barrier);
        if (!passed) {
          brokenInside++;
          yield* barrier.wait();
        } else if (++left > HALF) {
          yield* barrier.reset();
          yield* barrier.wait();
        } else if (!(yield* passes(barrier))) {
          brokenOutside++;
        }
      });
      expect([brokenInside, brokenOutside]).toEqual([HALF, 0]);
      expectAsNew(barrier);
    }));

  it("test_reset_barrier_while_tasks_waiting_and_waiting_again: who was broken can fill it again", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let broken = 0;
      let passed = 0;
      const waiting = createTask(
        runAll(PARTIES - 1, function* () {
          if (!(yield* passes(barrier))) broken++;
          yield* barrier.wait();
          passed++;
        }),
      );
      yield* sleep(0);
      createTask(barrier.reset());
      yield* sleep(0);
      createTask(asyncWith(barrier, () => passed++));
      yield* waiting;
      expect([broken, passed]).toEqual([PARTIES - 1, PARTIES]);
      expectAsNew(barrier);
    }));

  it("test_reset_barrier_while_tasks_draining: one who has left as the last breaks nobody by resetting", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let left = 0;
      let again = 0;
      let broken = 0;
      let atLast = 0;
      yield* runAll(PARTIES, function* () {
        yield* barrier.wait();
        if (++left === PARTIES) {
          yield* barrier.reset();
          yield* barrier.wait();
        } else if (yield* passes(barrier)) {
          again++;
        } else {
          broken++;
        }
        yield* barrier.wait();
        atLast++;
      });
      expect([again, broken, atLast]).toEqual([PARTIES - 1, 0, PARTIES]);
      expectAsNew(barrier);
    }));

  it("test_abort_barrier: breaks it", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(1);
      createTask(barrier.abort());
      yield* sleep(0);
      expect([barrier.nWaiting, barrier.broken]).toEqual([0, true]);
    }));

  it("test_abort_barrier_when_tasks_half_draining_half_blocking: inside and outside all get BrokenBarrierError", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let left = 0;
      let brokenInside = 0;
      let brokenOutside = 0;
      yield* runAll(PARTIES, function* () {
        const passed = yield* passes(barrier);
        if (!passed) brokenInside++;
        else if (++left > HALF) yield* barrier.abort();
        else if (!(yield* passes(barrier))) brokenOutside++;
      });
      expect([brokenInside, brokenOutside]).toEqual([HALF, PARTIES - HALF - 1]);
      expect([barrier.nWaiting, String(barrier)]).toEqual([0, "<Barrier [broken]>"]);
    }));

  it("test_abort_barrier_when_exception: an error in one task can be made one of all", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      let passed = 0;
      let broken = 0;
      yield* runAll(PARTIES, function* () {
        try {
          yield* asyncWith(barrier, (index) => {
            if (index === HALF) throw new RuntimeError("one of them fails");
          });
          yield* asyncWith(barrier, () => passed++);
        } catch (error) {
          if (error instanceof BrokenBarrierError) broken++;
          else if (error instanceof RuntimeError) yield* barrier.abort();
          else throw error;
        }
      });
      expect([passed, broken]).toEqual([0, PARTIES - 1]);
      expect([barrier.nWaiting, barrier.broken]).toEqual([0, true]);
    }));

  it("test_abort_barrier_when_exception_then_resetting: after that a reset makes it as new", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(PARTIES);
      const meeting = new Barrier(PARTIES);
      let passed = 0;
      let broken = 0;
      let atLast = 0;
      yield* runAll(PARTIES, function* () {
        // The one with the middle number aborts instead of waiting again; some have not left by then, the others wait again.
        try {
          if ((yield* barrier.wait()) === HALF) {
            yield* barrier.abort();
          } else {
            yield* barrier.wait();
            passed++;
          }
        } catch (error) {
          if (!(error instanceof BrokenBarrierError)) throw error;
          broken++;
        }

        // All have left it before it is reset, and nobody comes before that is done.
        if ((yield* meeting.wait()) === HALF) yield* barrier.reset();
        yield* meeting.wait();
        yield* barrier.wait();
        atLast++;
      });
      expect([passed, broken, atLast]).toEqual([0, PARTIES - 1, PARTIES]);
      expectAsNew(barrier);
    }));
});
