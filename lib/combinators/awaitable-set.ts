// Collects what wait() and asCompleted() are given: several awaitables, each counted once.
import { describe } from "../errors/describe-value.ts";
import { isfuture } from "../futures/future.ts";
import { SUSPENDED, suspended } from "../futures/suspension.ts";
import { isPromiseLike } from "../futures/wrap-future.ts";

/**
 * @internal The distinct items of `several`, which must not be an awaitable itself (TypeError).
 *
 * A generator object may be a coroutine as well as a generator of awaitables; only what it yields first tells them apart. A
 * coroutine given by mistake is closed at its first suspension.
 */
export function awaitableSet<A>(several: Iterable<A>, caller: string): Set<A> {
  if (isfuture(several) || isPromiseLike(several)) refuse(several, caller);
  if (typeof several !== "object" || typeof several?.[Symbol.iterator] !== "function")
    refuse(several, caller);
  const distinct = new Set<A>();
  for (const item of several) {
    if ((item as unknown) === SUSPENDED.value) {
      suspended.awaiting = suspended.stray = null;
      suspended.frames.length = 0;
      refuse(several, caller);
    }
    distinct.add(item);
  }
  return distinct;
}

function refuse(value: unknown, caller: string): never {
  throw new TypeError(`${caller}() takes a list or another iterable of awaitables, got ${describe(value)}`);
}
