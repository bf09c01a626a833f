// wait(): waits until some or all of a set of futures are done, and says which are.
import { checkOptions, checkSeconds } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { FAILED, FINISHED, Future, isfuture, PENDING } from "../futures/future.ts";
import { awaitedAlready, RESUMED, suspendOn } from "../futures/suspension.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { iscoroutine } from "../tasks/coroutine.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { Runnable } from "../types/runnable.ts";
import { awaitableSet } from "./awaitable-set.ts";
import { Deadline } from "./deadline.ts";

/** `wait()` ends when any future is done. */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** `wait()` ends when any future has failed, or all are done. */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** `wait()` ends when all futures are done. */
export const ALL_COMPLETED = "ALL_COMPLETED";

export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

export interface WaitOptions {
  /** In seconds; without one, or with null, there is no limit. */
  timeout?: number | null | undefined;
  /** ALL_COMPLETED when not given. */
  returnWhen?: ReturnWhen;
}

const OPTIONS = ["timeout", "returnWhen"];

/** What one call waits for, and the one callback that it has on all of its futures. */
class WaitingFuture extends Future<void> implements Runnable {
  readonly #futures: ReadonlySet<Future<unknown>>;
  readonly #returnWhen: ReturnWhen;
  #left: number;
  #deadline: Deadline | null = null;

  constructor(loop: LoopCore, futures: ReadonlySet<Future<unknown>>, returnWhen: ReturnWhen) {
    super(undefined, loop);
    this.#futures = futures;
    this.#returnWhen = returnWhen;
    this.#left = futures.size;
  }

  /** Begins to wait. The time limit first, as in Python: it counts from here. */
  start(timeout: number | null): void {
    if (timeout !== null) {
      this.#deadline = new Deadline(this._loop, timeout, () => this.#release());
    }
    for (const future of this.#futures) future._addCallback(this);
  }

  /** Takes itself off the futures, some of which may live on for long. */
  leave(): void {
    this.#deadline?.remove();
    for (const future of this.#futures) future._removeCallback(this);
  }

  /** A future is done; which one does not matter. */
  run(): void {
    this.#left--;
    if (this.#left <= 0 || this.#returnWhen === FIRST_COMPLETED) this.#release();
  }

  insteadOnFailure(future: unknown): Runnable {
    // A cancelled future does not count as one that failed.
    if (this.#returnWhen !== FIRST_EXCEPTION || (future as Future<unknown>)._state !== FAILED) return this;
    return { run: () => this.#childFailed(future as Future<unknown>) };
  }

  #childFailed(future: Future<unknown>): void {
    this.#left--;
    // As in Python, the exception counts as seen where it is what ends the wait.
    if (this.#left > 0) future._takeException();
    this.#release();
  }

  #release(): void {
    this.#deadline?.remove();
    if (this._state === PENDING) this._settle(FINISHED, undefined);
  }
}

class Wait<F extends Future<unknown>> extends LibraryCoroutine<[done: Set<F>, pending: Set<F>]> {
  /** Null before it begins, and once it is over. */
  #waiter: WaitingFuture | null = null;
  #over = false;
  #futures: Set<F> = NONE;
  readonly #aws: Iterable<F>;
  readonly #options: WaitOptions;

  constructor(aws: Iterable<F>, options: WaitOptions) {
    super();
    this.#aws = aws;
    this.#options = options;
  }

  /** @internal */
  override next(value?: unknown): IteratorResult<Suspension, [Set<F>, Set<F>]> {
    if (this.#over) throw new RuntimeError("cannot reuse already awaited coroutine");
    const waiter = this.#waiter;
    if (waiter === null) return suspendOn(this.#begin());
    if (value !== RESUMED) return awaitedAlready();
    this.#end();
    // Throws where this call was cancelled.
    waiter.result();
    return { done: true, value: sortByState(this.#futures) };
  }

  /** @internal */
  override throw(error: unknown): never {
    this.#end();
    throw error;
  }

  /** @internal The coroutine that waits here is closed. */
  return(value: [Set<F>, Set<F>]): IteratorResult<Suspension, [Set<F>, Set<F>]> {
    this.#end();
    return { done: true, value };
  }

  #begin(): WaitingFuture {
    this.#over = true;
    const { timeout = null, returnWhen = ALL_COMPLETED } = checked(this.#options);
    const futures = awaitableSet(this.#aws, "wait");
    if (futures.size === 0) throw new RangeError("wait() needs at least one future, got an empty iterable");
    const loop = requireRunningLoop();
    for (const future of futures) checkFuture(future, loop);
    this.#over = false;
    this.#futures = futures;
    this.#waiter = new WaitingFuture(loop, futures, returnWhen);
    this.#waiter.start(timeout);
    return this.#waiter;
  }

  #end(): void {
    this.#over = true;
    this.#waiter?.leave();
    this.#waiter = null;
  }
}

const NONE: Set<never> = new Set();

function sortByState<F extends Future<unknown>>(futures: Set<F>): [done: Set<F>, pending: Set<F>] {
  const done = new Set<F>();
  const pending = new Set<F>();
  for (const future of futures) (future._state === PENDING ? pending : done).add(future);
  return [done, pending];
}

function checked(options: WaitOptions): WaitOptions {
  checkOptions(options, "wait", OPTIONS);
  const { timeout, returnWhen } = options;
  if (timeout !== undefined && timeout !== null) checkSeconds(timeout, "timeout");
  if (returnWhen !== undefined && ![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen)) {
    throw new RangeError(
      `returnWhen must be FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED, got ${describe(returnWhen)}`,
    );
  }
  return options;
}

function checkFuture(value: unknown, loop: LoopCore): void {
  if (!isfuture(value)) {
    throw new TypeError(
      iscoroutine(value) || typeof value === "function"
        ? "wait() takes no coroutines: make tasks of them with createTask(), to know them again in the results"
        : `wait() takes futures and tasks (see wrapFuture() for promises), got ${describe(value)}`,
    );
  }
  // In Python this would wait for ever.
  if (value._loop !== loop) throw new RangeError(`${value.toString()} belongs to a different loop`);
}

/**
 * Waits until the futures and tasks in `aws` are done, or what `returnWhen` says, or `timeout` seconds have passed. Gives two
 * sets: those that are done, and those that are not.
 *
 * It does not throw on timeout and never cancels anything; errors of the futures stay in the futures. Coroutines are refused
 * with a TypeError, an empty `aws` with a RangeError. The sets keep the order of `aws`, which Python's do not.
 *
 * @example
 * const [done, pending] = yield* wait([a, b], { timeout: 5, returnWhen: FIRST_COMPLETED });
 */
export function wait<F extends Future<unknown>>(
  aws: Iterable<F>,
  options: WaitOptions = {},
): LibraryCoroutine<[done: Set<F>, pending: Set<F>]> {
  return new Wait(aws, options);
}
