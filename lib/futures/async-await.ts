// `await` of something of ours: in an async function that runs as a task it is that task which waits, elsewhere nobody does.
import { CancelledError } from "../errors/asyncio-errors.ts";
import type { Awaitable } from "../types/awaitable.ts";

/** Whatever is awaited, with its other door. */
export interface Promisable<T> extends Awaitable<T> {
  /** A promise that has nothing to do with the task of the caller. */
  toPromise(): Promise<T>;
}

/**
 * Gives null where no async function of a task is running. `heard`: callbacks of the user's wait for the outcome, and not just
 * an `await`, which nobody hears of once the function has ended.
 */
type Waiter = (awaitable: Promisable<unknown>, heard: boolean) => Promise<unknown> | null;

let wait: Waiter | null = null;

/** @internal The floor of tasks knows async functions, and says so once there is one. */
export function setAsyncWaiter(waiter: Waiter): void {
  wait = waiter;
}

type Handler<T, R> = ((value: T) => R | PromiseLike<R>) | null | undefined;

/** @internal As `promise.then()`; a cancellation that nobody handles is no unhandledRejection. */
export function thenAwait<T, A, B>(
  awaitable: Promisable<T>,
  onFulfilled: Handler<T, A>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Promise has it
  onRejected: Handler<any, B>,
): Promise<A | B> {
  const promise = outcomeFor(awaitable, onFulfilled);
  const chained = promise.then(onFulfilled, onRejected);
  if (typeof onRejected !== "function") excuseCancellation(promise, chained);
  return chained;
}

/** @internal As `promise.finally()`, likewise. */
export function finallyAwait<T>(
  awaitable: Promisable<T>,
  onFinally: (() => void) | null | undefined,
): Promise<T> {
  const promise = outcomeFor(awaitable, onFinally);
  const chained = promise.finally(onFinally);
  excuseCancellation(promise, chained);
  return chained;
}

function outcomeFor<T>(awaitable: Promisable<T>, callback: unknown): Promise<T> {
  const promise = wait === null ? null : wait(awaitable, !isPromisesOwn(callback));
  return (promise as Promise<T> | null) ?? awaitable.toPromise();
}

/** Whether it is what `await` and Promise.all() call then() with: V8's own functions, which have no name. */
function isPromisesOwn(callback: unknown): boolean {
  if (typeof callback !== "function" || callback.name !== "") return false;
  return Function.prototype.toString.call(callback).includes("[native code]");
}

/** Sees to `chained` when `promise`, of which it was made, is rejected by a cancellation. */
function excuseCancellation(promise: Promise<unknown>, chained: Promise<unknown>): void {
  promise.then(undefined, (error: unknown) => {
    if (error instanceof CancelledError) excuse(chained);
  });
}

/** @internal Who drops the promise of something that is cancelled has made no mistake, so Node must not end the process. */
export function excuse(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
