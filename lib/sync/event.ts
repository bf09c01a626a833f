// Event: a flag that tasks can wait for.
import { checkBound } from "../errors/argument-checks.ts";
import type { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import { Passage } from "./gate.ts";
import { LoopBound } from "./loop-bound.ts";
import { type Waiter, WaiterQueue } from "./waiter-queue.ts";

/**
 * A flag, unset at first, that any number of tasks can wait for. Not to be taken for the `Event` that Node's EventTarget
 * dispatches.
 *
 * It belongs to the first loop in which a task has to wait for it; waiting in another one is a RuntimeError.
 */
export class Event extends LoopBound {
  readonly #waiters = new WaiterQueue();
  #set = false;

  isSet(): boolean {
    return this.#set;
  }

  /** Sets the flag and wakes all who wait. They go on even if it is cleared again before they run. */
  set(): void {
    checkBound(this, "event.set()");
    this.#set = true;
    while (this.#waiters.wakeNext());
  }

  /** Takes the flag back: who calls `wait()` from now on waits for the next `set()`. */
  clear(): void {
    checkBound(this, "event.clear()");
    this.#set = false;
  }

  /** Waits until the flag is set; gives true. Does not give way when it is set already. */
  wait(): LibraryCoroutine<true> {
    checkBound(this, "event.wait()");
    return new Passage(this);
  }

  /** `<Event [unset]>`, or set, and how many wait: `<Event [unset, waiters:2]>`. */
  override toString(): string {
    return `<${this.constructor.name} [${this.#set ? "set" : "unset"}${this.#waiters.describe()}]>`;
  }

  /** @internal */
  _passAtOnce(): boolean {
    return this.#set;
  }

  /** @internal */
  _enterLine(): Waiter {
    return this.#waiters.enter(this._bindLoop());
  }

  /** @internal */
  _leaveLine(waiter: Waiter): void {
    this.#waiters.leave(waiter);
  }
}
