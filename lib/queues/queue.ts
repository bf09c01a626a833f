// Queue: items handed from task to task, first in, first out; with a bound, with counting of unfinished work, as asyncio.Queue.
import { inspect } from "node:util";
import { checkBound, checkFlag } from "../errors/argument-checks.ts";
import { QueueEmpty, QueueFull, QueueShutDown } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { Event } from "../sync/event.ts";
import { LoopBound } from "../sync/loop-bound.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Coroutine } from "../types/awaitable.ts";
import { ItemRing } from "./item-ring.ts";
import { GetCall, PutCall } from "./queue-calls.ts";
import { type Waiter, WaitingLine } from "./waiting-line.ts";

/** What a queue keeps its items in: an array, or anything else with a length that can be looped over. */
export interface QueueItems<T> extends Iterable<T> {
  readonly length: number;
}

/** toString() shows this many items and says how many more there are. */
const SHOWN_ITEMS = 100;

/**
 * A queue between tasks. With a `maxsize` above 0, `put()` waits while that many items are in it; without one it never does.
 *
 * It belongs to the loop on which a call first has to wait; waiting on another is a RuntimeError. As in Python there is no
 * strict fairness: a task that was woken takes its item or slot when it runs, and queues again if another was faster.
 *
 * A subclass that orders items in another way overrides `_init`, `_put` and `_get`, and keeps its items in `_queue`.
 *
 * @example
 * const queue = new Queue<string>(100);
 * yield* queue.put("work");
 * const item = yield* queue.get();
 * queue.taskDone();
 * yield* queue.join();
 */
export class Queue<T> extends LoopBound {
  /** The items. A subclass that keeps them in something of its own narrows it with `declare protected _queue: ...`. */
  protected _queue!: QueueItems<T>;
  /** @internal */
  readonly _getters = new WaitingLine();
  /** @internal */
  readonly _putters = new WaitingLine();
  readonly #maxsize: number;
  #unfinished = 0;
  /** Set while nothing is unfinished. */
  readonly #finished = new Event();
  #shutDown = false;

  constructor(maxsize = 0) {
    super();
    if (typeof maxsize !== "number") {
      throw new TypeError(`maxsize must be a number of items, 0 for no limit, got ${describe(maxsize)}`);
    }
    if (Number.isNaN(maxsize)) throw new RangeError("maxsize must be a number of items, got NaN");
    this.#maxsize = maxsize;
    this.#finished.set();
    this._init(maxsize);
  }

  // --- for subclasses --------------------------------------------------------------------------------------------------

  /** Makes the empty `_queue`. Called by the constructor, so before the fields that a subclass declares have their values. */
  protected _init(_maxsize: number): void {
    this._queue = new ItemRing<T>();
  }

  /** Takes the item that is next out of `_queue`, which is not empty. What it throws, getNowait() and get() throw. */
  protected _get(): T {
    return (this._queue as ItemRing<T>).shift();
  }

  /** Puts an item in `_queue`. What it throws, putNowait() and put() throw, and the item counts as not put. */
  protected _put(item: T): void {
    (this._queue as ItemRing<T>).push(item);
  }

  // --- putting and getting ---------------------------------------------------------------------------------------------

  /** Puts an item in, once there is room. QueueShutDown when the queue was shut down, or is while this waits. */
  put(item: T): LibraryCoroutine<void> {
    checkBound(this, "queue.put(item)");
    return new PutCall(this, item);
  }

  /** Puts an item in at once. QueueFull when there is no room, QueueShutDown when the queue was shut down. */
  putNowait(item: T): void {
    if (this.#shutDown) throw new QueueShutDown();
    if (this.full()) throw new QueueFull();
    this._put(item);
    this.#unfinished++;
    this.#finished.clear();
    this._getters.wakeNext();
  }

  /** Takes the next item, once there is one. QueueShutDown when the queue was shut down and holds nothing more. */
  get(): LibraryCoroutine<T> {
    checkBound(this, "queue.get()");
    return new GetCall(this);
  }

  /** Takes the next item at once. QueueEmpty when there is none, QueueShutDown when there never will be. */
  getNowait(): T {
    if (this.empty()) throw this.#shutDown ? new QueueShutDown() : new QueueEmpty();
    const item = this._get();
    this._putters.wakeNext();
    return item;
  }

  /** The number of items in the queue. */
  qsize(): number {
    return this._queue.length;
  }

  /** The number of items it has room for; 0 or less for no limit. */
  get maxsize(): number {
    return this.#maxsize;
  }

  empty(): boolean {
    return this.qsize() === 0;
  }

  /** Whether `put()` would wait; never without a maxsize. */
  full(): boolean {
    return this.#maxsize > 0 && this.qsize() >= this.#maxsize;
  }

  // --- counting what is unfinished, and the end ------------------------------------------------------------------------

  /** Says that the work on one item that was taken out is done. RangeError when that was said of every item already. */
  taskDone(): void {
    checkBound(this, "queue.taskDone()");
    if (this.#unfinished === 0) {
      throw new RangeError("taskDone() called too many times: call it once for each item that was put");
    }
    this.#unfinished--;
    if (this.#unfinished === 0) this.#finished.set();
  }

  /** Waits until `taskDone()` was called for every item that was put. */
  join(): CoroutineObject<void> {
    return new CoroutineObject(this.#join(), "join");
  }

  *#join(): Coroutine<void> {
    if (this.#unfinished > 0) yield* this.#finished.wait();
  }

  /**
   * Closes the queue for good: from now on, and for those that wait, `put()` throws QueueShutDown; so does `get()` once what
   * is left has been taken out. With `immediate`, what is left is thrown away and counts as done.
   */
  shutdown(immediate = false): void {
    checkBound(this, "queue.shutdown(immediate)");
    checkFlag(immediate, "immediate");
    this.#shutDown = true;
    try {
      if (immediate) this.#throwAway();
    } finally {
      this._getters.wakeAll();
      this._putters.wakeAll();
    }
  }

  #throwAway(): void {
    while (!this.empty()) {
      this._get();
      if (this.#unfinished > 0) this.#unfinished--;
    }
    if (this.#unfinished === 0) this.#finished.set();
  }

  /** @internal A place at the end of a line of this queue, unless there is nothing to wait for any more. */
  _enter(line: WaitingLine): Waiter {
    if (this.#shutDown) throw new QueueShutDown();
    return line.enter(this._bindLoop());
  }

  /** As Python shows it: `<Queue maxsize=2 _queue=[1, 2] _putters[1] tasks=2>`. */
  override toString(): string {
    let text = `<${this.constructor.name} maxsize=${this.#maxsize}`;
    if (this.qsize() > 0) text += ` _queue=[${this.#showItems()}]`;
    if (this._getters.length > 0) text += ` _getters[${this._getters.length}]`;
    if (this._putters.length > 0) text += ` _putters[${this._putters.length}]`;
    if (this.#unfinished > 0) text += ` tasks=${this.#unfinished}`;
    if (this.#shutDown) text += " shutdown";
    return `${text}>`;
  }

  /** What console.log() prints. */
  [inspect.custom](): string {
    return this.toString();
  }

  #showItems(): string {
    const shown: string[] = [];
    for (const item of this._queue) {
      if (shown.length === SHOWN_ITEMS) {
        shown.push(`... ${this._queue.length - SHOWN_ITEMS} more`);
        break;
      }
      shown.push(inspect(item, { depth: 0, breakLength: Infinity }));
    }
    return shown.join(", ");
  }
}
