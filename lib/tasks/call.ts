// Calls a coroutine function, of whichever flavour, as a part of the task that runs now.
import { Context } from "../context/context.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe, isClass } from "../errors/describe-value.ts";
import { isPromiseLike, wrapFuture } from "../futures/wrap-future.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import type { Coroutine, Yieldable } from "../types/awaitable.ts";
import { AsyncBody } from "./async-body.ts";
import { enterBody } from "./async-storage.ts";
import { isCoroutineObjectFunction, isGenerator, isGeneratorFunction } from "./coroutine.ts";
import { LibraryCoroutine } from "./library-coroutine.ts";
import type { Task } from "./task.ts";
import { partOf } from "./task-part.ts";

/**
 * @internal Calls `fn(...args)` and waits for what it gives. An async function's awaits belong to the current task: they are
 * cancelled with it. `wanted` false: a plain value is given back as it is; true: it is a mistake.
 */
export function* callCoroutineFunction<A extends unknown[]>(
  fn: (...args: A) => unknown,
  args: A = [] as unknown as A,
  wanted = true,
): Coroutine<unknown> {
  if (isGeneratorFunction(fn) || isCoroutineObjectFunction(fn)) {
    return yield* fn(...args) as Yieldable<unknown>;
  }
  if (typeof fn !== "function" || isClass(fn)) {
    throw new TypeError(`a coroutine function was expected, got ${describe(fn)}`);
  }
  const task = requireRunningLoop()._currentTask as Task<unknown> | null;
  if (task === null) throw new RuntimeError("a coroutine runs in a task only: use createTask() or run()");
  const body = new AsyncBody(partOf(task), fn);
  const made = enterBody(body, () => fn(...args));
  if (isYieldable(made)) return yield* made;
  if (made instanceof Promise) return yield* body.follow(made);
  if (isPromiseLike(made)) return yield* wrapFuture(made);
  if (!wanted) return made;
  throw new TypeError(
    `a coroutine function was expected, but the function returned nothing that can be awaited: ${describe(made)}`,
  );
}

/** Whether `value` can be awaited with `yield*`: any object of that protocol but those of JavaScript itself. */
export function isYieldable(value: unknown): value is Yieldable<unknown> {
  if (value === null || typeof value !== "object") return false;
  if (value instanceof LibraryCoroutine || isGenerator(value)) return true;
  if (typeof (value as Partial<Yieldable<unknown>>)[Symbol.iterator] !== "function") return false;
  return !isCollection(value);
}

/** Arrays, sets, contexts and the like, and the iterators that they give. */
function isCollection(value: object): boolean {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return true;
  if (value instanceof Set || value instanceof Map || value instanceof Context) return true;
  return Object.prototype.toString.call(value).endsWith(" Iterator]");
}
