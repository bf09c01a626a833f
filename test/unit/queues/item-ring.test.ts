// Tests of the ring that holds a queue's items.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ItemRing } from "../../../lib/queues/item-ring.ts";

describe("the ring of items", () => {
  it("gives the items in their order, however many there are and wherever it begins", () => {
    const ring = new ItemRing<number>();
    const model: number[] = [];
    let next = 0;
    // Rounds that leave a few items each: the ring wraps, grows beyond what it keeps, and is emptied in between.
    for (const [put, take] of [
      [10, 7],
      [12, 3],
      [40, 50],
      [3000, 2900],
      [5, 107],
      [100, 100],
      [3000, 2999],
      [17, 18],
    ] as const) {
      for (let i = 0; i < put; i++) {
        ring.push(next);
        model.push(next++);
      }
      expect([...ring]).toEqual(model);
      for (let i = 0; i < take; i++) expect(ring.shift()).toBe(model.shift());
      expect(ring.length).toBe(model.length);
    }
    expect(ring.length).toBe(0);
    expect([...ring]).toEqual([]);
  });

  it("holds undefined like any other item", () => {
    const ring = new ItemRing<undefined>();
    ring.push(undefined);
    expect(ring.length).toBe(1);
    expect([...ring]).toEqual([undefined]);
    expect(ring.shift()).toBeUndefined();
    expect(ring.length).toBe(0);
  });

  it("does not keep alive what was taken out of it", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const ring = new ItemRing<object>();
    const put = (item: object): WeakRef<object> => {
      ring.push(item);
      return new WeakRef(item);
    };
    const [taken, held] = [put({}), put({})];
    ring.shift();
    // A WeakRef holds its object until the turn in which it was made is over.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect([taken.deref() === undefined, held.deref() === undefined]).toEqual([true, false]);
    expect(ring.length).toBe(1);
  });
});
