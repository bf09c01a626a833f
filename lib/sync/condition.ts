// Condition: a lock whose holders can wait until another holder notifies them.
import { checkBound, checkFunction } from "../errors/argument-checks.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { Awaitable, Coroutine } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";
import { enterHolding, guardHolding, leaveHolding } from "./holding.ts";
import { Lock } from "./lock.ts";
import { LoopBound } from "./loop-bound.ts";
import { WaiterQueue } from "./waiter-queue.ts";

/** What a condition can use as its lock: a `Lock`, or anything that has these. */
export interface LockLike {
  acquire(): Awaitable<true>;
  release(): void;
  locked(): boolean;
}

/** What a predicate gives when waiting is over. */
type Truthy<T> = Exclude<T, false | 0 | 0n | "" | null | undefined>;

/**
 * A condition variable. Who holds its lock can `wait()` until another task that holds it calls `notify()`.
 *
 * `wait()` may also end without a reason, so look at the state again after it, or use `waitFor()`.
 *
 * @example
 * yield* asyncWith(condition, function* () {
 *   const item = yield* condition.waitFor(() => items.shift());
 * });
 */
export class Condition extends LoopBound implements AsyncContextManager<undefined> {
  readonly #lock: LockLike;
  readonly #waiters = new WaiterQueue();

  /** `lock`: one to share with other conditions; without it, a new `Lock`. */
  constructor(lock?: LockLike | null) {
    super();
    if (lock !== undefined && lock !== null) checkLock(lock);
    this.#lock = lock ?? new Lock();
  }

  locked(): boolean {
    return this.#lock.locked();
  }

  /** Acquires the lock. */
  acquire(): Awaitable<true> {
    checkBound(this, "condition.acquire()");
    return this.#lock.acquire();
  }

  /** Releases the lock. */
  release(): void {
    checkBound(this, "condition.release()");
    this.#lock.release();
  }

  /** As `acquire()`, giving a disposable that releases the lock, once: `using held = await condition.guard()`. Not in Python. */
  guard(): CoroutineObject<Disposable> {
    return guardHolding(this);
  }

  /**
   * Releases the lock, waits until it is notified, acquires the lock again and gives true. RuntimeError when the lock is not held.
   *
   * It holds the lock again however it ends, also when it is cancelled any number of times. It then throws the last CancelledError,
   * and passes on a notification that it may have got.
   */
  wait(): CoroutineObject<true> {
    return new CoroutineObject(this.#wait(), "wait");
  }

  *#wait(): Coroutine<true> {
    if (!this.locked())
      throw new RuntimeError("cannot wait on un-acquired lock: acquire() the condition first");
    const loop = this._bindLoop();
    this.release();
    let completed = false;
    try {
      const waiter = this.#waiters.enter(loop);
      try {
        yield* waiter;
      } finally {
        this.#waiters.leave(waiter);
        yield* this.#acquireAgain();
      }
      completed = true;
      return true;
    } finally {
      // It may have been notified, and who did that counts on somebody to act. A task that is woken for nothing does no harm.
      if (!completed) this.#notify(1);
    }
  }

  /** Acquires the lock through any number of cancellations, and throws the last of them afterwards. */
  *#acquireAgain(): Coroutine<void> {
    let cancellation: CancelledError | null = null;
    for (;;) {
      try {
        yield* this.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancellation = error;
      }
    }
    if (cancellation !== null) throw cancellation;
  }

  /**
   * Waits until `predicate()` is truthy and gives what it gave. It is asked at once, and then after each notification, with the
   * lock held. Truth is JavaScript's: an empty array is true here.
   */
  waitFor<T>(predicate: () => T): CoroutineObject<Truthy<T>> {
    checkFunction(predicate, "waitFor");
    return new CoroutineObject(this.#waitFor(predicate), "waitFor");
  }

  *#waitFor<T>(predicate: () => T): Coroutine<Truthy<T>> {
    let result = predicate();
    while (!result) {
      yield* this.#wait();
      result = predicate();
    }
    return result as Truthy<T>;
  }

  /**
   * Wakes up to `n` of the tasks that wait, the longest waiting first. They go on once they have the lock, so release it soon.
   * RuntimeError when the lock is not held.
   */
  notify(n = 1): void {
    checkBound(this, "condition.notify(n)");
    if (!this.locked())
      throw new RuntimeError("cannot notify on un-acquired lock: acquire() the condition first");
    if (typeof n !== "number") throw new TypeError(`n must be a number of tasks, got ${describe(n)}`);
    if (Number.isNaN(n)) throw new RangeError("n must be a number of tasks, got NaN");
    this.#notify(n);
  }

  /** Wakes all tasks that wait. RuntimeError when the lock is not held. */
  notifyAll(): void {
    checkBound(this, "condition.notifyAll()");
    this.notify(this.#waiters.length);
  }

  #notify(n: number): void {
    for (let left = n; left > 0 && this.#waiters.wakeNext(); left--);
  }

  /** For `asyncWith()`: acquires. */
  aenter(): CoroutineObject<undefined> {
    return enterHolding(this);
  }

  /** For `asyncWith()`: releases. */
  aexit(_error: unknown): CoroutineObject<undefined> {
    return leaveHolding(this);
  }

  /** `<Condition [unlocked]>`, or locked, and how many wait: `<Condition [unlocked, waiters:2]>`. */
  override toString(): string {
    const state = this.locked() ? "locked" : "unlocked";
    return `<${this.constructor.name} [${state}${this.#waiters.describe()}]>`;
  }
}

function checkLock(lock: LockLike): void {
  for (const method of ["acquire", "release", "locked"] as const) {
    if (typeof lock[method] === "function") continue;
    throw new TypeError(`lock must be a Lock or have its methods, got ${describe(lock)} without ${method}()`);
  }
}
