// Counterparts of CPython's test_locks: Condition, where a task is cancelled while it waits, while it is woken, or while it gets the
// lock back.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  Condition,
  type Coroutine,
  createTask,
  sleep,
  type Task,
  timeout,
  TimeoutError,
  waitFor,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../../support/backends.ts";
import { errorOf } from "../../support/outcomes.ts";

/** A task that waits on `condition` until `isTrue()`, with the error that ended its wait. */
function waitUntil(condition: Condition, isTrue: () => boolean): { task: Task<void>; thrown: () => unknown } {
  let thrown: unknown;
  function* wait(): Coroutine<void> {
    yield* asyncWith(condition, function* () {
      try {
        yield* condition.waitFor(isTrue);
      } catch (error) {
        thrown = error;
        throw error;
      }
    });
  }
  return { task: createTask(wait()), thrown: () => thrown };
}

/** Items to be consumed by two tasks that share a condition. */
class Store {
  readonly condition = new Condition();
  readonly consumers: readonly Task<void>[];
  items = 0;
  #closed = false;

  constructor() {
    this.consumers = [createTask(this.#consume()), createTask(this.#consume())];
  }

  *#consume(): Coroutine<void> {
    yield* this.condition.acquire();
    try {
      for (;;) {
        yield* this.condition.waitFor(() => this.items > 0 || this.#closed);
        if (this.#closed) return;
        this.items--;
      }
    } finally {
      this.condition.release();
    }
  }

  /** Lets the consumers run for 0.01 seconds. They notify nobody, so waiting for their work to be done only ends by its time. */
  *letConsume(): Coroutine<void> {
    const allGone = this.condition.waitFor(() => this.items === 0);
    expect(yield* errorOf(asyncWith(timeout(0.01), () => allGone))).toBeInstanceOf(TimeoutError);
  }

  close(): void {
    this.#closed = true;
    this.condition.notifyAll();
  }
}

describeBackends("test_locks.ConditionTests", (backend) => {
  it("test_wait_cancel: a cancelled wait holds the lock again, and nobody waits", () =>
    onLoop(backend, function* ({ loop }) {
      const condition = new Condition();
      yield* condition.acquire();
      const task = createTask(condition.wait());
      loop.callSoon(() => task.cancel());
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(String(condition)).toBe("<Condition [locked]>");
    }));

  it("test_wait_cancel_contested: it holds the lock also if that was taken when it was cancelled", () =>
    onLoop(backend, function* ({ loop }) {
      const condition = new Condition();
      yield* condition.acquire();
      expect(condition.locked()).toBe(true);
      const task = createTask(condition.wait());
      yield* sleep(0);
      expect(condition.locked()).toBe(false);

      yield* condition.acquire();
      condition.notify();
      loop.callSoon(() => task.cancel());
      loop.callSoon(() => condition.release());
      yield* errorOf(task);
      expect(condition.locked()).toBe(true);
    }));

  it("test_wait_cancel_after_notify: a cancellation while it waits for the lock comes out once it has it", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      let reached = false;
      const task = createTask(
        asyncWith(condition, function* () {
          reached = true;
          yield* condition.wait();
        }),
      );
      yield* sleep(0);
      yield* condition.acquire();
      condition.notify();
      yield* sleep(0);
      task.cancel();
      yield* sleep(0);
      expect(task.done()).toBe(false);
      condition.release();
      yield* sleep(0);
      expect([task.cancelled(), reached]).toEqual([true, true]);
    }));

  it("test_timeout_in_block: a wait that runs out of time leaves the lock held, so that the block can end", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      const condition = new Condition();
      yield* asyncWith(condition, function* () {
        expect(yield* errorOf(waitFor(condition.wait(), 0.5))).toBeInstanceOf(TimeoutError);
        expect(condition.locked()).toBe(true);
      });
      expect(condition.locked()).toBe(false);
      expect(clock.time()).toBe(0.5);
    }));

  it("test_cancelled_error_wakeup: the error of a wait cancelled in line comes out as it is", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      const { task, thrown } = waitUntil(condition, () => false);
      yield* sleep(0);
      task.cancel("foo");
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("foo");
      expect(error).toBe(thrown());
    }));

  it("test_cancelled_error_re_aquire: the error of a wait cancelled as it gets the lock back comes out as it is", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      let wake = false;
      const { task, thrown } = waitUntil(condition, () => wake);
      yield* sleep(0);
      yield* condition.acquire();
      wake = true;
      condition.notify();
      yield* sleep(0);
      task.cancel("foo");
      condition.release();
      const error = yield* errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("foo");
      expect(error).toBe(thrown());
    }));

  it("test_cancelled_wakeup: a notification whose receiver is cancelled before it runs goes to another", () =>
    onVirtualLoop(backend, function* () {
      const store = new Store();
      yield* sleep(0);
      yield* asyncWith(store.condition, function* () {
        store.items++;
        store.condition.notify(1);
        store.consumers[0]!.cancel();
        yield* store.letConsume();
        expect(store.items).toBe(0);
        store.close();
      });
      yield* store.consumers[1]!;
      expect(store.consumers[0]!.cancelled()).toBe(true);
    }));

  it("test_cancelled_wakeup_relock: so does one whose receiver is cancelled as it gets the lock back", () =>
    onVirtualLoop(backend, function* () {
      const store = new Store();
      yield* sleep(0);
      yield* asyncWith(store.condition, function* () {
        store.items++;
        store.condition.notify(1);
        yield* sleep(0);
        store.consumers[0]!.cancel();
        yield* store.letConsume();
        expect(store.items).toBe(0);
        store.close();
      });
      yield* store.consumers[1]!;
      expect(store.consumers[0]!.cancelled()).toBe(true);
    }));
});
