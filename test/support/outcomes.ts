// Turns what a coroutine, call or promise ends with into a value that a test can compare.
import type { Coroutine, Yieldable } from "../../lib/index.ts";

/** The error that `awaitable` ends with; an Error of our own when it ends well. */
export function* errorOf(awaitable: Yieldable<unknown>): Coroutine<Error> {
  let result: unknown;
  try {
    result = yield* awaitable;
  } catch (error) {
    return error as Error;
  }
  return new Error(`it gave ${String(result)} instead of failing`);
}

/** The error that `call` throws; an Error of our own when it does not. */
export function thrownBy(call: () => unknown): Error {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    return error as Error;
  }
  return new Error(`it gave ${String(result)} instead of throwing`);
}

/** Name and message, as `TypeError: text`. */
export function label(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
