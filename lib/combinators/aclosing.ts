// aclosing(): closes an async generator when a block is left, or with the loop should the block never be left.
import { describe } from "../errors/describe-value.ts";
import { forgetAsyncgen, registerAsyncgen, type Closable } from "../loop/async-generators.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { callCoroutineFunction } from "../tasks/call.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { Coroutine } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";

/** What `aclosing()` gives; enter it with `asyncWith()`. */
class Closing<G extends Closable> implements AsyncContextManager<G> {
  readonly #agen: G;

  constructor(agen: G) {
    this.#agen = agen;
  }

  aenter(): CoroutineObject<G> {
    return new CoroutineObject(this.#enter(), "aenter");
  }

  aexit(_error: unknown): CoroutineObject<void> {
    return new CoroutineObject(this.#leave(), "aexit");
  }

  // eslint-disable-next-line require-yield -- it never has to wait
  *#enter(): Coroutine<G> {
    registerAsyncgen(requireRunningLoop(), this.#agen);
    return this.#agen;
  }

  *#leave(): Coroutine<void> {
    forgetAsyncgen(requireRunningLoop(), this.#agen);
    yield* closeAsyncgen(this.#agen);
  }
}

/**
 * An asynchronous context manager for an async generator (or anything with a `return()` method): its `finally` blocks have run
 * when the block is left. `loop.shutdownAsyncgens()`, and so `run()`, closes those that are still open at the end.
 *
 * As Python's `contextlib.aclosing()`. In Python every async generator is closed with the loop; JavaScript tells nobody of
 * them, so only those that are entered this way are. Its `return()` waits for a `next()` in progress.
 *
 * @example
 * await asyncWith(aclosing(ticker()), async (ticks) => {
 *   for await (const tick of ticks) if (tick > 3) break;
 * });
 */
export function aclosing<G extends Closable>(agen: G): AsyncContextManager<G> {
  if (typeof (agen as Partial<Closable> | null | undefined)?.return !== "function") {
    throw new TypeError(
      `aclosing() takes an async generator, or an object with a return() method, got ${describe(agen)}`,
    );
  }
  return new Closing(agen);
}

/** @internal Its clean-up belongs to the current task, whose cancellation it sees. */
export function* closeAsyncgen(agen: Closable): Coroutine<void> {
  yield* callCoroutineFunction(() => agen.return(undefined), [], false);
}
