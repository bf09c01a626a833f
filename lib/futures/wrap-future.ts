// Brings a foreign promise into the loop: a future that follows it.
import { CancelledError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { CANCELLED, checkFutureOptions, Future, isfuture, PENDING } from "./future.ts";

/** Whether `value` has a `then` method. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/**
 * A future that takes the outcome of a promise; a future is given back as it is. A promise that rejects with a CancelledError
 * (the promise of a task that was cancelled, say) leaves it cancelled.
 *
 * Cancelling it does not stop whatever the promise stands for: JavaScript has no way to. What settles later is dropped, and
 * so is a settlement after the loop was closed.
 */
export function wrapFuture<T>(promise: PromiseLike<T> | Future<T>, options?: { loop?: LoopCore }): Future<T> {
  checkFutureOptions(options, "wrapFuture");
  if (isfuture(promise)) return promise as Future<T>;
  if (!isPromiseLike(promise)) {
    throw new TypeError(`wrapFuture() takes a promise or a future, got ${describe(promise)}`);
  }
  const future = new Future<T>(undefined, options?.loop);
  promise.then(
    (value) => {
      if (future._state === PENDING && !future._loop.isClosed()) future.setResult(value);
    },
    (reason: unknown) => {
      if (future._state !== PENDING || future._loop.isClosed()) return;
      // JavaScript can reject with anything, and the awaiting coroutine must get that very thing.
      if (reason instanceof CancelledError) {
        future._cancelMessage = reason.message;
        future._settle(CANCELLED, reason);
      } else {
        future._fail(reason);
      }
    },
  );
  return future;
}
