// The line of those who wait at one side of a queue, oldest first: whoever leaves it early costs no search.
//
//   first ──> [ waiter ] <──> [ cancelled, not gone yet ] <──> [ waiter ] <── last
//
// A cancelled waiter stands in the line until its task has run and taken it out, as in Python; waking steps over it.
import { FINISHED, Future, PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";

/** The future that one blocked call waits for, and its own link in the line. */
export class Waiter extends Future<void> {
  /** The line it stands in; null once it was woken or has left. */
  _line: WaitingLine | null = null;
  _before: Waiter | null = null;
  _after: Waiter | null = null;

  constructor(loop: LoopCore) {
    super(undefined, loop);
  }
}

export class WaitingLine {
  #first: Waiter | null = null;
  #last: Waiter | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A new waiter at the end of the line. */
  enter(loop: LoopCore): Waiter {
    const waiter = new Waiter(loop);
    const last = this.#last;
    if (last === null) this.#first = waiter;
    else last._after = waiter;
    waiter._before = last;
    waiter._line = this;
    this.#last = waiter;
    this.#length++;
    return waiter;
  }

  /** Takes `waiter` out wherever it stands; nothing happens when it was taken out already. */
  remove(waiter: Waiter): void {
    if (waiter._line !== this) return;
    const { _before: before, _after: after } = waiter;
    if (before === null) this.#first = after;
    else before._after = after;
    if (after === null) this.#last = before;
    else after._before = before;
    waiter._line = waiter._before = waiter._after = null;
    this.#length--;
  }

  /** Wakes the first one that still waits. */
  wakeNext(): void {
    while (this.#first !== null) {
      const waiter = this.#first;
      this.remove(waiter);
      if (waiter._state === PENDING) {
        waiter._settle(FINISHED, undefined);
        return;
      }
    }
  }

  wakeAll(): void {
    while (this.#first !== null) this.wakeNext();
  }
}
