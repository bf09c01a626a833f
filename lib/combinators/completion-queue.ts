// CompletionQueue: what asCompleted() hands out, and those who wait for it. As asyncio.Queue does it, turn for turn.
import { CANCELLED, FINISHED, Future, PENDING } from "../futures/future.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { awaitedAlready, RESUMED, suspendOn } from "../futures/suspension.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";

/** A future that is done, or null: the time is up. */
export type Completion = Future<unknown> | null;

type Waiter = Future<void>;

export class CompletionQueue {
  readonly #loop: LoopCore;
  readonly #items: Completion[] = [];
  /** How many of the items have been taken; there are as many as awaitables, so nothing is gained by shifting them out. */
  #taken = 0;
  readonly #waiters = new Set<Waiter>();

  constructor(loop: LoopCore) {
    this.#loop = loop;
  }

  get empty(): boolean {
    return this.#taken === this.#items.length;
  }

  put(item: Completion): void {
    this.#items.push(item);
    this.wakeNext();
  }

  take(): Completion {
    const item = this.#items[this.#taken]!;
    this.#items[this.#taken++] = null;
    return item;
  }

  /** Who gets the next completion. */
  get firstWaiter(): Waiter | null {
    return this.#waiters.values().next().value ?? null;
  }

  enter(): Waiter {
    const waiter = new Future<void>(undefined, this.#loop);
    this.#waiters.add(waiter);
    return waiter;
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  wakeNext(): void {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      if (waiter._state === PENDING) {
        waiter._settle(FINISHED, undefined);
        return;
      }
    }
  }
}

/** Waits for the next completion, and makes the result of it. */
export abstract class NextCompletion<R> extends LibraryCoroutine<R> {
  readonly #queue: CompletionQueue;
  #waiter: Waiter | null = null;
  #begun = false;
  #over = false;

  constructor(queue: CompletionQueue) {
    super();
    this.#queue = queue;
  }

  /** When it is first awaited: a result that needs no completion, or null. */
  protected abstract begin(): IteratorReturnResult<R> | null;
  protected abstract finish(completion: Completion): R;

  /** @internal */
  override next(value?: unknown): IteratorResult<Suspension, R> {
    if (this.#over) throw new RuntimeError("cannot reuse already awaited coroutine");
    if (!this.#begun) {
      this.#begun = true;
      const early = this.begin();
      if (early !== null) return this.#end(early);
    } else {
      if (value !== RESUMED) return awaitedAlready();
      this.#wake();
    }
    // Whoever was woken looks again: somebody else may have come first, and then it queues up anew.
    if (this.#queue.empty) return suspendOn((this.#waiter = this.#queue.enter()));
    this.#over = true;
    return { done: true, value: this.finish(this.#queue.take()) };
  }

  #wake(): void {
    const waiter = this.#waiter!;
    if (waiter._state !== CANCELLED) return;
    this.#giveUp();
    throw waiter._makeCancelledError();
  }

  #end(result: IteratorReturnResult<R>): IteratorReturnResult<R> {
    this.#over = true;
    return result;
  }

  /** @internal */
  override throw(error: unknown): never {
    this.#giveUp();
    throw error;
  }

  /** @internal The coroutine that waits here is closed. */
  return(value: R): IteratorResult<Suspension, R> {
    this.#giveUp();
    return { done: true, value };
  }

  #giveUp(): void {
    this.#over = true;
    const waiter = this.#waiter;
    if (waiter === null) return;
    waiter.cancel();
    this.#queue.leave(waiter);
    // It was woken for a completion that it cannot take any more.
    if (waiter._state !== CANCELLED && !this.#queue.empty) this.#queue.wakeNext();
  }
}
