// `await` of something of ours: in an async function that runs as a task it is that task which waits, elsewhere nobody does.
import type { Awaitable } from "../types/awaitable.ts";

/** Whatever is awaited, with its other door. */
export interface Promisable<T> extends Awaitable<T> {
  /** A promise that has nothing to do with the task of the caller. */
  toPromise(): Promise<T>;
}

/** Gives null where no async function of a task is running. */
type Waiter = (awaitable: Promisable<unknown>) => Promise<unknown> | null;

let wait: Waiter | null = null;

/** @internal The floor of tasks knows async functions, and says so once there is one. */
export function setAsyncWaiter(waiter: Waiter): void {
  wait = waiter;
}

/** @internal */
export function awaitInAsyncFunction<T>(awaitable: Promisable<T>): Promise<T> {
  return ((wait === null ? null : wait(awaitable)) as Promise<T> | null) ?? awaitable.toPromise();
}
