// The calls that wait at a queue: put() and get(), as state machines that make no future unless they have to wait.
//
//                      ┌── must wait ──> in the line ──woken──┐
//   made ──awaited──> look <──────────────────┼───────────────┘
//                      └── can go on ──> done └──cancelled──> out of the line; if it was woken, the next one is
//
// Whoever is woken looks again: an item or slot may be gone by then, and the call queues up anew, at the back.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { CANCELLED } from "../futures/future.ts";
import { awaitedAlready, RESUMED, suspendOn } from "../futures/suspension.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { Queue } from "./queue.ts";
import type { Waiter, WaitingLine } from "./waiting-line.ts";

const DONE: IteratorReturnResult<void> = Object.freeze({ done: true, value: undefined });

function usedUp(): never {
  throw new RuntimeError("cannot reuse already awaited coroutine");
}

abstract class QueueCall<T, R> extends LibraryCoroutine<R> {
  /** Null once the call has ended. */
  protected queue: Queue<T> | null;
  protected waiter: Waiter | null = null;

  constructor(queue: Queue<T>) {
    super();
    this.queue = queue;
  }

  /** Where the call waits. */
  protected abstract lineOf(queue: Queue<T>): WaitingLine;
  protected abstract mustWait(queue: Queue<T>): boolean;

  /** Queues up. A queue that was shut down has nothing to wait for. */
  protected suspend(queue: Queue<T>): IteratorResult<Suspension, never> {
    try {
      return suspendOn((this.waiter = queue._enter(this.lineOf(queue))));
    } catch (error) {
      this.queue = null;
      throw error;
    }
  }

  /** A further next() of the task that waits here, whose waiter was woken or cancelled. */
  protected resume(waiter: Waiter): void {
    if (waiter._state === CANCELLED) {
      this.#leave();
      throw waiter._makeCancelledError();
    }
    this.waiter = null;
  }

  override throw(error: unknown): never {
    this.#leave();
    throw error;
  }

  /** @internal The coroutine that waits here was closed. */
  return(value: R): IteratorResult<Suspension, R> {
    this.#leave();
    return { done: true, value };
  }

  #leave(): void {
    const { queue, waiter } = this;
    this.queue = this.waiter = null;
    if (queue === null || waiter === null) return;
    waiter.cancel();
    this.lineOf(queue).remove(waiter);
    if (waiter._state !== CANCELLED) this.passOn(queue);
  }

  /** The item or slot that this call was woken for is for the next in line, where it cannot be taken after all. */
  protected passOn(queue: Queue<T>): void {
    if (!this.mustWait(queue)) this.lineOf(queue).wakeNext();
  }
}

/** A call of put(). */
export class PutCall<T> extends QueueCall<T, void> {
  readonly #item: T;

  constructor(queue: Queue<T>, item: T) {
    super(queue);
    this.#item = item;
  }

  /** @internal */
  override next(value?: unknown): IteratorResult<Suspension, void> {
    if (this.waiter !== null) {
      if (value !== RESUMED) return awaitedAlready();
      this.resume(this.waiter);
    }
    const queue = this.queue ?? usedUp();
    if (queue.full()) return this.suspend(queue);
    this.queue = null;
    try {
      queue.putNowait(this.#item);
      return DONE;
    } catch (error) {
      this.passOn(queue);
      throw error;
    }
  }

  protected override lineOf(queue: Queue<T>): WaitingLine {
    return queue._putters;
  }

  protected override mustWait(queue: Queue<T>): boolean {
    return queue.full();
  }
}

/** A call of get(). */
export class GetCall<T> extends QueueCall<T, T> {
  /** @internal */
  override next(value?: unknown): IteratorResult<Suspension, T> {
    if (this.waiter !== null) {
      if (value !== RESUMED) return awaitedAlready();
      this.resume(this.waiter);
    }
    const queue = this.queue ?? usedUp();
    if (queue.empty()) return this.suspend(queue);
    this.queue = null;
    try {
      return { done: true, value: queue.getNowait() };
    } catch (error) {
      this.passOn(queue);
      throw error;
    }
  }

  protected override lineOf(queue: Queue<T>): WaitingLine {
    return queue._getters;
  }

  protected override mustWait(queue: Queue<T>): boolean {
    return queue.empty();
  }
}
