// What a task says to a coroutine that yields something instead of waiting for it.
import { describe } from "../errors/describe-value.ts";
import { isfuture } from "../futures/future.ts";
import { isPromiseLike } from "../futures/wrap-future.ts";
import { iscoroutine } from "./coroutine.ts";

/** @internal The message of the RuntimeError: what was yielded, and what to do with such a thing. */
export function badYield(value: unknown): string {
  return `Task got bad yield: ${isfuture(value) ? value.toString() : describe(value)}. ${adviceFor(value)}`;
}

function adviceFor(value: unknown): string {
  if (isfuture(value) || iscoroutine(value)) return "Wait for it with yield* instead of yield";
  if (isPromiseLike(value)) return "Wait for a promise with yield* wrapFuture(promise)";
  if (typeof value === "function") return "Call it, and wait with yield* for what it gives";
  return "Coroutines wait with yield*, for coroutines, futures and what this library returns";
}
