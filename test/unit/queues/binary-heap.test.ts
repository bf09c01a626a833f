// Tests of the heap of a PriorityQueue.
import { describe, expect, it } from "vitest";
import { popFromHeap, pushOnHeap } from "../../../lib/queues/binary-heap.ts";
import { thrownBy } from "../../support/outcomes.ts";

type Item = readonly [priority: number, name: number];
const before = (a: Item, b: Item): boolean => a[0] < b[0];

function heapOf(priorities: readonly number[]): Item[] {
  const heap: Item[] = [];
  priorities.forEach((priority, name) => pushOnHeap(heap, [priority, name], before));
  return heap;
}

function emptied(heap: Item[]): Item[] {
  const items: Item[] = [];
  while (heap.length > 0) items.push(popFromHeap(heap, before));
  return items;
}

describe("the heap of a PriorityQueue", () => {
  it("gives the smallest item first, at every size", () => {
    for (let size = 1; size <= 40; size++) {
      const priorities = Array.from({ length: size }, (_, i) => (i * 17) % 41);
      expect(emptied(heapOf(priorities)).map(([priority]) => priority)).toEqual(
        priorities.sort((a, b) => a - b),
      );
    }
  });

  it("gives equal items in the order in which Python's heapq gives them", () => {
    // What heapq.heappop() of CPython 3.13 gives for the same pushes.
    const names = [1, 6, 3, 9, 2, 5, 7, 4, 0, 8];
    expect(emptied(heapOf([3, 1, 2, 1, 3, 2, 1, 2, 3, 1])).map(([, name]) => name)).toEqual(names);
  });

  it("is as it was when a comparison throws, at whichever comparison that is", () => {
    const heap = heapOf([5, 3, 4, 1, 2, 9, 8, 7, 6, 0]);
    const copy = [...heap];
    let failures = 0;
    for (const change of [
      (compare: typeof before) => pushOnHeap(heap, [-1, 99], compare),
      (compare: typeof before) => popFromHeap(heap, compare),
    ]) {
      for (let allowed = 0; ; allowed++) {
        let left = allowed;
        const failing = (a: Item, b: Item): boolean => {
          if (left-- === 0) throw new TypeError("no order");
          return before(a, b);
        };
        if (!(thrownBy(() => change(failing)) instanceof TypeError)) break;
        failures++;
        expect(heap).toEqual(copy);
      }
      heap.splice(0, heap.length, ...copy);
    }
    // 4 levels: a push compares with 3 parents, a pop twice a level at most.
    expect(failures).toBeGreaterThanOrEqual(6);
  });
});
