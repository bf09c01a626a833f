// asCompleted(): gives what runs concurrently in the order in which it ends.
import { checkOptions, checkSeconds } from "../errors/argument-checks.ts";
import { TimeoutError } from "../errors/asyncio-errors.ts";
import type { Future } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { currentLoop, requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import { ensureFutureOn } from "../tasks/create-task.ts";
import type { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import type { Runnable } from "../types/runnable.ts";
import { awaitableSet } from "./awaitable-set.ts";
import { type Completion, CompletionQueue, NextCompletion } from "./completion-queue.ts";
import { Deadline } from "./deadline.ts";

export interface AsCompletedOptions {
  /** In seconds; without one, or with null, there is no limit. */
  timeout?: number | null | undefined;
}

const OPTIONS = ["timeout"];

/** A future as it was given; for any other awaitable the task or future that was made of it. */
type FutureOf<A> = A extends Future<unknown> ? A : Future<AwaitedResult<A>>;

/**
 * A future that is done; its result is `future.result()`.
 *
 * TypeScript takes the items of a `for await` for awaited, which they are not. A type without a `then` it leaves alone. (Where
 * a plain `for` over an iterator of the very same type comes first in the program, it takes that loop's items, awaited.)
 */
export type Completed<F> = F & { then: never };

/** The callback on one of the futures. */
class Arrival implements Runnable {
  readonly #iterator: Pick<AsCompleted<never>, "_awaiter" | "_completed">;
  readonly #future: Future<unknown>;

  constructor(iterator: Pick<AsCompleted<never>, "_awaiter" | "_completed">, future: Future<unknown>) {
    this.#iterator = iterator;
    this.#future = future;
  }

  get awaiter(): Future<unknown> | null {
    return this.#iterator._awaiter;
  }

  run(): void {
    this.#iterator._completed(this.#future);
  }
}

/**
 * What `asCompleted()` gives: an iterator in either way, and both count down the same completions. A loop that was left can be
 * gone on with in another.
 */
export class AsCompleted<A extends CoroutineLike<unknown>> {
  readonly #queue: CompletionQueue;
  readonly #waiting = new Map<Future<unknown>, Runnable>();
  readonly #deadline: Deadline | null;
  #left: number;

  /** @internal */
  constructor(loop: LoopCore, aws: ReadonlySet<A>, timeout: number | null) {
    this.#queue = new CompletionQueue(loop);
    for (const aw of aws) {
      const future = ensureFutureOn(loop, aw) as Future<unknown>;
      this.#waiting.set(future, new Arrival(this, future));
    }
    this.#left = this.#waiting.size;
    for (const [future, entry] of this.#waiting) future._addCallback(entry);
    this.#deadline =
      timeout === null || this.#left === 0 ? null : new Deadline(loop, timeout, () => this.#expire());
  }

  /** The next completion, to be awaited: gives its result, or throws its error, or TimeoutError. */
  next(): IteratorResult<LibraryCoroutine<AwaitedResult<A>>, undefined> {
    if (!this._claim()) return { done: true, value: undefined };
    return { done: false, value: new NextResult<AwaitedResult<A>>(this.#queue) };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /**
   * Waits for the next future that is done, and gives it as an iterator's `next()` does: `{ done: false, value: future }`, or
   * `{ done: true }` after the last. TimeoutError when the time was up before. This is Python's `async for`, for coroutines:
   *
   * @example
   * for (let step; !(step = yield* it.anext()).done; ) console.log(step.value.result());
   */
  anext(): LibraryCoroutine<IteratorResult<FutureOf<A>, undefined>> {
    return this.#nextFuture<FutureOf<A>>();
  }

  #nextFuture<F>(): LibraryCoroutine<IteratorResult<F, undefined>> {
    return new NextFuture<F>(this.#queue, this);
  }

  /** For `for await`. Its `next()` can be awaited with `yield*` as well. */
  [Symbol.asyncIterator](): { next(): LibraryCoroutine<IteratorResult<Completed<FutureOf<A>>, undefined>> } {
    return { next: () => this.#nextFuture<Completed<FutureOf<A>>>() };
  }

  /** @internal Takes one of the completions that are left for an awaitable that will get it; false when there is none. */
  _claim(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  /** @internal Who waits for the next completion waits for each of them. */
  get _awaiter(): Future<unknown> | null {
    return this.#queue.firstWaiter as Future<unknown> | null;
  }

  /** @internal A future is done. */
  _completed(future: Future<unknown>): void {
    // Otherwise the time was up before, in the same pass.
    if (!this.#waiting.delete(future)) return;
    this.#queue.put(future);
    if (this.#waiting.size === 0) this.#deadline?.remove();
  }

  /** The time is up: each completion that is still to come is a TimeoutError instead. */
  #expire(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [future, entry] of waiting) {
      future._removeCallback(entry);
      this.#queue.put(null);
    }
  }
}

/** An item of the plain iterator. */
class NextResult<T> extends NextCompletion<T> {
  protected override begin(): null {
    return null;
  }

  protected override finish(completion: Completion): T {
    return doneInTime(completion).result() as T;
  }
}

/** A step of the asynchronous iterator. */
class NextFuture<F> extends NextCompletion<IteratorResult<F, undefined>> {
  readonly #iterator: { _claim(): boolean };

  constructor(queue: CompletionQueue, iterator: { _claim(): boolean }) {
    super(queue);
    this.#iterator = iterator;
  }

  protected override begin(): IteratorReturnResult<IteratorResult<F, undefined>> | null {
    return this.#iterator._claim() ? null : { done: true, value: { done: true, value: undefined } };
  }

  protected override finish(completion: Completion): IteratorResult<F, undefined> {
    return { done: false, value: doneInTime(completion) as F };
  }
}

function doneInTime(completion: Completion): Future<unknown> {
  if (completion === null) throw new TimeoutError();
  return completion;
}

/**
 * Starts all awaitables at once (coroutines as tasks) and lets them be looped over in the order in which they end, in either
 * of two ways. When `timeout` seconds have passed before all are done, TimeoutError is thrown; nothing is cancelled.
 *
 * With a plain `for` each item is then awaited: it gives the next result there is. With `for await`, or `anext()` in a
 * coroutine, the items are futures that are done: those that were given, so that they can be told apart.
 *
 * @example
 * for (const next of asCompleted([f(), g()])) console.log(yield* next);
 *
 * for await (const task of asCompleted(tasks)) console.log(task === tasks[0], task.result());
 */
export function asCompleted<A extends CoroutineLike<unknown>>(
  aws: Iterable<A>,
  options: AsCompletedOptions = {},
): AsCompleted<A> {
  checkOptions(options, "asCompleted", OPTIONS);
  const timeout = options.timeout ?? null;
  if (timeout !== null) checkSeconds(timeout, "timeout");
  const loop = runningLoop() ?? currentLoop() ?? requireRunningLoop();
  return new AsCompleted(loop, awaitableSet(aws, "asCompleted"), timeout);
}
