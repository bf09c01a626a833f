// gather(): runs awaitables concurrently and gives their results in the order of the arguments.
import { checkFlag, checkOptions } from "../errors/argument-checks.ts";
import { CancelledError } from "../errors/asyncio-errors.ts";
import { CANCELLED, FAILED, FINISHED, Future, PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { ensureFutureOn } from "../tasks/create-task.ts";
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import type { Runnable } from "../types/runnable.ts";

type Results<A extends readonly unknown[]> = { -readonly [I in keyof A]: AwaitedResult<A[I]> };
type ResultsOrErrors<A extends readonly unknown[]> = {
  -readonly [I in keyof A]: AwaitedResult<A[I]> | Error;
};

export interface GatherOptions {
  /** Errors are put in the result list instead of failing the whole. */
  returnExceptions?: boolean;
}

const OPTIONS = ["returnExceptions"];

/** The future that gather() gives; it finishes when its children have. It is the callback on each of them as well. */
class GatheringFuture<T> extends Future<T> implements Runnable {
  /** Each awaitable's future once, and for each argument the one that stands for it; the same array unless one came twice. */
  readonly #children: Future<unknown>[];
  #places: Future<unknown>[];
  readonly #returnExceptions: boolean;
  #finished = 0;
  #cancelRequested = false;
  #doneAtStart: Future<unknown>[] | null = null;

  constructor(loop: LoopCore, returnExceptions: boolean, children: Future<unknown>[]) {
    super(undefined, loop);
    this.#returnExceptions = returnExceptions;
    this.#children = children;
    this.#places = children;
  }

  /** One more child. What happens to it from now on comes through the ready queue, also while the others are being started. */
  follow(child: Future<unknown>): void {
    if (child._state === PENDING) child._addCallback(this);
    else (this.#doneAtStart ??= []).push(child);
  }

  /** All have been started. Those that were done by then are counted at once: when all were, so is this future. */
  begin(places: Future<unknown>[]): void {
    this.#places = places;
    const done = this.#doneAtStart;
    if (done === null) return;
    this.#doneAtStart = null;
    for (const child of done) {
      if (child._state === FINISHED) this.run();
      else this.#childFailed(child);
    }
  }

  /** Cancels every child that is not done, once for each of its places; false when none could be cancelled. */
  override cancel(message?: string): boolean {
    if (this._state !== PENDING) return false;
    let cancelled = false;
    for (const child of this.#places) if (child.cancel(message)) cancelled = true;
    // The children decide how it ends; this is for returnExceptions, where nothing else would tell (gh-76865).
    if (cancelled) this.#cancelRequested = true;
    return cancelled;
  }

  /** A child has succeeded; which one does not matter. */
  run(): void {
    this.#finished++;
    if (this.#finished === this.#children.length && this._state === PENDING) this.#finish();
  }

  insteadOnFailure(child: Future<unknown>): Runnable {
    return { run: () => this.#childFailed(child) };
  }

  #childFailed(child: Future<unknown>): void {
    // What fails after the first is nobody's business any more.
    if (child._state === FAILED) child._takeException();
    if (this._state === PENDING && !this.#returnExceptions) {
      // A cancelled child counts as one that threw CancelledError: this future fails with it and is not itself "cancelled".
      this._settle(FAILED, child._state === CANCELLED ? child._makeCancelledError() : child._outcome);
    }
    this.run();
  }

  #finish(): void {
    const places = this.#places;
    if (this.#cancelRequested) {
      this._settle(FAILED, cancelledErrorOf(places[places.length - 1]!));
      return;
    }
    const results = new Array<unknown>(places.length);
    for (let i = 0; i < places.length; i++) {
      const child = places[i]!;
      results[i] = child._state === CANCELLED ? new CancelledError(child._cancelMessage) : child._outcome;
    }
    this._settle(FINISHED, results);
  }
}

/** As in Python the last child's stands for all: its own, or, should it have refused, a new one with the message it was given. */
function cancelledErrorOf(child: Future<unknown>): CancelledError {
  return child._state === CANCELLED ? child._makeCancelledError() : new CancelledError(child._cancelMessage);
}

/**
 * Starts all awaitables at once (coroutines as tasks) and gives a future for the list of their results, in the order given.
 *
 * The first error fails the future while the others go on; with `returnExceptions` errors are results. Cancelling the future
 * cancels every child. The same awaitable given twice runs once.
 *
 * @example
 * const [a, b] = yield* gather(f(), g());
 * const results = yield* gather([f(), g()], { returnExceptions: true });
 */
export function gather<const A extends readonly CoroutineLike<unknown>[]>(
  awaitables: A,
  options: GatherOptions & { returnExceptions: true },
): Future<ResultsOrErrors<A>>;
export function gather<const A extends readonly CoroutineLike<unknown>[]>(
  awaitables: A,
  options?: GatherOptions,
): Future<Results<A>>;
export function gather<const A extends readonly CoroutineLike<unknown>[]>(
  ...awaitables: A
): Future<Results<A>>;
export function gather(...args: unknown[]): Future<unknown> {
  const listed = Array.isArray(args[0]);
  const awaitables = (listed ? args[0] : args) as CoroutineLike<unknown>[];
  const returnExceptions = listed ? wantsExceptions(args[1] as GatherOptions | undefined) : false;
  if (!listed) refuseOptions(args[args.length - 1]);
  if (awaitables.length === 0) {
    const nothing = new Future<unknown>();
    nothing.setResult([]);
    return nothing;
  }
  if (!hasRepeats(awaitables)) return gatherDistinct(awaitables, returnExceptions);
  // Some awaitable was given more than once: it runs once and stands in each of its places. A function is called for each.
  const places = new Map<unknown, number>();
  const distinct: CoroutineLike<unknown>[] = [];
  const placeOf = awaitables.map((awaitable) => {
    const known = typeof awaitable === "function" ? undefined : places.get(awaitable);
    if (known !== undefined) return known;
    places.set(awaitable, distinct.length);
    return distinct.push(awaitable) - 1;
  });
  return gatherDistinct(distinct, returnExceptions, (children) => placeOf.map((place) => children[place]!));
}

function wantsExceptions(options: GatherOptions | undefined): boolean {
  if (options === undefined) return false;
  checkOptions(options, "gather", OPTIONS);
  checkFlag(options.returnExceptions, "returnExceptions");
  return options.returnExceptions ?? false;
}

/** As in Python's call they would stand after the awaitables. Better before any of these is started. */
function refuseOptions(last: unknown): void {
  if (last === null || typeof last !== "object" || !Object.hasOwn(last, "returnExceptions")) return;
  throw new TypeError(
    "gather() takes options after an array only: gather([f(), g()], { returnExceptions: true })",
  );
}

/** The first decides the loop that all must belong to. */
function gatherDistinct(
  awaitables: readonly CoroutineLike<unknown>[],
  returnExceptions: boolean,
  toPlaces?: (children: Future<unknown>[]) => Future<unknown>[],
): Future<unknown> {
  const first = ensureFutureOn(undefined, awaitables[0]!);
  const children = new Array<Future<unknown>>(awaitables.length);
  const outer = new GatheringFuture<unknown>(first._loop, returnExceptions, children);
  children[0] = first;
  outer.follow(first);
  for (let i = 1; i < awaitables.length; i++) {
    const child = ensureFutureOn(first._loop, awaitables[i]!);
    children[i] = child;
    outer.follow(child);
  }
  outer.begin(toPlaces === undefined ? children : toPlaces(children));
  return outer;
}

/** Up to this many, comparing each with each beats making a set (which costs some 50 ns an item). */
const FEW = 8;

function hasRepeats(items: readonly unknown[]): boolean {
  if (items.length > FEW) return new Set(items).size < items.length;
  for (let i = 1; i < items.length; i++) {
    for (let j = 0; j < i; j++) if (items[i] === items[j]) return true;
  }
  return false;
}
