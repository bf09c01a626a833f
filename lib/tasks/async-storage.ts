// The AsyncLocalStorage that tells an async function which task it belongs to, made when the first such task starts.
//
// Not before: until Node 24 it slows every promise of the process down.
import { AsyncLocalStorage } from "node:async_hooks";
import { type AsyncScope, captureScope, newScope } from "../context/async-scope.ts";
import { setContextBetweenTurns } from "../context/context.ts";
import { setAsyncWaiter } from "../futures/async-await.ts";
import { runningLoop } from "../loop/running-loop.ts";
import type { AsyncBody } from "./async-body.ts";

let storage: AsyncLocalStorage<AsyncBody | undefined> | null = null;

/** @internal The running async function that the caller is a part of, between turns; null in a turn and outside any. */
export function bodyBetweenTurns(): AsyncBody | null {
  if (storage === null || runningLoop()?._inTurn === true) return null;
  return storage.getStore() ?? null;
}

/** @internal Calls `fn` as the beginning of `body`: all that it awaits, and what it calls, belongs to it. */
export function enterBody(body: AsyncBody, fn: () => unknown): unknown {
  const bodies = (storage ??= openStorage());
  // In a resource of its own, so that the store never touches the resource of the turn.
  return newScope()(() => bodies.run(body, fn));
}

function openStorage(): AsyncLocalStorage<AsyncBody | undefined> {
  setContextBetweenTurns(() => bodyBetweenTurns()?._context ?? null);
  setAsyncWaiter((awaitable) => bodyBetweenTurns()?._await(awaitable) ?? null);
  return new AsyncLocalStorage();
}

/** @internal The stores that the steps of a new task see: those of its maker, but not whose part that was. */
export function captureTaskScope(): AsyncScope | null {
  if (storage === null || storage.getStore() === undefined) return captureScope();
  return storage.run(undefined, captureScope);
}
