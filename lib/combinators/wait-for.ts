// waitFor(): waits for one awaitable, at most for so long.
import { checkSeconds } from "../errors/argument-checks.ts";
import { CancelledError, TimeoutError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { FINISHED, Future, PENDING } from "../futures/future.ts";
import { isPromiseLike, wrapFuture } from "../futures/wrap-future.ts";
import { callCoroutineFunction, isYieldable } from "../tasks/call.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import { ensureFuture } from "../tasks/create-task.ts";
import type { AwaitedResult, Coroutine, CoroutineLike, Yieldable } from "../types/awaitable.ts";
import type { Runnable } from "../types/runnable.ts";
import { timeout } from "./timeout.ts";

/**
 * Waits for `awaitable` and gives its result; after `seconds` it is cancelled, and once it has ended, TimeoutError is thrown
 * with the CancelledError as its `cause`. Null: no limit. To keep it from being cancelled, wrap it in `shield()`.
 *
 * A coroutine, or a function that makes one, runs in the caller's own task. If it answers the cancellation with a result, that
 * is the result; if with another error, that is thrown. When the caller is cancelled, so is what it waits for. With 0 seconds
 * or less a coroutine is never started. A promise that is cut off goes on, as promises do.
 *
 * @example
 * const line = yield* waitFor(reader.readline(), 10);
 */
export function waitFor<C extends CoroutineLike<unknown>>(
  awaitable: C,
  seconds: number | null,
): CoroutineObject<AwaitedResult<C>> {
  if (seconds !== null) checkSeconds(seconds, "seconds");
  const steps =
    seconds !== null && seconds <= 0 ? cancelUnlessDone(awaitable) : awaitWithin(awaitable, seconds);
  return new CoroutineObject(steps as Coroutine<AwaitedResult<C>>, "waitFor");
}

function* awaitWithin(awaitable: CoroutineLike<unknown>, seconds: number | null): Coroutine<unknown> {
  const limit = timeout(seconds);
  limit._enter();
  let failure: unknown;
  try {
    return yield* yieldableOf(awaitable);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    limit._leave(failure);
  }
}

/** What is awaited in the caller's task: no task is made, so an item that a coroutine has taken cannot get lost in one. */
function yieldableOf(awaitable: unknown): Yieldable<unknown> {
  if (typeof awaitable === "function") return callCoroutineFunction(awaitable as () => unknown);
  if (isYieldable(awaitable)) return awaitable;
  if (isPromiseLike(awaitable)) return wrapFuture(awaitable);
  throw new TypeError(`waitFor() takes an awaitable or a coroutine function, got ${describe(awaitable)}`);
}

/** No time at all: what is done already has a result, anything else is cancelled, and waited for. */
function* cancelUnlessDone(awaitable: CoroutineLike<unknown>): Coroutine<unknown> {
  const future = ensureFuture(awaitable);
  if (future._state !== PENDING) return future.result();
  const ended = new Ended(future);
  try {
    future.cancel();
    // Not the future itself: a cancellation of the caller must arrive here even if the future refuses its own.
    yield* ended;
  } finally {
    future._removeCallback(ended);
  }
  try {
    return future.result();
  } catch (error) {
    if (error instanceof CancelledError) throw new TimeoutError("", { cause: error });
    throw error;
  }
}

/** Done when another future is, in whatever way. */
class Ended extends Future<void> implements Runnable {
  constructor(other: Future<unknown>) {
    super(undefined, other._loop);
    other._addCallback(this);
  }

  run(): void {
    if (this._state === PENDING) this._settle(FINISHED, undefined);
  }
}
