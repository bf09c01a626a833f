// AsyncBody: an async function that runs as (a part of) a task, seen as the future that the task waits for.
//
// Nothing can be thrown into an async function from outside. So the body keeps account of what the function awaits of ours:
//
//   task.cancel() ──> body.cancel() ──> each await in progress is cancelled: the function gets CancelledError there
//                           └─ none in progress (it waits for a foreign promise): thrown at its next await of ours;
//                              until then task.signal is aborted, and a function that ends because of that was cancelled
import { type Context, ownContext } from "../context/context.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import type { Promisable } from "../futures/async-await.ts";
import { CANCELLED, FAILED, FINISHED, Future, PENDING } from "../futures/future.ts";
import { runningLoop } from "../loop/running-loop.ts";
import { FutureWait, outcomeOf, startStrand, type Wait } from "./async-waits.ts";
import type { LibraryCoroutine } from "./library-coroutine.ts";
import type { Task } from "./task.ts";

export class AsyncBody extends Future<unknown> {
  /** The task or strand that has called the function; see task-part.ts. */
  readonly host: Task<unknown>;
  /** What the current task is in the function. */
  readonly task: Task<unknown>;
  /** @internal The context that the function's code runs in, between turns as well. */
  readonly _context: Context = ownContext();
  readonly #waits = new Set<Wait>();
  #undelivered: { message: string | undefined } | null = null;
  /** @internal The function, for the call graph to show. */
  readonly _fn: { readonly name: string };

  constructor(host: Task<unknown>, fn: { readonly name: string }) {
    super(undefined, host._loop);
    this.host = host;
    this.task = host._actsFor();
    this._fn = fn;
  }

  /** The function was called and gave this promise. */
  follow(promise: PromiseLike<unknown>): this {
    promise.then(
      (result) => this.#end(FINISHED, result),
      (error: unknown) => this.#end(FAILED, error),
    );
    return this;
  }

  override cancel(message?: string): boolean {
    if (this._state !== PENDING) return false;
    if (this.#waits.size === 0) this.#undelivered = { message };
    else for (const wait of [...this.#waits]) wait.cancel(message);
    return true;
  }

  /** @internal */
  override _withdrawCancel(): void {
    this.#undelivered = null;
    for (const wait of this.#waits) wait.withdraw();
  }

  /** @internal */
  override _cancelIsPending(): boolean {
    return this.#undelivered !== null || [...this.#waits].some((wait) => wait.pending());
  }

  /** @internal A promise for what the function awaits; null when it has ended, and awaits for nobody. */
  _await(awaitable: Promisable<unknown>, heard: boolean): Promise<unknown> | null {
    if (this._state !== PENDING || runningLoop() !== this._loop) return null;
    if (!(awaitable instanceof Future)) {
      const started = startStrand(awaitable as LibraryCoroutine<unknown>, this, heard);
      return started instanceof Promise ? started : this.#begin(started);
    }
    if (awaitable === (this.task as unknown)) {
      return Promise.reject(new RuntimeError(`Task cannot await on itself: ${this.task.toString()}`));
    }
    if (awaitable._loop !== this._loop) {
      const what = `Task ${this.task.toString()} got Future ${awaitable.toString()} attached to a different loop`;
      return Promise.reject(new RuntimeError(what));
    }
    return awaitable._state === PENDING
      ? this.#begin(new FutureWait(awaitable, this, heard))
      : outcomeOf(awaitable);
  }

  /** @internal */
  _waited(wait: Wait): void {
    this.#waits.delete(wait);
  }

  /** @internal */
  _postponeCancel(message: string | undefined): void {
    // What else the function awaits has been cancelled as well.
    if (this.#waits.size <= 1) this.#undelivered = { message };
  }

  /** @internal The coroutine that the function awaits; null when it awaits none, or also other things. */
  _onlyStrand(): Task<unknown> | null {
    const [first, second] = this.#waits;
    return second === undefined ? (first?.strand ?? null) : null;
  }

  #begin(wait: Wait & { readonly promise: Promise<unknown> }): Promise<unknown> {
    this.#waits.add(wait);
    // As in Python: a request that came while the function ran is thrown at its first await that has to wait.
    if (this.#undelivered !== null) {
      wait.cancel(this.#undelivered.message);
      this.#undelivered = null;
    }
    return wait.promise;
  }

  #end(state: number, outcome: unknown): void {
    if (this._state !== PENDING || this._loop.isClosed()) return;
    for (const wait of this.#waits) wait.abandon();
    this.#waits.clear();
    if (outcome instanceof CancelledError && state === FAILED) {
      this._settle(CANCELLED, outcome);
    } else if (state === FAILED) {
      if (this.host._requests() > 0 && isAbort(outcome))
        this._settle(CANCELLED, causedBy(outcome, this.#undelivered));
      else this._fail(outcome);
    } else if (this.#undelivered !== null) {
      this._settle(CANCELLED, new CancelledError(this.#undelivered.message));
    } else {
      this._settle(FINISHED, outcome);
    }
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function causedBy(cause: unknown, undelivered: { message: string | undefined } | null): CancelledError {
  const error = new CancelledError(undelivered?.message);
  Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return error;
}
