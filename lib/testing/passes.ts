// passes(): lets the ready queue go round, so that a test needs no sleep to see what was scheduled.
import { sleep } from "../combinators/sleep.ts";
import { checkInteger } from "../errors/argument-checks.ts";
import { type CoroutineObject, coroutine } from "../tasks/coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";

/**
 * Gives way for `count` passes of the ready queue: what is scheduled now has then run, and what that scheduled as well when
 * `count` is 2, and so on.
 *
 * @example
 * yield* passes(2);
 */
export const passes = coroutine(function* (count: number): Generator<Suspension, void> {
  checkInteger(count, "count", 0, Number.MAX_SAFE_INTEGER);
  for (let pass = 0; pass < count; pass++) yield* sleep(0);
}) as (count: number) => CoroutineObject<void>;
