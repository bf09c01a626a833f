// Making tasks out of whatever stands for a coroutine, and asking which tasks there are.
import { type Future, isfuture } from "../futures/future.ts";
import { isPromiseLike, wrapFuture } from "../futures/wrap-future.ts";
import { checkInstance } from "../errors/argument-checks.ts";
import { LoopCore } from "../loop/loop-core.ts";
import { currentLoop, requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import type {
  AwaitableLike,
  AwaitedResult,
  Coroutine,
  CoroutineLike,
  Yieldable,
} from "../types/awaitable.ts";
import { isGenerator } from "./coroutine.ts";
import { LibraryCoroutine } from "./library-coroutine.ts";
import { unfinishedTasks } from "./registry.ts";
import { Task, type TaskOptions } from "./task.ts";

/** Starts a coroutine as a task of the running loop; its first step comes in the next pass. */
export function createTask<C extends CoroutineLike<unknown>>(
  coro: C,
  options?: TaskOptions,
): Task<AwaitedResult<C>> {
  return createTaskOn(requireRunningLoop(), coro, options);
}

/** @internal */
export function createTaskOn<C extends CoroutineLike<unknown>>(
  loop: LoopCore,
  coro: C,
  options?: TaskOptions,
): Task<AwaitedResult<C>> {
  type T = AwaitedResult<C>;
  return new Task<T>(toCoroutine(coro) as Coroutine<T>, options, loop);
}

/** A coroutine for whatever may stand for one. An async function is called at the task's first step, not before. */
function toCoroutine(coro: unknown): Coroutine<unknown> | LibraryCoroutine<unknown> {
  if (coro instanceof LibraryCoroutine || isGenerator(coro)) return coro;
  if (typeof coro === "function") return callInTask(coro as () => unknown);
  if (isfuture(coro))
    throw new TypeError(`a coroutine was expected, got ${coro.toString()}; use ensureFuture() for futures`);
  if (isYieldable(coro)) return awaitInTask(coro);
  if (isPromiseLike(coro)) return wrapFutureInTask(coro);
  throw new TypeError(`a coroutine was expected, got ${coro === null ? "null" : typeof coro}`);
}

function* callInTask(fn: () => unknown): Coroutine<unknown> {
  const made = fn();
  if (isYieldable(made)) return yield* made;
  if (isPromiseLike(made)) return yield* wrapFuture(made);
  throw new TypeError(
    "a coroutine function was expected, but the function returned nothing that can be awaited",
  );
}

function* awaitInTask(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  return yield* awaitable;
}

function* wrapFutureInTask(promise: PromiseLike<unknown>): Coroutine<unknown> {
  return yield* wrapFuture(promise);
}

function isYieldable(value: unknown): value is Yieldable<unknown> {
  return (
    value !== null &&
    typeof value === "object" &&
    typeof (value as Partial<Yieldable<unknown>>)[Symbol.iterator] === "function" &&
    (isGenerator(value) || typeof (value as { then?: unknown }).then === "function" || "next" in value)
  );
}

/**
 * A future for any awaitable: a future as it is (RangeError when `loop` is another one), a coroutine as a task, a promise
 * wrapped.
 */
export function ensureFuture<C extends CoroutineLike<unknown>>(
  awaitable: C,
  options?: { loop?: LoopCore },
): Future<AwaitedResult<C>> {
  return ensureFutureOn(options?.loop, awaitable);
}

/** @internal */
export function ensureFutureOn<C extends CoroutineLike<unknown>>(
  wanted: LoopCore | undefined,
  awaitable: C,
): Future<AwaitedResult<C>> {
  type T = AwaitedResult<C>;
  if (awaitable instanceof LibraryCoroutine || isGenerator(awaitable)) {
    return createTaskOn(
      wanted ?? runningLoop() ?? currentLoop() ?? requireRunningLoop(),
      awaitable,
    ) as Future<T>;
  }
  if (isfuture(awaitable)) {
    if (wanted !== undefined && awaitable._loop !== wanted) {
      throw new RangeError(
        "The future belongs to a different loop than the one specified as the loop argument",
      );
    }
    return awaitable as Future<T>;
  }
  const loop = wanted ?? runningLoop() ?? currentLoop() ?? requireRunningLoop();
  if (isPromiseLike(awaitable)) {
    return wrapFuture(awaitable as PromiseLike<T>, { loop });
  }
  return createTaskOn(loop, awaitable as AwaitableLike<unknown>) as Future<T>;
}

/** The task whose step runs now, or null in a plain callback. RuntimeError with no running loop and no argument. */
export function currentTask(loop?: LoopCore): Task<unknown> | null {
  checkInstance(loop, LoopCore, "loop");
  return (loop ?? requireRunningLoop())._currentTask as Task<unknown> | null;
}

/** The tasks of a loop (the running one) that are not done, oldest first. */
export function allTasks(loop?: LoopCore): Set<Task<unknown>> {
  checkInstance(loop, LoopCore, "loop");
  return new Set(unfinishedTasks(loop ?? requireRunningLoop()));
}
