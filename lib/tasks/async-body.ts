// AsyncBody: an async function that runs as (a part of) a task, seen as the future that the task waits for.
//
// Nothing can be thrown into an async function from outside. So the body keeps account of what the function awaits of ours:
//
//   task.cancel() ──> body.cancel() ──> each await in progress is cancelled: the function gets CancelledError there
//                           └─ none in progress (it waits for a foreign promise): thrown at its next await of ours;
//                              until then task.signal is aborted, and a function that ends because of that was cancelled
//
// A coroutine that is awaited runs as a Strand, a task without a name of its own: within it the current task is the body's.
import { type Context, ownContext } from "../context/context.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import type { Promisable } from "../futures/async-await.ts";
import { CANCELLED, FAILED, FINISHED, Future, PENDING } from "../futures/future.ts";
import { runningLoop } from "../loop/running-loop.ts";
import type { Runnable } from "../types/runnable.ts";
import type { LibraryCoroutine } from "./library-coroutine.ts";
import { Task } from "./task.ts";

/** One await of ours that an async function has not got the result of. */
interface Wait {
  cancel(message: string | undefined): boolean;
  withdraw(): void;
  /** Whether a cancellation is still to be thrown in there. */
  pending(): boolean;
  /** The function has ended without it. */
  abandon(): void;
}

export class AsyncBody extends Future<unknown> {
  readonly task: Task<unknown>;
  /** @internal The context that the function's code runs in, between turns as well. */
  readonly _context: Context = ownContext();
  readonly #waits = new Set<Wait>();
  #undelivered: { message: string | undefined } | null = null;

  constructor(task: Task<unknown>) {
    super(undefined, task._loop);
    this.task = task;
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
    let accepted = false;
    for (const wait of [...this.#waits]) if (wait.cancel(message)) accepted = true;
    if (!accepted) this.#undelivered = { message };
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
  _await(awaitable: Promisable<unknown>): Promise<unknown> | null {
    if (this._state !== PENDING || runningLoop() !== this._loop) return null;
    if (!(awaitable instanceof Future)) return this.#awaitCoroutine(awaitable as LibraryCoroutine<unknown>);
    if (awaitable === (this.task as unknown)) {
      return Promise.reject(new RuntimeError(`Task cannot await on itself: ${this.task.toString()}`));
    }
    if (awaitable._loop !== this._loop) {
      const what = `Task ${this.task.toString()} got Future ${awaitable.toString()} attached to a different loop`;
      return Promise.reject(new RuntimeError(what));
    }
    return awaitable._state === PENDING ? this.#awaitFuture(awaitable) : outcomeOf(awaitable);
  }

  #awaitFuture(future: Future<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const entry: Runnable = {
        run: () => {
          this.#waits.delete(wait);
          settle(future, resolve, reject);
        },
      };
      const wait: Wait = {
        cancel: (message) => future.cancel(message),
        withdraw: () => future._withdrawCancel(),
        pending: () => false,
        abandon: () => future._removeCallback(entry),
      };
      future._addCallback(entry);
      this.#begin(wait);
    });
  }

  #awaitCoroutine(coroutine: LibraryCoroutine<unknown>): Promise<unknown> {
    let strand: Strand;
    try {
      strand = new Strand(coroutine, this);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (strand.done()) return outcomeOf(strand);
    return new Promise((resolve, reject) => {
      const wait: Wait = {
        cancel: (message) => strand.cancel(message),
        withdraw: () => strand._dropCancel(),
        pending: () => strand._cancelIsPending(),
        abandon: () => strand._abandon(),
      };
      strand._onEnd = () => {
        this.#waits.delete(wait);
        // A request that came in its last step, which failed: it is for the next await, as in the task of a coroutine.
        if (strand._cancelIsPending()) this.#undelivered = { message: strand._cancelMessage };
        settle(strand, resolve, reject);
      };
      this.#begin(wait);
    });
  }

  #begin(wait: Wait): void {
    this.#waits.add(wait);
    // As in Python: a request that came while the function ran is thrown at its first await that has to wait.
    if (this.#undelivered !== null && wait.cancel(this.#undelivered.message)) this.#undelivered = null;
  }

  #end(state: number, outcome: unknown): void {
    if (this._state !== PENDING || this._loop.isClosed()) return;
    for (const wait of this.#waits) wait.abandon();
    this.#waits.clear();
    if (outcome instanceof CancelledError && state === FAILED) {
      this._settle(CANCELLED, outcome);
    } else if (state === FAILED) {
      if (this.task.cancelling() > 0 && isAbort(outcome))
        this._settle(CANCELLED, causedBy(outcome, this.#undelivered));
      else this._fail(outcome);
    } else if (this.#undelivered !== null) {
      this._settle(CANCELLED, new CancelledError(this.#undelivered.message));
    } else {
      this._settle(FINISHED, outcome);
    }
  }
}

/** A coroutine that an async function awaits. Its first step is taken at once, as an await does in Python. */
class Strand extends Task<unknown> {
  /** @internal Public, because the first step comes before any private field is there. */
  _onEnd: (() => void) | null = null;

  constructor(coroutine: LibraryCoroutine<unknown>, body: AsyncBody) {
    super(coroutine, { context: body._context, eagerStart: true }, body._loop, body.task);
  }

  /** @internal */
  override _settle(state: number, outcome: unknown): void {
    super._settle(state, outcome);
    this._onEnd?.();
  }

  /** @internal Nobody waits any more: it is asked to stop, and cleans up as a task like any other. */
  _abandon(): void {
    this._onEnd = null;
    this._becomeIndependent();
    this.cancel();
  }
}

type Resolve = (value: unknown) => void;

/** Hands over the outcome. A result that is itself a promise or a future is waited for in its turn: promises hold no others. */
function settle(future: Future<unknown>, resolve: Resolve, reject: Resolve): void {
  if (future._state === FINISHED) resolve(future._outcome);
  else reject(future._state === CANCELLED ? future._makeCancelledError() : future._takeException());
}

function outcomeOf(future: Future<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => settle(future, resolve, reject));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function causedBy(cause: unknown, undelivered: { message: string | undefined } | null): CancelledError {
  const error = new CancelledError(undelivered?.message);
  Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return error;
}
