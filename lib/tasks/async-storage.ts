// The AsyncLocalStorage that tells an async function which task it belongs to, made when the first such task starts.
//
// Not before: until Node 24 it slows every promise of the process down.
import { AsyncLocalStorage } from "node:async_hooks";
import { captureEagerScope, captureTaskScope, newScope } from "../context/async-scope.ts";
import { setContextBetweenTurns } from "../context/context.ts";
import type { AsyncScope } from "../context/stores.ts";
import { setAsyncWaiter } from "../futures/async-await.ts";
import { runningLoop } from "../loop/running-loop.ts";
import type { AsyncBody } from "./async-body.ts";

let storage: AsyncLocalStorage<AsyncBody | undefined> | null = null;

/** @internal The running async function that the caller is a part of, between turns; null in a turn and outside any. */
export function bodyBetweenTurns(): AsyncBody | null {
  if (storage === null || runningLoop()?._inTurn === true) return null;
  return storage.getStore() ?? null;
}

/** The async function whose beginning runs now, in the step of its task. */
let beginning: AsyncBody | null = null;

/** The async function that awaits something now: it runs between turns, but for its beginning. */
function awaitingBody(): AsyncBody | null {
  const loop = runningLoop();
  if (loop?._inTurn !== true) return bodyBetweenTurns();
  // Not where that has started another task, whose first step runs inside it.
  return beginning !== null && loop._currentTask === beginning.task ? beginning : null;
}

/** @internal Calls `fn` as the beginning of `body`: all that it awaits, and what it calls, belongs to it. */
export function enterBody(body: AsyncBody, fn: () => unknown): unknown {
  const bodies = (storage ??= openStorage());
  const outer = beginning;
  beginning = body;
  try {
    // In a resource of its own, so that the store never touches the resource of the turn.
    return newScope()(() => bodies.run(body, fn));
  } finally {
    beginning = outer;
  }
}

function openStorage(): AsyncLocalStorage<AsyncBody | undefined> {
  setContextBetweenTurns(() => bodyBetweenTurns()?._context ?? null);
  setAsyncWaiter((awaitable, heard) => awaitingBody()?._await(awaitable, heard) ?? null);
  return new AsyncLocalStorage();
}

/** @internal The stores that the steps of a new task see: those of its maker, but not whose part that was. */
export function scopeOfNewTask(eager: boolean): AsyncScope | null {
  const capture = eager ? captureEagerScope : captureTaskScope;
  if (storage === null || storage.getStore() === undefined) return capture();
  return storage.run(undefined, capture);
}
