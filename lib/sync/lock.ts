// Lock: lets one task at a time through, in the order in which they came.
//
// release() frees the lock and wakes the first in line, but the lock stays free until that task runs: only then it is taken. Nobody
// overtakes meanwhile, for a newcomer goes through only where nobody is in line. If the woken task is cancelled before it runs, it
// wakes the next as it leaves.
import { checkBound } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import type { CoroutineObject } from "../tasks/coroutine.ts";
import type { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";
import { Passage } from "./gate.ts";
import { enterHolding, guardHolding, leaveHolding } from "./holding.ts";
import { LoopBound } from "./loop-bound.ts";
import { type Waiter, WaiterQueue } from "./waiter-queue.ts";

/**
 * A mutual exclusion lock for the tasks of one loop. It is owned by nobody in particular: any task may release it.
 *
 * It belongs to the first loop in which a task has to wait for it; waiting in another one is a RuntimeError.
 *
 * @example
 * yield* asyncWith(lock, function* () {
 *   // only one task at a time is here
 * });
 */
export class Lock extends LoopBound implements AsyncContextManager<undefined> {
  readonly #waiters = new WaiterQueue();
  #locked = false;

  locked(): boolean {
    return this.#locked;
  }

  /** Waits until the lock is free and takes it; gives true. Does not give way when it is free and nobody is in line. */
  acquire(): LibraryCoroutine<true> {
    checkBound(this, "lock.acquire()");
    return new Passage(this);
  }

  /** Frees the lock and wakes the first task in line. RuntimeError when nobody holds it. */
  release(): void {
    checkBound(this, "lock.release()");
    if (!this.#locked) {
      throw new RuntimeError(
        "Lock is not acquired: release() it once for each acquire() that has gone through",
      );
    }
    this.#locked = false;
    this.#waiters.wakeFirst();
  }

  /** As `acquire()`, giving a disposable that releases the lock, once: `using held = await lock.guard()`. Not in Python. */
  guard(): CoroutineObject<Disposable> {
    return guardHolding(this);
  }

  /** For `asyncWith()`: acquires. */
  aenter(): CoroutineObject<undefined> {
    return enterHolding(this);
  }

  /** For `asyncWith()`: releases. */
  aexit(_error: unknown): CoroutineObject<undefined> {
    return leaveHolding(this);
  }

  /** `<Lock [unlocked]>`, or locked and how many wait: `<Lock [locked, waiters:2]>`. */
  override toString(): string {
    const state = this.#locked ? "locked" : "unlocked";
    return `<${this.constructor.name} [${state}${this.#waiters.describe()}]>`;
  }

  /** @internal */
  _passAtOnce(): boolean {
    if (this.#locked || this.#waiters.inUse) return false;
    this.#locked = true;
    return true;
  }

  /** @internal */
  _enterLine(): Waiter {
    return this.#waiters.enter(this._bindLoop());
  }

  /** @internal */
  _leaveLine(waiter: Waiter, passed: boolean): void {
    this.#waiters.leave(waiter);
    if (passed) this.#locked = true;
    else if (!this.#locked) this.#waiters.wakeFirst();
  }
}
