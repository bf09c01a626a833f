// Timers of the native backend: staged in shared memory here, ordered in C++ (native/containers/timer_store.h).
import { InternalError } from "../errors/asyncio-errors.ts";
import type { TimerEntry, TimerStore } from "../types/backend.ts";
import type { ReadySink } from "../types/runnable.ts";
import { chainFreeSlots } from "./shared-state.ts";
import type { Layout, NativeLoop, SharedArrays } from "./surface.ts";

export class NativeTimers implements TimerStore {
  readonly #layout: Layout;
  readonly #arrays: SharedArrays;
  readonly #native: NativeLoop;
  readonly #state: Int32Array;
  readonly #times: Float64Array;
  readonly #stagedWhen: Float64Array;
  readonly #stagedSlots: Int32Array;
  readonly #due: Int32Array;
  // The places in the shared arrays, as plain numbers: a property of this object is one load, a look-up in the layout is two.
  readonly #stagedCount: number;
  readonly #stagedCapacity: number;
  readonly #freeHead: number;
  readonly #cancelledCount: number;
  readonly #nextDeadline: number;
  readonly #live: number;
  readonly #cancelled: number;
  readonly #end: number;
  #links: Int32Array;
  #entries: (TimerEntry | undefined)[];
  #size = 0;

  constructor(layout: Layout, arrays: SharedArrays, native: NativeLoop) {
    this.#layout = layout;
    this.#arrays = arrays;
    this.#native = native;
    this.#state = arrays.state;
    this.#times = arrays.times;
    this.#stagedWhen = arrays.stagedWhen;
    this.#stagedSlots = arrays.stagedSlots;
    this.#due = arrays.due;
    this.#links = arrays.links;
    this.#stagedCount = layout.state.STAGED_COUNT;
    this.#stagedCapacity = layout.stagedCapacity;
    this.#freeHead = layout.state.TIMER_FREE_HEAD;
    this.#cancelledCount = layout.state.CANCELLED_COUNT;
    this.#nextDeadline = layout.times.NEXT_DEADLINE;
    this.#live = layout.timerLive;
    this.#cancelled = layout.timerCancelled;
    this.#end = layout.timerEnd;
    this.#entries = new Array<TimerEntry | undefined>(this.#links.length).fill(undefined);
  }

  get size(): number {
    return this.#size;
  }

  get nextDeadline(): number {
    return this.#times[this.#nextDeadline]!;
  }

  add(entry: TimerEntry): void {
    const state = this.#state;
    let slot = state[this.#freeHead]!;
    if (slot === this.#end) slot = this.#grow();
    state[this.#freeHead] = this.#links[slot]!;
    this.#links[slot] = this.#live;
    this.#entries[slot] = entry;
    entry._slot = slot;
    this.#size++;

    const when = entry._when;
    const staged = state[this.#stagedCount]!;
    this.#stagedWhen[staged] = when;
    this.#stagedSlots[staged] = slot;
    state[this.#stagedCount] = staged + 1;
    if (when < this.#times[this.#nextDeadline]!) this.#times[this.#nextDeadline] = when;
    if (staged + 1 === this.#stagedCapacity) this.#absorb();
  }

  remove(entry: TimerEntry): void {
    const slot = entry._slot;
    if (slot < 0) return;
    // One store tells C++; it gives the slot back when it next meets it. The entry itself is let go of now.
    this.#links[slot] = this.#cancelled;
    this.#state[this.#cancelledCount]!++;
    this.#entries[slot] = undefined;
    entry._slot = -1;
    this.#size--;
  }

  takeDue(now: number, sink: ReadySink): void {
    for (;;) {
      const count = this.#native.takeDueTimers(now);
      for (let i = 0; i < count; i++) this.#release(this.#due[i]!, sink);
      if (count < this.#due.length) return;
    }
  }

  clear(): void {
    this.#native.clearTimers();
    for (const entry of this.#entries) if (entry !== undefined) entry._slot = -1;
    this.#state[this.#stagedCount] = 0;
    this.#state[this.#cancelledCount] = 0;
    this.#times[this.#nextDeadline] = Infinity;
    this.#entries = new Array<TimerEntry | undefined>(this.#links.length).fill(undefined);
    chainFreeSlots(this.#layout, this.#links, 0);
    this.#state[this.#freeHead] = 0;
    this.#size = 0;
  }

  #release(slot: number, sink: ReadySink): void {
    const entry = this.#entries[slot];
    this.#entries[slot] = undefined;
    this.#links[slot] = this.#state[this.#freeHead]!;
    this.#state[this.#freeHead] = slot;
    if (entry === undefined) throw new InternalError(`timer slot ${slot} came due without an entry`);
    entry._slot = -1;
    this.#size--;
    sink.push(entry);
  }

  #absorb(): void {
    if (this.#native.absorbTimers() !== 0) throw new RangeError("out of memory: too many timers");
  }

  /** Doubles the number of slots; the first new one is given back. */
  #grow(): number {
    // Cancelled timers may still hold slots that the staged ones' arrival frees.
    this.#absorb();
    const freed = this.#state[this.#freeHead]!;
    if (freed !== this.#end) return freed;
    const first = this.#links.length;
    const links = new Int32Array(first * 2);
    links.set(this.#links);
    chainFreeSlots(this.#layout, links, first);
    if (this.#native.attachTimerLinks(links) !== 0) throw new InternalError("the native loop refused more timer slots");
    this.#links = this.#arrays.links = links;
    for (let i = first; i < links.length; i++) this.#entries.push(undefined);
    this.#state[this.#freeHead] = first;
    return first;
  }
}
