// shield(): waits for a future in such a way that a cancellation of the wait does not reach it.
import { CANCELLED, FAILED, FINISHED, Future, PENDING } from "../futures/future.ts";
import { wasRetrieved } from "../futures/unretrieved.ts";
import { originOf } from "../loop/origins.ts";
import { ensureFuture } from "../tasks/create-task.ts";
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import type { Runnable } from "../types/runnable.ts";

/** The future that shield() gives. It is the callback on the inner one as well. */
class ShieldingFuture<T> extends Future<T> implements Runnable {
  readonly #inner: Future<T>;

  constructor(inner: Future<T>) {
    super(undefined, inner._loop);
    this.#inner = inner;
    inner._addCallback(this);
  }

  /** The inner future has a result. */
  run(): void {
    if (this._state === PENDING) this._settle(FINISHED, this.#inner._outcome);
  }

  insteadOnFailure(): Runnable {
    return { run: () => this.#innerFailed() };
  }

  #innerFailed(): void {
    if (this._state !== PENDING) return;
    if (this.#inner._state === CANCELLED) this.cancel();
    else this._settle(FAILED, this.#inner._takeException());
  }

  /** @internal */
  override _settle(state: number, outcome: unknown): void {
    // In Python the outer future has a callback for this, its first one.
    if (this.#inner._state === PENDING) this._loop._push({ run: () => this.#letGo() });
    super._settle(state, outcome);
  }

  /** The outer future is done and the inner one was not: from now on nobody hands its error on. */
  #letGo(): void {
    const inner = this.#inner;
    if (inner._state !== PENDING) return;
    inner._removeCallback(this);
    // However many shields were cancelled, it is reported once.
    inner._removeCallback(reporter);
    inner._addCallback(reporter);
  }
}

/**
 * Reports the error of a future whose shield was cancelled, if nobody else is told of its end. Python reports it in any case,
 * even to those who handle it (gh-156321). Whoever else is told but does not look gets the report of an exception that was
 * never retrieved, as with any future.
 */
class ShieldedErrorReporter implements Runnable {
  run(): void {
    // It ended well, or was cancelled, or somebody else looks after it.
  }

  insteadOnFailure(future: unknown): Runnable {
    const inner = future as Future<unknown>;
    if (inner._state !== FAILED || hasOtherCallbacks(inner)) return this;
    return { run: () => report(inner) };
  }
}

const reporter = new ShieldedErrorReporter();

function hasOtherCallbacks(future: Future<unknown>): boolean {
  const entries = future._callbacks;
  return Array.isArray(entries) && entries.length > 1;
}

function report(future: Future<unknown>): void {
  if (wasRetrieved(future)) return;
  const exception = future._takeException();
  const kind = exception instanceof Error ? exception.name : typeof exception;
  const origin = originOf(future);
  future._loop.callExceptionHandler({
    message: `${kind} exception in shielded future`,
    exception,
    future,
    ...(origin === undefined ? {} : { sourceTraceback: origin }),
  });
}

/**
 * Waits for `awaitable` (a coroutine becomes a task) and shields it: when the wait is cancelled, CancelledError is thrown here
 * as ever, while what is shielded goes on. When that is itself cancelled, so is the wait.
 *
 * A future that is done is given back as it is. An error of the shielded future that comes after the wait was cancelled, and
 * that nobody else waits for, goes to the exception handler.
 *
 * @example
 * const saved = createTask(save());
 * yield* shield(saved);
 */
export function shield<C extends CoroutineLike<unknown>>(awaitable: C): Future<AwaitedResult<C>> {
  const inner = ensureFuture(awaitable);
  return inner._state === PENDING ? new ShieldingFuture(inner) : inner;
}
