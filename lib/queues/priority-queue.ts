// PriorityQueue: the queue that gives the smallest item first, as asyncio.PriorityQueue.
import { checkFunction, checkOptions } from "../errors/argument-checks.ts";
import { type ComesBefore, popFromHeap, pushOnHeap } from "./binary-heap.ts";
import { comesBefore } from "./ordering.ts";
import { Queue } from "./queue.ts";

export interface PriorityQueueOptions<T> {
  /** As for `Array.prototype.sort()`: negative when `a` comes first. */
  compare?: (a: T, b: T) => number;
}

const OPTIONS = ["compare"];

/**
 * A Queue that gives the smallest item first, by `compare` or else as Python's `<` has it: numbers, strings, dates, objects with
 * a `valueOf()`, and arrays item by item, so that `[priority, count, item]` works as Python's tuple does.
 *
 * Items that cannot be compared, such as two plain objects or a number and a string, are a TypeError: of `put()`, or of `get()`
 * where the two meet only then. The item is then not put, and none is lost; in Python it is put or lost all the same.
 *
 * @example
 * const jobs = new PriorityQueue<Job>(0, { compare: (a, b) => a.due - b.due });
 */
export class PriorityQueue<T> extends Queue<T> {
  declare protected _queue: T[];
  readonly #comesBefore: ComesBefore<T> = comesBefore;

  constructor(maxsize = 0, options: PriorityQueueOptions<T> = {}) {
    super(maxsize);
    checkOptions(options, "PriorityQueue", OPTIONS);
    const { compare } = options;
    if (compare === undefined) return;
    checkFunction(compare, "PriorityQueue");
    this.#comesBefore = (a, b) => compare(a, b) < 0;
  }

  protected override _init(_maxsize: number): void {
    this._queue = [];
  }

  protected override _get(): T {
    return popFromHeap(this._queue, this.#comesBefore);
  }

  protected override _put(item: T): void {
    pushOnHeap(this._queue, item, this.#comesBefore);
  }
}
