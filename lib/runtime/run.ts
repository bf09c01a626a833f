// run(): makes a loop, runs a coroutine on it, and leaves nothing behind.
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import { exclusively } from "./exclusively.ts";
import { Runner, type RunnerOptions } from "./runner.ts";

export type RunOptions = RunnerOptions;

/**
 * Runs `main` (a coroutine, a function that makes one, an async function or any awaitable) on a loop of its own and gives its
 * result. What is left when it ends is cancelled and waited for before the promise settles.
 *
 * The loop rides on Node's own, so timers, promises and every npm package go on working. The process stays alive until main
 * has ended. SIGINT cancels main first; a second one ends the process.
 *
 * @example
 * await run(function* () {
 *   yield* sleep(1);
 *   return "done";
 * });
 */
export function run<C extends CoroutineLike<unknown>>(
  main: C,
  options: RunOptions = {},
): Promise<AwaitedResult<C>> {
  return exclusively("run()", async () => {
    const runner = new Runner(options);
    try {
      return await runner._run(main, {});
    } finally {
      await runner._close();
    }
  });
}
