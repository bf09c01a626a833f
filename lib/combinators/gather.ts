// gather(): runs awaitables concurrently and gives their results in the order of the arguments.
import { CancelledError } from "../errors/asyncio-errors.ts";
import { CANCELLED, FAILED, FINISHED, Future, PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { currentLoop, requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import { ensureFutureOn } from "../tasks/create-task.ts";
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import type { Runnable } from "../types/runnable.ts";

type Results<A extends readonly unknown[]> = { -readonly [I in keyof A]: AwaitedResult<A[I]> };
type ResultsOrErrors<A extends readonly unknown[]> = { -readonly [I in keyof A]: AwaitedResult<A[I]> | Error };

export interface GatherOptions {
  /** Errors are put in the result list instead of failing the whole. */
  returnExceptions?: boolean;
}

/** The future that gather() gives; it finishes when its children have. */
class GatheringFuture<T> extends Future<T> {
  /** Each awaitable's future once, and for each argument the one that stands for it; the same array unless one came twice. */
  readonly #children: Future<unknown>[];
  readonly #places: Future<unknown>[];
  readonly #returnExceptions: boolean;
  #finished = 0;
  #cancelRequested = false;

  constructor(loop: LoopCore, returnExceptions: boolean, children: Future<unknown>[], places: Future<unknown>[]) {
    super(undefined, loop);
    this.#returnExceptions = returnExceptions;
    this.#children = children;
    this.#places = places;
    for (const child of children) child._addCallback(new ChildDone(this, child));
  }

  /** Cancels every child that is not done; false when none could be cancelled. */
  override cancel(message?: string): boolean {
    if (this._state !== PENDING) return false;
    let cancelled = false;
    for (const child of this.#children) if (child.cancel(message)) cancelled = true;
    // The children decide how it ends; this is for returnExceptions, where nothing else would tell (gh-76865).
    if (cancelled) {
      this.#cancelRequested = true;
      this._cancelMessage = message;
    }
    return cancelled;
  }

  childDone(child: Future<unknown>): void {
    this.#finished++;
    if (this._state !== PENDING) return;
    if (!this.#returnExceptions) {
      if (child._state === CANCELLED) {
        // As a child that raised CancelledError: the outer future fails with it and is not itself "cancelled".
        this._settle(FAILED, child._makeCancelledError());
        return;
      }
      if (child._state === FAILED) {
        this._settle(FAILED, child._outcome);
        return;
      }
    }
    if (this.#finished === this.#children.length) this.#finish();
  }

  #finish(): void {
    if (this.#cancelRequested) {
      this._settle(FAILED, new CancelledError(this._cancelMessage));
      return;
    }
    const places = this.#places;
    const results = new Array<unknown>(places.length);
    for (let i = 0; i < places.length; i++) {
      const child = places[i]!;
      results[i] = child._state === CANCELLED ? new CancelledError(child._cancelMessage) : child._outcome;
    }
    this._settle(FINISHED, results);
  }
}

/** One child's done-callback: its own ready-queue entry. */
class ChildDone implements Runnable {
  readonly #outer: GatheringFuture<unknown>;
  readonly #child: Future<unknown>;

  constructor(outer: GatheringFuture<unknown>, child: Future<unknown>) {
    this.#outer = outer;
    this.#child = child;
  }

  run(): void {
    this.#outer.childDone(this.#child);
  }
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
export function gather<const A extends readonly CoroutineLike<unknown>[]>(...awaitables: A): Future<Results<A>>;
export function gather(...args: unknown[]): Future<unknown> {
  const listed = Array.isArray(args[0]);
  const awaitables = (listed ? args[0] : args) as CoroutineLike<unknown>[];
  const { returnExceptions = false } = listed ? ((args[1] as GatherOptions | undefined) ?? {}) : {};
  const loop = loopOf(awaitables);
  if (awaitables.length === 0) {
    const nothing = new Future<unknown>(undefined, loop);
    nothing.setResult([]);
    return nothing;
  }
  if (new Set(awaitables).size < awaitables.length) return gatherRepeated(loop, awaitables, returnExceptions);
  const children = new Array<Future<unknown>>(awaitables.length);
  for (let i = 0; i < awaitables.length; i++) children[i] = ensureFutureOn(loop, awaitables[i]!);
  return new GatheringFuture<unknown>(loop, returnExceptions, children, children);
}

/** Some awaitable was given more than once: it runs once and stands in each of its places. */
function gatherRepeated(
  loop: LoopCore,
  awaitables: readonly CoroutineLike<unknown>[],
  returnExceptions: boolean,
): Future<unknown> {
  const futures = new Map<unknown, Future<unknown>>();
  for (const awaitable of new Set(awaitables)) futures.set(awaitable, ensureFutureOn(loop, awaitable));
  const places = awaitables.map((awaitable) => futures.get(awaitable)!);
  return new GatheringFuture<unknown>(loop, returnExceptions, [...futures.values()], places);
}

function loopOf(awaitables: readonly unknown[]): LoopCore {
  for (const awaitable of awaitables) if (awaitable instanceof Future) return awaitable._loop;
  return runningLoop() ?? currentLoop() ?? requireRunningLoop();
}
