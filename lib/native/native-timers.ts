// Timers of the native backend: staged in shared memory here, ordered in C++ (native/containers/timer_store.h).
import { InternalError } from "../errors/asyncio-errors.ts";
import { enterContext } from "../context/context.ts";
import type { TimerEntry, TimerStore, TimerTicket } from "../types/backend.ts";
import type { ReadySink, Runnable } from "../types/runnable.ts";
import { chainFreeSlots } from "./shared-state.ts";
import type { Layout, NativeLoop, SharedArrays } from "./surface.ts";

/** Timers at once: a ticket is a generation times this plus a slot, a small integer for the first 128 uses of a slot. */
const MAX_SLOTS = 1 << 24;

/** A link value of this side alone: the call is in the ready queue and its slot not free yet. */
const DUE = -4;

/** A scheduled call in the ready queue. */
class DueCall implements Runnable {
  readonly #timers: NativeTimers;
  readonly #slot: number;

  constructor(timers: NativeTimers, slot: number) {
    this.#timers = timers;
    this.#slot = slot;
  }

  run(): void {
    const call = this.#timers.finish(this.#slot);
    if (call === undefined) return;
    enterContext(null);
    try {
      call();
    } catch (error) {
      this.#timers.onError(error, call);
    }
  }
}

export class NativeTimers implements TimerStore {
  onError: TimerStore["onError"] = (error) => {
    throw error;
  };
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
  readonly #foreignTime: number;
  readonly #live: number;
  readonly #cancelled: number;
  readonly #end: number;
  #links: Int32Array;
  /** What each slot stands for: an entry, or a bare call. */
  #targets: (TimerEntry | (() => unknown) | undefined)[];
  /** Counts the uses of each slot, so that an old ticket names nobody. */
  #generations: Int32Array;
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
    this.#foreignTime = layout.times.FOREIGN_TIME;
    this.#live = layout.timerLive;
    this.#cancelled = layout.timerCancelled;
    this.#end = layout.timerEnd;
    this.#targets = new Array<TimerEntry | undefined>(this.#links.length).fill(undefined);
    this.#generations = new Int32Array(this.#links.length);
  }

  get size(): number {
    return this.#size;
  }

  get foreignTime(): number | null {
    const time = this.#times[this.#foreignTime]!;
    return Number.isNaN(time) ? null : time;
  }

  set foreignTime(time: number | null) {
    this.#times[this.#foreignTime] = time ?? NaN;
  }

  get nextDeadline(): number {
    return this.#times[this.#nextDeadline]!;
  }

  add(entry: TimerEntry): void {
    entry._slot = this.#stage(entry._when, entry);
  }

  remove(entry: TimerEntry): void {
    if (entry._slot < 0) return;
    this.#cancel(entry._slot);
    entry._slot = -1;
  }

  schedule(when: number, call: () => unknown): TimerTicket {
    const slot = this.#stage(when, call);
    return this.#generations[slot]! * MAX_SLOTS + slot;
  }

  unschedule(ticket: TimerTicket): void {
    const slot = (ticket as number) % MAX_SLOTS;
    if (this.#generations[slot] !== Math.floor((ticket as number) / MAX_SLOTS)) return;
    if (this.#links[slot] === this.#live) this.#cancel(slot);
    else if (this.#links[slot] === DUE) this.#targets[slot] = undefined;
  }

  /** The call that is due in a slot, which is free from then on; undefined when it was cancelled meanwhile. */
  finish(slot: number): (() => unknown) | undefined {
    // The loop may have been closed and all forgotten since.
    if (this.#links[slot] !== DUE) return undefined;
    const call = this.#targets[slot] as (() => unknown) | undefined;
    this.#free(slot);
    return call;
  }

  takeDue(now: number, sink: ReadySink): void {
    for (;;) {
      const count = this.#native.takeDueTimers(now);
      for (let i = 0; i < count; i++) this.#becomeReady(this.#due[i]!, sink);
      if (count < this.#due.length) return;
    }
  }

  clear(): void {
    this.#native.clearTimers();
    for (const target of this.#targets) if (typeof target === "object") target._slot = -1;
    this.#state[this.#stagedCount] = 0;
    this.#state[this.#cancelledCount] = 0;
    this.#times[this.#nextDeadline] = Infinity;
    this.#targets = new Array<TimerEntry | undefined>(this.#links.length).fill(undefined);
    for (let slot = 0; slot < this.#generations.length; slot++) this.#generations[slot]!++;
    chainFreeSlots(this.#layout, this.#links, 0);
    this.#state[this.#freeHead] = 0;
    this.#size = 0;
  }

  /** Takes a slot and leaves the deadline where C++ finds it. */
  #stage(when: number, target: TimerEntry | (() => unknown)): number {
    const state = this.#state;
    let slot = state[this.#freeHead]!;
    if (slot === this.#end) slot = this.#grow();
    state[this.#freeHead] = this.#links[slot]!;
    this.#links[slot] = this.#live;
    this.#targets[slot] = target;
    this.#size++;

    const staged = state[this.#stagedCount]!;
    this.#stagedWhen[staged] = when;
    this.#stagedSlots[staged] = slot;
    state[this.#stagedCount] = staged + 1;
    if (when < this.#times[this.#nextDeadline]!) this.#times[this.#nextDeadline] = when;
    if (staged + 1 === this.#stagedCapacity) this.#absorb();
    return slot;
  }

  /** One store tells C++, which gives the slot back when it next meets it. What it stood for is let go of now. */
  #cancel(slot: number): void {
    this.#links[slot] = this.#cancelled;
    this.#state[this.#cancelledCount]!++;
    this.#targets[slot] = undefined;
    this.#generations[slot]!++;
    this.#size--;
  }

  #becomeReady(slot: number, sink: ReadySink): void {
    const target = this.#targets[slot];
    if (target === undefined)
      throw new InternalError(`timer slot ${slot} came due, but nothing stands in it`);
    if (typeof target === "function") {
      // A handle may still cancel it until it runs, so the slot stays taken.
      this.#links[slot] = DUE;
      this.#size--;
      sink.push(new DueCall(this, slot));
    } else {
      target._slot = -1;
      this.#size--;
      this.#free(slot);
      sink.push(target);
    }
  }

  #free(slot: number): void {
    this.#targets[slot] = undefined;
    this.#generations[slot]!++;
    this.#links[slot] = this.#state[this.#freeHead]!;
    this.#state[this.#freeHead] = slot;
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
    if (first === MAX_SLOTS) throw new RangeError(`too many timers: a loop holds at most ${MAX_SLOTS}`);
    const links = new Int32Array(first * 2);
    links.set(this.#links);
    chainFreeSlots(this.#layout, links, first);
    if (this.#native.attachTimerLinks(links) !== 0)
      throw new InternalError("the native loop refused more timer slots");
    this.#links = this.#arrays.links = links;
    const generations = new Int32Array(first * 2);
    generations.set(this.#generations);
    this.#generations = generations;
    for (let i = first; i < links.length; i++) this.#targets.push(undefined);
    this.#state[this.#freeHead] = first;
    return first;
  }
}
