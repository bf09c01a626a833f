// WaiterQueue: those who wait for a lock and the like, in the order in which they came.
//
//   first ─> woken ─> cancelled ─> pending ─> cancelled ─> pending <─ last
//                                     └ #next: nobody before it is pending
//
// A waiter stays in the queue until its task has run and left, as in asyncio: who asks meanwhile must see that it is there. The
// links are in the waiters themselves, so entering, leaving and waking the next are O(1) however many are cancelled.
import { CANCELLED, FINISHED, Future, PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";

/** @internal One who waits: a future with a place in a queue. */
export class Waiter extends Future<true> {
  /** @internal */
  _before: Waiter | null = null;
  /** @internal */
  _after: Waiter | null = null;
  readonly #queue: WaiterQueue;

  constructor(loop: LoopCore, queue: WaiterQueue) {
    super(undefined, loop);
    this.#queue = queue;
  }

  override cancel(message?: string): boolean {
    if (!super.cancel(message)) return false;
    this.#queue._cancelled++;
    return true;
  }
}

/** @internal */
export class WaiterQueue {
  /** @internal Of those in the queue; counted by the waiters. */
  _cancelled = 0;
  #first: Waiter | null = null;
  #last: Waiter | null = null;
  #next: Waiter | null = null;
  #length = 0;

  /** How many are in the queue, cancelled ones included. */
  get length(): number {
    return this.#length;
  }

  /** Whether anybody is in the queue who is not cancelled: one who waits, or was woken and has not run yet. */
  get inUse(): boolean {
    return this.#length > this._cancelled;
  }

  /** A new waiter at the end of the queue. */
  enter(loop: LoopCore): Waiter {
    const waiter = new Waiter(loop, this);
    const last = this.#last;
    if (last === null) this.#first = waiter;
    else last._after = waiter;
    waiter._before = last;
    this.#last = waiter;
    this.#next ??= waiter;
    this.#length++;
    return waiter;
  }

  /** Takes out a waiter that is in the queue. */
  leave(waiter: Waiter): void {
    const { _before: before, _after: after } = waiter;
    if (before === null) this.#first = after;
    else before._after = after;
    if (after === null) this.#last = before;
    else after._before = before;
    if (this.#next === waiter) this.#next = after;
    waiter._before = waiter._after = null;
    this.#length--;
    if (waiter._state === CANCELLED) this._cancelled--;
  }

  /** For a toString(): `, waiters:2`, or nothing where nobody waits. */
  describe(): string {
    return this.#length === 0 ? "" : `, waiters:${this.#length}`;
  }

  /** Wakes the first in the queue, unless it is awake or cancelled already. */
  wakeFirst(): void {
    const first = this.#first;
    if (first !== null && first._state === PENDING) first._settle(FINISHED, true);
  }

  /** Wakes the first who still waits. False when nobody does. */
  wakeNext(): boolean {
    let waiter = this.#next;
    while (waiter !== null && waiter._state !== PENDING) waiter = waiter._after;
    this.#next = waiter;
    if (waiter === null) return false;
    waiter._settle(FINISHED, true);
    return true;
  }
}
