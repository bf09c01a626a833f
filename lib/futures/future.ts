// Future: a result that is not there yet, as asyncio.Future.
//
//   PENDING ──setResult──> FINISHED      Done-callbacks are put in the ready queue in the order they were added,
//      │ ────setException─> FAILED       never called inline. A waiting task is such a callback itself.
//      └──cancel──────────> CANCELLED
import { captureScope } from "../context/async-scope.ts";
import { captureContext, type CapturedContext, Context, enterContext } from "../context/context.ts";
import type { AsyncScope } from "../context/stores.ts";
import { CancelledError, InvalidStateError, RuntimeError } from "../errors/asyncio-errors.ts";
import {
  checkBound,
  checkCallback,
  checkInstance,
  checkOptions,
  takenOff,
} from "../errors/argument-checks.ts";
import { describe } from "../errors/describe-value.ts";
import { isError } from "../errors/exception-group.ts";
import { checkLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { noteOrigin } from "../loop/origins.ts";
import { currentLoop, requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import type { Awaitable, Suspension } from "../types/awaitable.ts";
import type { EventLoop } from "../types/event-loop.ts";
import type { Runnable } from "../types/runnable.ts";
import { excuse, finallyAwait, thenAwait } from "./async-await.ts";
import { describeFuture } from "./future-text.ts";
import { suspendOn } from "./suspension.ts";
import { noteFailure, noteRetrieved } from "./unretrieved.ts";

/** @internal */
export const PENDING = 0;
/** @internal */
export const FINISHED = 1;
/** @internal */
export const FAILED = 2;
/** @internal */
export const CANCELLED = 3;

/** Marks futures, so that they are told apart across copies of the package. */
const FUTURE_BRAND = Symbol.for("asyncio-uv.future");

export type DoneCallback<T> = (future: Future<T>) => unknown;

const FUTURE_OPTIONS = ["loop"];
const CALLBACK_OPTIONS = ["context"];

/** @internal The options of whatever makes a future. */
export function checkFutureOptions(options: { loop?: LoopCore } | undefined, method: string): void {
  checkOptions(options, method, FUTURE_OPTIONS);
  checkLoop(options?.loop);
}

function isErrorClass(value: unknown): value is new () => Error {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}

/** One addDoneCallback(): its own ready-queue entry. */
class DoneHandle implements Runnable {
  readonly callback: DoneCallback<never>;
  readonly #future: Future<unknown>;
  readonly #context: CapturedContext;
  readonly #scope: AsyncScope | null = captureScope();

  constructor(callback: DoneCallback<never>, future: Future<unknown>, context: CapturedContext) {
    this.callback = callback;
    this.#future = future;
    this.#context = context;
  }

  run(): void {
    const callback = this.callback as DoneCallback<unknown>;
    enterContext(this.#context);
    try {
      if (this.#scope === null) callback(this.#future);
      else this.#scope(() => callback(this.#future));
    } catch (error) {
      this.#future._loop.callExceptionHandler({
        message: `Exception in callback ${callback.name}`.trimEnd(),
        exception: error,
        handle: this,
      });
    }
  }

  toString(): string {
    return `<Handle ${this.callback.name || "anonymous"}(${this.#future.toString()})>`;
  }
}

export class Future<T> implements Awaitable<T> {
  /** @internal */
  readonly _loop: LoopCore;
  /** @internal */
  _state = PENDING;
  /** @internal The result, the error or the CancelledError, by state. */
  _outcome: unknown = undefined;
  /** @internal One entry inline, an array from the second on: nearly every future has one waiter. */
  _callbacks: Runnable | Runnable[] | null = null;
  /** @internal The message that cancel() was given. */
  _cancelMessage: string | undefined = undefined;

  /** A pending future of `loop`; without one, of the running loop (else of the one that was set). */
  constructor(options?: { loop?: LoopCore });
  /** @internal The library itself gives the loop without an object around it. */
  constructor(options: undefined, loop: LoopCore | undefined);
  constructor(options?: { loop?: LoopCore }, loop?: LoopCore) {
    if (options !== undefined) checkFutureOptions(options, "Future");
    this._loop = loop ?? options?.loop ?? runningLoop() ?? currentLoop() ?? requireRunningLoop();
    if (this._loop._debug) noteOrigin(this);
  }

  getLoop(): EventLoop {
    return this._loop as EventLoop;
  }

  done(): boolean {
    return this._state !== PENDING;
  }

  cancelled(): boolean {
    return this._state === CANCELLED;
  }

  /** The result. Throws the exception it holds, CancelledError, or InvalidStateError while it is pending. */
  result(): T {
    if (this._state === FINISHED) return this._outcome as T;
    if (this._state === FAILED) throw this._takeException();
    if (this._state === CANCELLED) throw this._makeCancelledError();
    throw new InvalidStateError("Result is not set.");
  }

  /** The exception it holds, or null for a success. Throws CancelledError, or InvalidStateError while it is pending. */
  exception(): unknown {
    if (this._state === FAILED) return this._takeException();
    if (this._state === FINISHED) return null;
    if (this._state === CANCELLED) throw this._makeCancelledError();
    throw new InvalidStateError("Exception is not set.");
  }

  /** Marks it done. InvalidStateError when it already is. */
  setResult(result: T): void {
    checkBound(this, "future.setResult(result)");
    this.#checkPending();
    this._settle(FINISHED, result);
  }

  /** Marks it failed; a class is instantiated. InvalidStateError when it is done already. */
  setException(exception: Error | (new () => Error)): void {
    checkBound(this, "future.setException(error)");
    this.#checkPending();
    const error: unknown = isErrorClass(exception) ? new exception() : exception;
    if (!isError(error)) {
      throw new TypeError(
        `setException() takes an Error or a class of errors, got ${describe(error)}: wrap other values in an Error`,
      );
    }
    this._settle(FAILED, error);
  }

  /** Cancels it and schedules its callbacks. False when it is done already. `message` goes to the CancelledError. */
  cancel(message?: string): boolean {
    checkBound(this, "future.cancel()");
    if (this._state === FAILED) noteRetrieved(this);
    if (this._state !== PENDING) {
      // Node's timers and event targets call what they are given as if it were their own.
      if (!isfuture(this)) throw takenOff("future.cancel()");
      return false;
    }
    this._cancelMessage = message;
    this._settle(CANCELLED, undefined);
    return true;
  }

  /** Calls `callback(future)` through the ready queue once it is done, in the given context or a copy of the current one. */
  addDoneCallback(callback: DoneCallback<T>, options?: { context?: Context }): void {
    checkCallback(callback, "addDoneCallback");
    if (options !== undefined) {
      checkOptions(options, "addDoneCallback", CALLBACK_OPTIONS);
      checkInstance(options.context, Context, "context");
    }
    this._addCallback(
      new DoneHandle(callback as DoneCallback<never>, this, options?.context ?? captureContext()),
    );
  }

  /** Removes every entry of `callback`; returns how many. What is already scheduled is not affected. */
  removeDoneCallback(callback: DoneCallback<T>): number {
    const entries =
      this._callbacks === null ? [] : Array.isArray(this._callbacks) ? this._callbacks : [this._callbacks];
    const kept = entries.filter((entry) => !(entry instanceof DoneHandle && entry.callback === callback));
    this._callbacks = kept.length === 0 ? null : kept;
    return entries.length - kept.length;
  }

  /** @internal Runs `entry` through the ready queue once this is done. */
  _addCallback(entry: Runnable): void {
    if (this._state !== PENDING) {
      this.#schedule(entry);
    } else if (this._callbacks === null) {
      this._callbacks = entry;
    } else if (Array.isArray(this._callbacks)) {
      this._callbacks.push(entry);
    } else {
      this._callbacks = [this._callbacks, entry];
    }
  }

  /** @internal */
  _removeCallback(entry: Runnable): void {
    if (this._callbacks === entry) {
      this._callbacks = null;
    } else if (Array.isArray(this._callbacks)) {
      const at = this._callbacks.indexOf(entry);
      if (at >= 0) this._callbacks.splice(at, 1);
    }
  }

  /** @internal */
  _settle(state: number, outcome: unknown): void {
    this._state = state;
    this._outcome = outcome;
    if (state === FAILED) noteFailure(this, this._loop, outcome);
    const callbacks = this._callbacks;
    if (callbacks === null) return;
    if (Array.isArray(callbacks)) {
      for (const entry of callbacks) this.#schedule(entry);
    } else {
      this.#schedule(callbacks);
    }
    // Not before: an entry that is asked what to run instead may look who else is told.
    this._callbacks = null;
  }

  #schedule(entry: Runnable): void {
    if (this._state === FINISHED || entry.insteadOnFailure === undefined) this._loop._push(entry);
    else this._loop._push(entry.insteadOnFailure(this));
  }

  /** @internal The exception of a failed future, which counts as seen from now on. */
  _takeException(): unknown {
    noteRetrieved(this);
    return this._outcome;
  }

  /** @internal What its awaiter is thrown, of a future that failed or was cancelled. */
  _takeError(): unknown {
    return this._state === FAILED ? this._takeException() : this._makeCancelledError();
  }

  /** @internal Fails with anything that JavaScript can throw; setException() is stricter. */
  _fail(error: unknown): void {
    this._settle(FAILED, error);
  }

  /** @internal The CancelledError that a reader gets: the original one the first time, fresh ones after. */
  _makeCancelledError(): CancelledError {
    if (this._outcome instanceof CancelledError) {
      const original = this._outcome;
      this._outcome = undefined;
      return original;
    }
    return new CancelledError(this._cancelMessage);
  }

  /** @internal The waiting task takes its cancellation back. Only what is a part of that task can hold one: AsyncBody. */
  _withdrawCancel(): void {
    // Any other future was cancelled at once, or stands for something that is not the task's own.
  }

  /** @internal Whether a cancellation was asked for and has not been thrown yet. */
  _cancelIsPending(): boolean {
    return false;
  }

  #checkPending(): void {
    if (this._state !== PENDING) {
      throw new InvalidStateError("invalid state: the future is done already");
    }
  }

  // --- await, in a coroutine -------------------------------------------------------------------------------------------

  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return this;
  }

  /** @internal A future is its own iterator: `yield*` waits while it is pending and then takes the result. */
  next(): IteratorResult<Suspension, T> {
    if (this._state === PENDING) return suspendOn(this);
    return { done: true, value: this.result() };
  }

  /** @internal */
  throw(error: unknown): never {
    throw error;
  }

  // --- await, in an async function ---------------------------------------------------------------------------------------

  /** A native promise for the outcome. */
  toPromise(): Promise<T> {
    const settler = new PromiseSettler(this);
    if (this._state === PENDING && this._loop.isClosed()) settler.refuse();
    // A loop that stands still hands nothing over, so what is there already is given at once.
    else if (this._state !== PENDING && !this._loop.isRunning()) settler.run();
    else this._addCallback(settler);
    return settler.promise;
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Promise has it
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return thenAwait(this, onFulfilled, onRejected);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Promise has it: a handler may name the error's type
  catch<B = never>(onRejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B> {
    return thenAwait(this, undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return finallyAwait(this, onFinally);
  }

  toString(): string {
    return describeFuture(this);
  }
}

Object.defineProperty(Future.prototype, FUTURE_BRAND, { value: true });

/** Hands a future's outcome to a promise, through the ready queue like any other callback. */
class PromiseSettler<T> implements Runnable {
  readonly promise: Promise<T>;
  readonly #future: Future<T>;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;

  constructor(future: Future<T>) {
    this.#future = future;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  run(): void {
    const future = this.#future;
    if (future._state === FINISHED) {
      this.#resolve(future._outcome as T);
    } else if (future._state === FAILED) {
      this.#reject(future._takeException());
    } else {
      this.#reject(future._makeCancelledError());
      excuse(this.promise);
    }
  }

  refuse(): void {
    this.#reject(new RuntimeError(`Event loop is closed: nobody will settle ${this.#future.toString()}`));
  }
}

/** Whether `value` is a future or a task, of this or another copy of the package. */
export function isfuture(value: unknown): value is Future<unknown> {
  return value !== null && typeof value === "object" && FUTURE_BRAND in value;
}
