// run(): makes a loop, runs a coroutine on it, and leaves nothing behind.
import { isMainThread } from "node:worker_threads";
import { gather } from "../combinators/gather.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import { type Future, isfuture } from "../futures/future.ts";
import { runningLoop, setCurrentLoop } from "../loop/running-loop.ts";
import { allTasks } from "../tasks/create-task.ts";
import type { Task } from "../tasks/task.ts";
import type { AwaitedResult, Coroutine, CoroutineLike } from "../types/awaitable.ts";
import type { EventLoop } from "./event-loop.ts";
import { newEventLoop } from "./loops.ts";

export interface RunOptions {
  /** Debug mode of the loop; without it ASYNCIO_UV_DEBUG decides. */
  debug?: boolean;
  loopFactory?: () => EventLoop;
}

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
export async function run<C extends CoroutineLike<unknown>>(
  main: C,
  options: RunOptions = {},
): Promise<AwaitedResult<C>> {
  if (runningLoop() !== null)
    throw new RuntimeError("run() cannot be called while an event loop runs in this thread");
  const loop = options.loopFactory === undefined ? newEventLoop() : options.loopFactory();
  if (options.debug !== undefined) loop.setDebug(options.debug);
  if (options.loopFactory === undefined) setCurrentLoop(loop);
  try {
    const task = loop.createTask(isfuture(main) ? awaitFuture(main) : main) as Task<AwaitedResult<C>>;
    const interrupt = new Interrupt(task);
    try {
      return await loop.runUntilComplete(task);
    } catch (error) {
      interrupt.noteEnd(error);
      throw error;
    } finally {
      interrupt.restore();
    }
  } finally {
    await cancelLeftovers(loop);
    if (options.loopFactory === undefined) setCurrentLoop(null);
    loop.close();
  }
}

/** A coroutine for a future, which cannot be made a task itself. */
function* awaitFuture(future: Future<unknown>): Coroutine<unknown> {
  return yield* future;
}

/** The first SIGINT cancels the main task; from then on the signal has its default effect again. */
class Interrupt {
  readonly #task: Task<unknown>;
  #interrupted = false;
  #installed = false;
  readonly #onSigint = (): void => {
    this.restore();
    this.#interrupted = true;
    this.#task.cancel();
  };

  constructor(task: Task<unknown>) {
    this.#task = task;
    // As Python's Runner: only in the main thread, and only where nobody else handles the signal.
    if (!isMainThread || process.listenerCount("SIGINT") > 0) return;
    process.on("SIGINT", this.#onSigint);
    this.#installed = true;
  }

  restore(): void {
    if (!this.#installed) return;
    this.#installed = false;
    process.removeListener("SIGINT", this.#onSigint);
  }

  /** Python raises KeyboardInterrupt here; for Node that is the signal itself, which ends the process as it would have. */
  noteEnd(error: unknown): void {
    if (!this.#interrupted || !(error instanceof CancelledError) || this.#task.uncancel() > 0) return;
    this.restore();
    process.kill(process.pid, "SIGINT");
  }
}

/** Cancels every task that is left, waits for them, and reports the errors they end with. */
async function cancelLeftovers(loop: EventLoop): Promise<void> {
  const left = [...allTasks(loop)];
  if (left.length === 0) return;
  for (const task of left) task.cancel();
  await loop.runUntilComplete(gather(left, { returnExceptions: true }));
  for (const task of left) {
    if (task.cancelled() || task.exception() === null) continue;
    loop.callExceptionHandler({
      message: "unhandled exception during asyncio.run() shutdown",
      exception: task.exception(),
      task,
    });
  }
}
