// Timers of the pure backend: a 4-ary heap of the entries themselves.
//
//   place i has its children at 4i + 1 .. 4i + 4; `_slot` is the number of the arrival, which breaks ties
//
// A cancelled entry stays where it is until it reaches the top or a sweep comes, as in asyncio. Its `_slot` is then negative,
// so among equal deadlines it looks earlier than it was; only its own place can suffer from that, because deadlines never
// change. An entry that was removed or that came due must not be added a second time.
import { MIN_CANCELLED_TO_SWEEP } from "../constants.ts";
import { enterContext } from "../context/context.ts";
import type { TimerEntry, TimerStore, TimerTicket } from "../types/backend.ts";
import type { ReadySink } from "../types/runnable.ts";

const ARITY = 4;

/** A scheduled call: the ticket of it as well. */
class ScheduledCall implements TimerEntry {
  readonly _when: number;
  _slot = -1;
  call: (() => unknown) | null;
  readonly #heap: TimerHeap;

  constructor(heap: TimerHeap, when: number, call: () => unknown) {
    this.#heap = heap;
    this._when = when;
    this.call = call;
  }

  run(): void {
    const { call } = this;
    if (call === null) return;
    this.call = null;
    enterContext(null);
    try {
      call();
    } catch (error) {
      this.#heap.onError(error, call);
    }
  }
}

export class TimerHeap implements TimerStore {
  foreignTime: number | null = null;
  onError: TimerStore["onError"] = (error) => {
    throw error;
  };
  #heap: TimerEntry[] = [];
  #cancelled = 0;
  #arrivals = 0;

  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Exact: a cancelled entry never stays at the top. */
  get nextDeadline(): number {
    return this.#heap.length === 0 ? Infinity : this.#heap[0]!._when;
  }

  add(entry: TimerEntry): void {
    entry._slot = this.#arrivals++;
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1, entry);
  }

  remove(entry: TimerEntry): void {
    if (entry._slot < 0) return;
    entry._slot = -1;
    this.#cancelled++;
    if (this.#cancelled > MIN_CANCELLED_TO_SWEEP && this.#cancelled * 2 > this.#heap.length) this.#sweep();
    else this.#dropCancelledTop();
  }

  schedule(when: number, call: () => unknown): TimerTicket {
    const scheduled = new ScheduledCall(this, when, call);
    this.add(scheduled);
    return scheduled;
  }

  unschedule(ticket: TimerTicket): void {
    const scheduled = ticket as ScheduledCall;
    scheduled.call = null;
    this.remove(scheduled);
  }

  takeDue(now: number, sink: ReadySink): void {
    const heap = this.#heap;
    while (heap.length > 0 && heap[0]!._when <= now) {
      const entry = heap[0]!;
      this.#removeTop();
      entry._slot = -1;
      sink.push(entry);
      this.#dropCancelledTop();
    }
  }

  clear(): void {
    for (const entry of this.#heap) entry._slot = -1;
    this.#heap = [];
    this.#cancelled = 0;
  }

  #dropCancelledTop(): void {
    while (this.#heap.length > 0 && this.#heap[0]!._slot < 0) {
      this.#removeTop();
      this.#cancelled--;
    }
  }

  #removeTop(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#siftDown(0, last);
  }

  #sweep(): void {
    this.#heap = this.#heap.filter((entry) => entry._slot >= 0);
    this.#cancelled = 0;
    const lastParent = Math.floor((this.#heap.length - 2) / ARITY);
    for (let at = lastParent; at >= 0; at--) this.#siftDown(at, this.#heap[at]!);
  }

  /** Puts `entry` at `at`, or above it where it comes before its parents. */
  #siftUp(at: number, entry: TimerEntry): void {
    const heap = this.#heap;
    while (at > 0) {
      const above = (at - 1) >> 2;
      const parent = heap[above]!;
      if (!isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  /** Puts `entry` at `at`, or below it where children come before it. */
  #siftDown(at: number, entry: TimerEntry): void {
    const heap = this.#heap;
    const length = heap.length;
    for (;;) {
      const first = ARITY * at + 1;
      if (first >= length) break;
      const end = Math.min(first + ARITY, length);
      let best = first;
      for (let child = first + 1; child < end; child++) {
        if (isBefore(heap[child]!, heap[best]!)) best = child;
      }
      if (!isBefore(heap[best]!, entry)) break;
      heap[at] = heap[best]!;
      at = best;
    }
    heap[at] = entry;
  }
}

function isBefore(a: TimerEntry, b: TimerEntry): boolean {
  return a._when < b._when || (a._when === b._when && a._slot < b._slot);
}
