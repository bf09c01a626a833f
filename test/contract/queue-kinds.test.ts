// What PriorityQueue promises of items and orders, and what subclasses of a queue may do.
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { createTask, LifoQueue, PriorityQueue, Queue, sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

function drained<T>(queue: Queue<T>): T[] {
  const items: T[] = [];
  while (!queue.empty()) items.push(queue.getNowait());
  return items;
}

describeBackends("PriorityQueue", (backend) => {
  it("orders arrays as Python orders tuples, not as strings", () => {
    const queue = new PriorityQueue<[number, string]>();
    for (const item of [
      [10, "c"],
      [9, "b"],
      [9, "a"],
      [100, "d"],
    ] as [number, string][]) {
      queue.putNowait(item);
    }
    expect(drained(queue).map((item) => item.join(" "))).toEqual(["9 a", "9 b", "10 c", "100 d"]);
  });

  it("orders by `compare` where it is given", () => {
    const queue = new PriorityQueue<{ due: number }>(0, { compare: (a, b) => b.due - a.due });
    for (const due of [2, 3, 1]) queue.putNowait({ due });
    expect(drained(queue).map(({ due }) => due)).toEqual([3, 2, 1]);
  });

  it("orders equal items as Python does, by `compare` too", () => {
    const queue = new PriorityQueue<[number, number]>(0, { compare: ([a], [b]) => a - b });
    [3, 1, 2, 1, 3, 2, 1, 2, 3, 1].forEach((priority, name) => queue.putNowait([priority, name]));
    // What CPython 3.13 gives for items of which only the priority counts.
    expect(drained(queue).map(([, name]) => name)).toEqual([1, 6, 3, 9, 2, 5, 7, 4, 0, 8]);
  });

  it("does not take an item that it cannot compare, and loses none that it holds", () => {
    const queue = new PriorityQueue<unknown>();
    queue.putNowait({ name: "first" });
    expect(label(thrownBy(() => queue.putNowait({ name: "second" })))).toContain(
      "TypeError: a PriorityQueue cannot",
    );
    expect([queue.qsize(), String(queue)]).toEqual([
      1,
      "<PriorityQueue maxsize=0 _queue=[{ name: 'first' }] tasks=1>",
    ]);

    // These two meet only when the one above them is taken.
    const late = new PriorityQueue<unknown>();
    for (const item of [1, [2], "3"].map((what, i) => [Math.min(i, 1), what])) late.putNowait(item);
    expect(thrownBy(() => late.getNowait())).toBeInstanceOf(TypeError);
    expect(late.qsize()).toBe(3);
    expect(thrownBy(() => late.shutdown(true))).toBeInstanceOf(TypeError);
  });

  it("gives the slot of an item it refused to the next put() in line", () =>
    onLoop(backend, function* () {
      const queue = new PriorityQueue<unknown>(2);
      queue.putNowait(1);
      queue.putNowait(2);
      const [wrong, right] = [createTask(queue.put("text")), createTask(queue.put(3))];
      yield* sleep(0);
      expect(queue.getNowait()).toBe(1);
      yield* passes(2);
      expect(yield* errorOf(wrong)).toBeInstanceOf(TypeError);
      expect(right.done()).toBe(true);
      expect(drained(queue)).toEqual([2, 3]);
    }));

  it("wakes those who wait even when shutdown(true) cannot empty it", () =>
    onLoop(backend, function* () {
      const queue = new PriorityQueue<unknown>(3);
      for (const item of [1, [2], "3"].map((what, i) => [Math.min(i, 1), what])) queue.putNowait(item);
      const putter = createTask(queue.put([2, 4]));
      yield* sleep(0);
      expect(thrownBy(() => queue.shutdown(true))).toBeInstanceOf(TypeError);
      expect((yield* errorOf(putter)).name).toBe("QueueShutDown");
    }));

  it("refuses options that are none", () => {
    const make = (options: unknown) => () => new PriorityQueue(0, options as object);
    expect(thrownBy(make((a: number, b: number) => a - b))).toBeInstanceOf(TypeError);
    expect(thrownBy(make({ compare: "due" }))).toBeInstanceOf(TypeError);
    expect(thrownBy(make(null))).toBeInstanceOf(TypeError);
  });
});

describeBackends("a subclass of Queue", (backend) => {
  class Unique<T> extends Queue<T> {
    declare protected _queue: Set<T> & { length: number };
    static readonly made: number[] = [];

    protected override _init(maxsize: number): void {
      Unique.made.push(maxsize);
      this._queue = Object.defineProperty(new Set<T>(), "length", {
        get(this: Set<T>) {
          return this.size;
        },
      }) as Set<T> & { length: number };
    }

    protected override _get(): T {
      const [first] = this._queue;
      this._queue.delete(first!);
      return first!;
    }

    protected override _put(item: T): void {
      if (item === undefined) throw new TypeError("undefined is no item");
      this._queue.add(item);
    }
  }

  it("keeps its items as it likes, through _init, _put and _get", () =>
    onLoop(backend, function* () {
      const queue = new Unique<number>(2);
      expect(Unique.made.at(-1)).toBe(2);
      for (const item of [5, 5, 4]) yield* queue.put(item);
      expect(String(queue)).toBe("<Unique maxsize=2 _queue=[5, 4] tasks=3>");
      const putter = createTask(queue.put(3));
      yield* sleep(0);
      expect(putter.done()).toBe(false);
      expect([yield* queue.get(), yield* queue.get()]).toEqual([5, 4]);
      yield* putter;
      expect(queue.getNowait()).toBe(3);
      queue.putNowait(1);
      queue.shutdown(true);
      expect(queue.qsize()).toBe(0);
    }));

  it("may throw: the item counts as not put", () => {
    const queue = new Unique<unknown>();
    expect(label(thrownBy(() => queue.putNowait(undefined)))).toBe("TypeError: undefined is no item");
    expect(String(queue)).toBe("<Unique maxsize=0>");
  });

  it("may decide itself when it is full", () =>
    onLoop(backend, function* () {
      class Gated extends LifoQueue<number> {
        open = false;
        override full(): boolean {
          return !this.open;
        }
      }
      const queue = new Gated();
      const putter = createTask(queue.put(1));
      yield* sleep(0);
      expect(putter.done()).toBe(false);
      queue.open = true;
      queue.putNowait(2);
      queue.getNowait();
      yield* putter;
      expect(queue.getNowait()).toBe(1);
    }));
});

describeBackends("the text of a queue", () => {
  it("shows items as console.log() does, and the first hundred only", () => {
    const queue = new Queue<unknown>();
    for (const item of ["a", { b: { c: 1 } }, [1, [2]], null]) queue.putNowait(item);
    expect(String(queue)).toBe(
      "<Queue maxsize=0 _queue=['a', { b: [Object] }, [ 1, [Array] ], null] tasks=4>",
    );
    expect(inspect({ queue })).toBe(`{\n  queue: ${String(queue)}\n}`);

    const long = new Queue<number>();
    for (let i = 0; i < 103; i++) long.putNowait(i);
    expect(String(long)).toContain(", 98, 99, ... 3 more] tasks=103>");
  });
});
