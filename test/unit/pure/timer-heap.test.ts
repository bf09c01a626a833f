// Checks the timer heap against a sorted list, and its rules one by one.
import { describe, expect, it } from "vitest";
import { MIN_CANCELLED_TO_SWEEP } from "../../../lib/constants.ts";
import { TimerHeap } from "../../../lib/pure/timer-heap.ts";
import type { TimerEntry } from "../../../lib/types/backend.ts";
import type { Runnable } from "../../../lib/types/runnable.ts";

class Entry implements TimerEntry {
  readonly _when: number;
  readonly name: number;
  _slot = -1;

  constructor(when: number, name = 0) {
    this._when = when;
    this.name = name;
  }

  run(): void {
    throw new Error("the store must not run what it holds");
  }
}

/** The obvious store: a list that is kept sorted, where equal deadlines keep their order. */
class SortedList {
  readonly live: Entry[] = [];

  add(entry: Entry): void {
    const at = this.live.findIndex((other) => other._when > entry._when);
    this.live.splice(at < 0 ? this.live.length : at, 0, entry);
  }

  remove(entry: Entry): void {
    this.live.splice(this.live.indexOf(entry), 1);
  }

  takeDue(now: number): Entry[] {
    const count = this.live.filter((entry) => entry._when <= now).length;
    return this.live.splice(0, count);
  }
}

function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function take(heap: TimerHeap, now: number): Entry[] {
  const taken: Runnable[] = [];
  heap.takeDue(now, { push: (entry) => void taken.push(entry) });
  return taken as Entry[];
}

function names(entries: readonly Entry[]): number[] {
  return entries.map((entry) => entry.name);
}

describe("TimerHeap", () => {
  it("is empty at first", () => {
    const heap = new TimerHeap();
    expect(heap.size).toBe(0);
    expect(heap.nextDeadline).toBe(Infinity);
    expect(take(heap, Infinity)).toEqual([]);
  });

  it("takes what is due, earliest first, and leaves the rest", () => {
    const heap = new TimerHeap();
    for (const when of [5, 1, 4, 2, 3]) heap.add(new Entry(when, when));
    expect(names(take(heap, 3))).toEqual([1, 2, 3]);
    expect(heap.size).toBe(2);
    expect(heap.nextDeadline).toBe(4);
  });

  it("keeps the order of equal deadlines, also around cancelled ones", () => {
    const heap = new TimerHeap();
    const entries = Array.from({ length: 40 }, (_, name) => new Entry(1, name));
    for (const entry of entries) heap.add(entry);
    for (const entry of entries) if (entry.name % 3 === 0) heap.remove(entry);
    const expected = names(entries).filter((name) => name % 3 !== 0);
    expect(names(take(heap, 1))).toEqual(expected);
  });

  it("marks what is no longer in it", () => {
    const heap = new TimerHeap();
    const due = new Entry(1);
    const cancelled = new Entry(2);
    const forgotten = new Entry(3);
    for (const entry of [due, cancelled, forgotten]) heap.add(entry);
    expect(Math.min(due._slot, cancelled._slot, forgotten._slot)).toBeGreaterThanOrEqual(0);
    take(heap, 1);
    heap.remove(cancelled);
    heap.clear();
    expect([due._slot, cancelled._slot, forgotten._slot]).toEqual([-1, -1, -1]);
    expect(heap.size).toBe(0);
    expect(heap.nextDeadline).toBe(Infinity);
  });

  it("ignores the removal of what it does not hold", () => {
    const heap = new TimerHeap();
    const entry = new Entry(1);
    heap.remove(entry);
    heap.add(entry);
    take(heap, 1);
    heap.remove(entry);
    expect(heap.size).toBe(0);
  });

  it("moves its next deadline on when the first timer is cancelled", () => {
    const heap = new TimerHeap();
    const first = new Entry(1);
    heap.add(first);
    heap.add(new Entry(7));
    heap.remove(first);
    expect(heap.nextDeadline).toBe(7);
  });

  it("survives sweeps with its order intact", () => {
    const heap = new TimerHeap();
    const count = MIN_CANCELLED_TO_SWEEP * 4;
    const entries = Array.from({ length: count }, (_, name) => new Entry((name * 7) % 5, name));
    for (const entry of entries) heap.add(entry);
    const kept = entries.filter((entry) => entry.name % 4 === 1);
    // From the last one on, so that the top is not what goes and only a sweep can clear up.
    for (const entry of [...entries].reverse()) if (entry.name % 4 !== 1) heap.remove(entry);
    expect(heap.size).toBe(kept.length);
    const expected = [...kept].sort((a, b) => a._when - b._when || a.name - b.name);
    expect(names(take(heap, Infinity))).toEqual(names(expected));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("does what a sorted list does (seed %i)", (seed) => {
    const random = seededRandom(seed);
    const heap = new TimerHeap();
    const model = new SortedList();
    let now = 0;
    for (let step = 0; step < 4000; step++) {
      const choice = random(100);
      if (choice < 55) {
        // Few distinct deadlines: ties are where heaps go wrong.
        const entry = new Entry(now + random(20), step);
        heap.add(entry);
        model.add(entry);
      } else if (choice < 93 && model.live.length > 0) {
        const entry = model.live[random(model.live.length)]!;
        heap.remove(entry);
        model.remove(entry);
      } else {
        now += random(3);
        expect(names(take(heap, now))).toEqual(names(model.takeDue(now)));
      }
      expect(heap.size).toBe(model.live.length);
      expect(heap.nextDeadline).toBe(model.live[0]?._when ?? Infinity);
    }
    expect(names(take(heap, Infinity))).toEqual(names(model.takeDue(Infinity)));
  });
});
