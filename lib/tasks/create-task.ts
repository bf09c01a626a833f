// Making tasks out of whatever stands for a coroutine, and asking which tasks there are.
import { checkFlag, checkOptions } from "../errors/argument-checks.ts";
import { describe, isClass } from "../errors/describe-value.ts";
import { checkFutureOptions, type Future, isfuture } from "../futures/future.ts";
import { isPromiseLike, wrapFuture } from "../futures/wrap-future.ts";
import { checkLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { currentLoop, requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import type {
  AwaitableLike,
  AwaitedResult,
  Coroutine,
  CoroutineLike,
  Yieldable,
} from "../types/awaitable.ts";
import type { EventLoop } from "../types/event-loop.ts";
import { bodyBetweenTurns } from "./async-storage.ts";
import { callCoroutineFunction, isYieldable } from "./call.ts";
import { closeCoroutine } from "./close-coroutine.ts";
import { CoroutineObject, isCoroutineObjectFunction, isGenerator, isGeneratorFunction } from "./coroutine.ts";
import { LibraryCoroutine } from "./library-coroutine.ts";
import { unfinishedTasks } from "./registry.ts";
import { type Coro, Task, type TaskOptions } from "./task.ts";
import type { TaskFactory } from "./task-factory.ts";

/** Stands beside the type of a coroutine, where no future is taken; what it says is the compiler's message then. */
export type NoFuture<C> = C extends Future<unknown> ? "use ensureFuture() for futures" : unknown;

const TASK_OPTIONS = ["name", "context", "eagerStart", "signal"];

/** Starts a coroutine as a task of the running loop; its first step comes in the next pass. */
export function createTask<C extends CoroutineLike<unknown>>(
  coro: C & NoFuture<C>,
  options?: TaskOptions,
): Task<AwaitedResult<C>> {
  return createTaskOn<C>(requireRunningLoop(), coro, options);
}

/** @internal */
export function createTaskOn<C extends CoroutineLike<unknown>>(
  loop: LoopCore,
  coro: C,
  options?: TaskOptions,
): Task<AwaitedResult<C>> {
  type T = AwaitedResult<C>;
  const factory = loop._taskFactory as TaskFactory | null;
  if (factory === null) {
    // Before a function is called that makes the coroutine.
    if (options !== undefined) {
      checkOptions(options, "createTask", TASK_OPTIONS);
      checkFlag(options.eagerStart, "eagerStart");
    }
    return new Task<T>(toCoroutine(coro) as Coro<T>, options, loop);
  }
  const task: unknown = factory(loop as EventLoop, toCoroutine(coro) as Coro<T>, options);
  if (!isfuture(task)) throw new TypeError(`the task factory must return a task, it gave ${describe(task)}`);
  return task as Task<T>;
}

/** A coroutine for whatever may stand for one. An async function is called at the task's first step, not before. */
function toCoroutine(coro: unknown): Coro<unknown> {
  if (coro instanceof LibraryCoroutine || isGenerator(coro)) return coro;
  if (typeof coro === "function" && !isClass(coro)) return callFunction(coro as () => unknown);
  if (isfuture(coro))
    throw new TypeError(`a coroutine was expected, got ${coro.toString()}; use ensureFuture() for futures`);
  if (isYieldable(coro)) return awaitInTask(coro);
  if (isPromiseLike(coro)) return wrapFutureInTask(coro);
  throw new TypeError(`a coroutine was expected, got ${describe(coro)}`);
}

function callFunction(fn: () => unknown): Coro<unknown> {
  if (isGeneratorFunction(fn) || isCoroutineObjectFunction(fn)) return fn() as Coro<unknown>;
  return new CoroutineObject(callCoroutineFunction(fn), fn.name);
}

function* awaitInTask(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  return yield* awaitable;
}

function* wrapFutureInTask(promise: PromiseLike<unknown>): Coroutine<unknown> {
  return yield* wrapFuture(promise);
}

/**
 * A future for any awaitable: a future as it is (RangeError when `loop` is another one), a coroutine as a task, a promise
 * wrapped.
 */
export function ensureFuture<C extends CoroutineLike<unknown>>(
  awaitable: C,
  options?: { loop?: LoopCore },
): Future<AwaitedResult<C>> {
  checkFutureOptions(options, "ensureFuture");
  return ensureFutureOn(options?.loop, awaitable);
}

/** @internal */
export function ensureFutureOn<C extends CoroutineLike<unknown>>(
  wanted: LoopCore | undefined,
  awaitable: C,
): Future<AwaitedResult<C>> {
  type T = AwaitedResult<C>;
  if (awaitable instanceof LibraryCoroutine || isGenerator(awaitable)) {
    const loop = wanted ?? runningLoop() ?? currentLoop() ?? requireRunningLoop();
    try {
      return createTaskOn(loop, awaitable) as Future<T>;
    } catch (error) {
      // Nobody is going to run it: the caller gave it away.
      if (loop.isClosed()) closeCoroutine(awaitable);
      throw error;
    }
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
  checkLoop(loop);
  const of = loop ?? requireRunningLoop();
  if (of._currentTask !== null) return of._currentTask as Task<unknown>;
  // Between turns the code of an async function runs, if any of ours.
  const task = bodyBetweenTurns()?.task;
  return task === undefined || task._loop !== of || task.done() ? null : task;
}

/** The tasks of a loop (the running one) that are not done, oldest first. */
export function allTasks(loop?: LoopCore): Set<Task<unknown>> {
  checkLoop(loop);
  return new Set(unfinishedTasks(loop ?? requireRunningLoop()));
}
