// Runner: a loop that several coroutines are run on, one after the other, and that leaves nothing behind when it is closed.
//
//   CREATED ──run() or getLoop()──> READY ──close()──> CLOSED       a Runner that was never used has nothing to close
import { Context, copyContext } from "../context/context.ts";
import {
  checkBound,
  checkFlag,
  checkFunction,
  checkInstance,
  checkOptions,
} from "../errors/argument-checks.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { isfuture } from "../futures/future.ts";
import { setCurrentLoop } from "../loop/running-loop.ts";
import type { Task } from "../tasks/task.ts";
import type { AwaitedResult, Coroutine, CoroutineLike, Yieldable } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";
import { EventLoop } from "./event-loop.ts";
import { exclusively } from "./exclusively.ts";
import { endBySigint, Interrupt } from "./interrupt.ts";
import { newEventLoop } from "./loops.ts";
import { windUp } from "./wind-up.ts";

export interface RunnerOptions {
  /** Debug mode of the loop; without it ASYNCIO_UV_DEBUG decides. */
  debug?: boolean;
  /** Makes the loop. Without it the loop is an ordinary one, and set for the thread as long as the runner lives. */
  loopFactory?: () => EventLoop;
}

const RUNNER_OPTIONS = ["debug", "loopFactory"];
const RUN_OPTIONS = ["context"];

/**
 * Runs several coroutines on one loop, one after the other. The loop is made when it is first needed, and all runs share one
 * context: a variable that one sets is seen by the next.
 *
 * In Python it is a `with` block around calls that block; here `run()` and `close()` give promises. SIGINT cancels what runs;
 * when that was the reason why it ended, the runner closes itself and the process ends by the signal.
 *
 * @example
 * await using runner = new Runner();
 * const token = await runner.run(logIn());
 * await runner.run(work(token));
 */
export class Runner implements AsyncContextManager<Runner> {
  readonly #options: RunnerOptions;
  #ready: { loop: EventLoop; context: Context } | null = null;
  #closed = false;
  #closing: Promise<void> | null = null;

  constructor(options: RunnerOptions = {}) {
    checkOptions(options, "Runner", RUNNER_OPTIONS);
    checkFlag(options.debug, "debug");
    if (options.loopFactory !== undefined) checkFunction(options.loopFactory, "Runner");
    this.#options = options;
  }

  /** The runner's loop. RuntimeError when the runner is closed. */
  getLoop(): EventLoop {
    return this.#initialise().loop;
  }

  /**
   * Runs a coroutine, a function that makes one, an async function or any awaitable, and gives its result. `context` is what it
   * runs in instead of the context that all runs share.
   *
   * RuntimeError while a loop runs in this thread, and when the runner is closed; TypeError for what cannot be awaited.
   */
  run<C extends CoroutineLike<unknown>>(
    coro: C,
    options: { context?: Context } = {},
  ): Promise<AwaitedResult<C>> {
    return exclusively("Runner.run()", () => {
      checkBound(this, "runner.run(coro)");
      return this._run(coro, options);
    });
  }

  /** @internal Without keeping others out: the caller does. */
  async _run<C extends CoroutineLike<unknown>>(
    coro: C,
    options: { context?: Context },
  ): Promise<AwaitedResult<C>> {
    checkOptions(options, "run", RUN_OPTIONS);
    checkInstance(options.context, Context, "context");
    const { loop, context } = this.#initialise();
    const main = isfuture(coro) ? awaitFuture(coro) : coro;
    const task = loop.createTask(main, { context: options.context ?? context }) as Task<AwaitedResult<C>>;
    const interrupt = new Interrupt(task);
    try {
      return await loop.runUntilComplete(task);
    } catch (error) {
      if (error instanceof CancelledError && interrupt.isTheReason()) {
        // In Python a KeyboardInterrupt now leaves the block around the runner, which closes it.
        await this._close();
        endBySigint();
      }
      throw error;
    } finally {
      interrupt.remove();
    }
  }

  /**
   * Cancels the tasks that are left, waits for them, closes the async generators and then the loop. RuntimeError while a loop
   * runs in this thread. Does nothing when the runner was never used or is closed already.
   */
  close(): Promise<void> {
    if (this.#ready === null) return Promise.resolve();
    this.#closing ??= exclusively("Runner.close()", () => this._close()).finally(() => {
      this.#closing = null;
    });
    return this.#closing;
  }

  /** @internal As _run(). */
  async _close(): Promise<void> {
    if (this.#ready === null) return;
    const { loop } = this.#ready;
    try {
      await windUp(loop);
    } finally {
      if (this.#options.loopFactory === undefined) setCurrentLoop(null);
      loop.close();
      this.#ready = null;
      this.#closed = true;
    }
  }

  aenter(): Promise<this> {
    return new Promise((resolve) => {
      this.#initialise();
      resolve(this);
    });
  }

  aexit(_error: unknown): Promise<void> {
    return this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #initialise(): { loop: EventLoop; context: Context } {
    if (this.#closed) throw new RuntimeError("Runner is closed");
    if (this.#ready !== null) return this.#ready;
    const { debug, loopFactory } = this.#options;
    const loop: unknown = loopFactory === undefined ? newEventLoop() : loopFactory();
    if (!(loop instanceof EventLoop)) {
      throw new TypeError(`loopFactory must return an event loop, it gave ${describe(loop)}`);
    }
    if (loopFactory === undefined) setCurrentLoop(loop);
    if (debug !== undefined) loop.setDebug(debug);
    return (this.#ready = { loop, context: copyContext() });
  }
}

/** A coroutine for a future, which cannot be made a task itself. */
function* awaitFuture(future: Yieldable<unknown>): Coroutine<unknown> {
  return yield* future;
}
