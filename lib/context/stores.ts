// What the ways have in common in which a loop keeps the stores of AsyncLocalStorage apart: there is one for each way of Node's.
import { AsyncResource } from "node:async_hooks";

/** Calls a function with the stores that were current where the scope was captured. */
export type AsyncScope = <R>(fn: () => R) => R;

/** @internal Read after every step and callback: whether it may have left a store behind that must not reach the next one. */
export const turnStores = { dirty: false };

/** The stores that the turns of a loop run with: those of where the loop was started. */
export interface TurnScope {
  run<R>(fn: () => R): R;
  /** The loop has stopped. */
  close(): void;
}

/** How stores are found, carried along and put back. */
export interface Stores {
  newTurnScope(): TurnScope;
  /** The stores of the caller; null for those of the turn, in which everything runs anyway. */
  capture(): AsyncScope | null;
  /** As capture(), for what runs step by step: each step finds the stores that the one before has left. */
  captureForTask(): AsyncScope | null;
  /** As captureForTask() for a step inside the caller's: null only where whatever the step leaves is found by take(). */
  captureForStepNow(): AsyncScope | null;
  /** The stores of the caller, whatever they are. */
  detach(): AsyncScope;
  /** In a turn: the stores that somebody has left behind; null when there are none. The next to run does not see them. */
  take(): AsyncScope | null;
  /** As take(), and nobody wants them. */
  forget(): void;
}

/** @internal */
export function newResource(): AsyncResource {
  return new AsyncResource("ASYNCIO_UV_TASK", { requireManualDestroy: true });
}

/** @internal */
export function scopeOf(resource: AsyncResource): AsyncScope {
  return (fn) => resource.runInAsyncScope(fn);
}
