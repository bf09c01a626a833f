// Semaphore: lets as many tasks through at a time as it has units, in the order in which they came.
//
// release() hands its unit straight to the first in line. So one that was woken holds a unit before it runs, and gives it back if
// it is cancelled until then.
import { checkBound, checkInteger } from "../errors/argument-checks.ts";
import { FINISHED } from "../futures/future.ts";
import type { CoroutineObject } from "../tasks/coroutine.ts";
import type { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";
import { Passage } from "./gate.ts";
import { enterHolding, guardHolding, leaveHolding } from "./holding.ts";
import { LoopBound } from "./loop-bound.ts";
import { type Waiter, WaiterQueue } from "./waiter-queue.ts";

/**
 * A counter of units: `acquire()` takes one, waiting where there is none, and `release()` adds one. More may be released than
 * were acquired (see `BoundedSemaphore`).
 *
 * It belongs to the first loop in which a task has to wait for it; waiting in another one is a RuntimeError.
 */
export class Semaphore extends LoopBound implements AsyncContextManager<undefined> {
  /** @internal The units that are there for the taking. */
  _value: number;
  readonly #waiters = new WaiterQueue();

  /** `value`: the units at the beginning, a whole number or Infinity. RangeError when it is negative. */
  constructor(value = 1) {
    super();
    if (value !== Infinity) checkInteger(value, "value", 0, Number.MAX_SAFE_INTEGER);
    this._value = value;
  }

  /** Whether `acquire()` would wait: no unit is left, or others are in line. */
  locked(): boolean {
    return this._value === 0 || this.#waiters.inUse;
  }

  /** Waits for a unit and takes it; gives true. Does not give way when there is one and nobody is in line. */
  acquire(): LibraryCoroutine<true> {
    checkBound(this, "semaphore.acquire()");
    return new Passage(this);
  }

  /** Adds a unit, which the first task in line gets. */
  release(): void {
    checkBound(this, "semaphore.release()");
    this._value++;
    this.#handOut();
  }

  /** As `acquire()`, giving a disposable that releases, once: `using held = await semaphore.guard()`. Not in Python. */
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

  /** `<Semaphore [unlocked, value:1]>`, or locked and how many wait: `<Semaphore [locked, waiters:2]>`. */
  override toString(): string {
    const state = this.locked() ? "locked" : `unlocked, value:${this._value}`;
    return `<${this.constructor.name} [${state}${this.#waiters.describe()}]>`;
  }

  /** @internal */
  _passAtOnce(): boolean {
    if (this.locked()) return false;
    this._value--;
    return true;
  }

  /** @internal */
  _enterLine(): Waiter {
    return this.#waiters.enter(this._bindLoop());
  }

  /** @internal */
  _leaveLine(waiter: Waiter, passed: boolean): void {
    this.#waiters.leave(waiter);
    // Woken, so it was handed a unit, but cancelled before it could use it.
    if (!passed && waiter._state === FINISHED) this._value++;
    // While it was in line, others had to get in line behind it even though units were left.
    while (this._value > 0 && this.#handOut());
  }

  /** Gives a unit to the first who still waits. False when nobody does. */
  #handOut(): boolean {
    if (!this.#waiters.wakeNext()) return false;
    this._value--;
    return true;
  }
}
