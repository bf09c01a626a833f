// asyncWith(): Python's `async with`, for coroutines.
import { checkCallback } from "../errors/argument-checks.ts";
import { isPromiseLike, wrapFuture } from "../futures/wrap-future.ts";
import { type CoroutineObject, coroutine } from "../tasks/coroutine.ts";
import type { AwaitableLike, Suspension, Yieldable } from "../types/awaitable.ts";

/** An asynchronous context manager, as Python's `__aenter__` and `__aexit__`. */
export interface AsyncContextManager<T> {
  aenter(): AwaitableLike<T>;
  /** `error` is what left the body, or undefined. A truthy result swallows it. */
  aexit(error: unknown): AwaitableLike<unknown>;
}

type Body<T, R> = (value: T) => Generator<Suspension, R, unknown> | PromiseLike<R> | R;

/**
 * Enters `manager`, runs `body` with what that gave, and leaves it whatever happens. Gives back the body's result, or
 * undefined when the manager swallowed an error.
 *
 * @example
 * const result = yield* asyncWith(server, function* (server) {
 *   return yield* server.serveForever();
 * });
 */
export const asyncWith = coroutine(function* <T, R>(
  manager: AsyncContextManager<T>,
  body: Body<T, R>,
): Generator<Suspension, R, unknown> {
  if (typeof manager?.aenter !== "function" || typeof manager.aexit !== "function") {
    throw new TypeError(
      "asyncWith() takes an asynchronous context manager: an object with aenter() and aexit()",
    );
  }
  checkCallback(body, "asyncWith");
  const value = yield* settled<T>(manager.aenter());
  let result: R;
  try {
    result = yield* settled<R>(body(value));
  } catch (error) {
    if (yield* settled(manager.aexit(error))) return undefined as R;
    throw error;
  }
  yield* settled(manager.aexit(undefined));
  return result;
}) as <T, R>(manager: AsyncContextManager<T>, body: Body<T, R>) => CoroutineObject<R>;

/** The value itself, or what it is a promise or coroutine of. */
function* settled<T>(value: unknown): Generator<Suspension, T, unknown> {
  if (value !== null && typeof value === "object") {
    if (typeof (value as Partial<Yieldable<T>>)[Symbol.iterator] === "function" && "next" in value) {
      return yield* value as unknown as Yieldable<T>;
    }
    if (isPromiseLike(value)) return yield* wrapFuture(value as PromiseLike<T>);
  }
  return value as T;
}
