// Task: a coroutine that runs step by step through the ready queue, and can be cancelled, as asyncio.Task.
import { forgetStores, takeStores } from "../context/async-scope.ts";
import {
  captureContext,
  type CapturedContext,
  Context,
  enterContext,
  leaveContext,
  materialize,
  ownContext,
  runCaptured,
} from "../context/context.ts";
import { type AsyncScope, turnStores } from "../context/stores.ts";
import { checkInstance, checkOptions } from "../errors/argument-checks.ts";
import { CancelledError, InvalidStateError, RuntimeError } from "../errors/asyncio-errors.ts";
import { CANCELLED, FAILED, FINISHED, type Future, PENDING } from "../futures/future.ts";
import { describeFuture } from "../futures/future-text.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import type { Coroutine } from "../types/awaitable.ts";
import { followSignal } from "./abort-link.ts";
import { scopeOfNewTask } from "./async-storage.ts";
import { badYield } from "./bad-yield.ts";
import { CoroutineObject } from "./coroutine.ts";
import { CoroutineDriver } from "./coroutine-driver.ts";
import { printStackOf, type PrintStackOptions, type StackOptions, stackOf } from "./task-stack.ts";
import type { StackFrame } from "./stack-frames.ts";
import { LibraryCoroutine, setTaskStarter } from "./library-coroutine.ts";
import { register, unregister } from "./registry.ts";
import { partOf } from "./task-part.ts";

export type Coro<T> = Coroutine<T> | LibraryCoroutine<T>;

export interface TaskOptions {
  name?: string;
  /** The context its steps run in; without one, a copy of the current context. */
  context?: Context;
  /** Runs the first step at once instead of in the next pass; only while the loop runs. */
  eagerStart?: boolean;
  /** Cancels the task when it aborts. */
  signal?: AbortSignal;
}

let taskCount = 0;

/** What few tasks ever need, apart from the task so that the many stay small. */
interface Rare {
  /** Thrown into the coroutine at the next step: a mistake of its last yield. */
  mistake: Error | null;
  /** Stops listening to the AbortSignal. */
  unlisten: (() => void) | null;
  /** Of the signal that the task itself offers. */
  controller: AbortController | null;
  /** The AsyncLocalStorage stores that its steps see, where they are not those of the turn. */
  scope: AsyncScope | null;
  /** The task or strand whose async function awaits this one, which is a strand then; see task-part.ts. */
  host: Task<unknown> | null;
}

export class Task<T> extends CoroutineDriver<T> {
  /** @internal The neighbours in the registry. */
  _before: Task<unknown> | null = null;
  /** @internal */
  _after: Task<unknown> | null = null;
  /** Null once it has ended without ever suspending, as in Python. */
  #coro: Coro<T> | null;
  #context: CapturedContext;
  #name: string | number;
  #waitingFor: Future<unknown> | null = null;
  #mustCancel = false;
  #cancelRequests = 0;
  #rare: Rare | null = null;

  /** Schedules the first step of `coro` for the next pass. TypeError for anything that is not a coroutine. */
  constructor(coro: Coro<T>, options?: TaskOptions & { loop?: LoopCore });
  /** @internal `host`: whose async function awaits this one. A strand has no name and no place among the tasks of its own. */
  constructor(
    coro: Coro<T>,
    options: (TaskOptions & { loop?: LoopCore }) | undefined,
    loop: LoopCore | undefined,
    host?: Task<unknown>,
  );
  constructor(
    coro: Coro<T>,
    options?: TaskOptions & { loop?: LoopCore },
    loop?: LoopCore,
    host?: Task<unknown>,
  ) {
    // All that can throw comes before the coroutine is taken, so that it can still be used elsewhere.
    if (options !== undefined) {
      checkOptions(options, "createTask");
      checkInstance(options.context, Context, "context");
      checkInstance(options.signal, AbortSignal, "signal");
    }
    const name = options?.name === undefined ? 0 : String(options.name);
    super(coro, loop ?? options?.loop);
    this.#name = name;
    this.#coro = coro;
    this.#context = options?.context ?? captureContext();
    // What an async function awaits runs code of users only where it is a coroutine of theirs.
    const eager = options?.eagerStart === true && host === undefined;
    const scope = host === undefined || coro instanceof CoroutineObject ? scopeOfNewTask(eager) : null;
    if (scope !== null) this.#makeRare().scope = scope;
    if (host !== undefined) {
      this.#name = host.#name;
      this.#makeRare().host = host;
    } else {
      if (this.#name === 0) this.#name = ++taskCount;
      register(this);
    }
    if (options?.signal !== undefined) this.#listen(options.signal);
    if (options?.eagerStart === true && !this.#mustCancel && this._loop.isRunning()) this.#startAtOnce();
    else this._loop._push(this);
  }

  getName(): string {
    return typeof this.#name === "number" ? `Task-${this.#name}` : this.#name;
  }

  setName(name: string): void {
    this.#name = String(name);
  }

  /** The coroutine it runs; null when it ended at its eager start. */
  getCoro(): Coro<T> | null {
    return this.#coro;
  }

  getContext(): Context {
    // In its own step: what it has set by now counts.
    const inStep = this._loop._inTurn && this._loop._currentTask === this;
    return (this.#context = inStep ? ownContext() : materialize(this.#context));
  }

  /** Not for tasks: the coroutine sets the result. */
  override setResult(_result: T): never {
    throw new RuntimeError("Task does not support setResult operation");
  }

  /** Not for tasks: the coroutine fails by throwing. */
  override setException(_exception: unknown): never {
    throw new RuntimeError("Task does not support setException operation");
  }

  /**
   * Asks the task to stop: CancelledError(message) is thrown at its next suspension. False when it is done already.
   *
   * It is a request: the coroutine may clean up, and may refuse by catching the error. Requests are counted.
   */
  override cancel(message?: string): boolean {
    if (this._state !== PENDING) return super.cancel();
    this.#cancelRequests++;
    this._interrupt(message);
    return true;
  }

  /** @internal CancelledError is thrown at the next suspension. */
  _interrupt(message: string | undefined): void {
    // What it waits for may refuse to be cancelled in its turn (a shielded task): then this task goes on waiting.
    if (this.#waitingFor === null || !this.#waitingFor.cancel(message)) {
      this.#mustCancel = true;
      this._cancelMessage = message;
    }
    this.#rare?.controller?.abort(new CancelledError(message));
  }

  /** The number of cancellation requests that nobody has taken back with `uncancel()`. */
  cancelling(): number {
    return partOf(this as Task<unknown>)._requests();
  }

  /** Takes one cancellation request back; returns how many are left. At 0, one that was not delivered yet is dropped. */
  uncancel(): number {
    return partOf(this as Task<unknown>)._uncancel();
  }

  /** @internal The requests that concern this part of a task. */
  _requests(): number {
    const host = this.#rare?.host ?? null;
    return host === null ? this.#cancelRequests : this.#cancelRequests + host._requests();
  }

  /** @internal */
  _uncancel(): number {
    if (this.#cancelRequests > 0) {
      this.#cancelRequests--;
      if (this._requests() === 0) this._dropCancel();
    } else {
      this.#rare?.host?._uncancel();
    }
    return this._requests();
  }

  /** @internal As `_requests()`, without one that is still to be thrown. */
  _requestsDelivered(): number {
    const requests = this._requests();
    return requests > 0 && this._anyCancelIsPending() ? requests - 1 : requests;
  }

  /** @internal What was asked of this part is asked of the one that goes on. */
  _leaveRequestsToHost(): void {
    const host = this.#rare?.host ?? null;
    if (host === null) return;
    host.#cancelRequests += this.#cancelRequests;
    this.#cancelRequests = 0;
  }

  /** @internal Also one that its host has still to be told of. */
  _anyCancelIsPending(): boolean {
    return this._cancelIsPending() || (this.#rare?.host?._anyCancelIsPending() ?? false);
  }

  /** @internal */
  override _cancelIsPending(): boolean {
    return this.#mustCancel || (this.#waitingFor?._cancelIsPending() ?? false);
  }

  /** @internal Nothing is thrown at the next await; what this task waits for is not touched, unless it is a part of it. */
  _dropCancel(): void {
    this.#mustCancel = false;
    this.#waitingFor?._withdrawCancel();
    if (this.#rare !== null) this.#rare.controller = null;
  }

  /**
   * Aborted, with the CancelledError as its reason, when the task is cancelled: for `fetch(url, { signal })` and the like.
   * Made when first asked for. Once every request was taken back with `uncancel()`, the next one asked for is a new one.
   */
  get signal(): AbortSignal {
    return partOf(this as Task<unknown>).#signal();
  }

  #signal(): AbortSignal {
    const rare = this.#makeRare();
    if (rare.controller === null) {
      rare.controller = new AbortController();
      if (this.cancelled() || this._requests() > 0) {
        rare.controller.abort(new CancelledError(this._cancelMessage));
      }
    }
    return rare.controller.signal;
  }

  /**
   * The places where the coroutine stands, outermost first; after a failure those of the error; [] after a success. At most
   * `limit` of them: the innermost of a waiting task, the outermost of an error. Slow: for people.
   *
   * Unlike in Python, a waiting task shows all of its coroutines, not just its own.
   */
  getStack(options: StackOptions = {}): StackFrame[] {
    return stackOf(this, options);
  }

  /** Writes the stack as Python prints it to `file`; standard error when there is none given. */
  printStack(options: PrintStackOptions = {}): void {
    printStackOf(this, options);
  }

  /** @internal What it waits for, or has waited for until it was woken. */
  _awaited(): Future<unknown> | null {
    return this.#waitingFor;
  }

  /** @internal The task that it is a part of: that of an async function which awaits its coroutine; else itself. */
  _actsFor(): Task<unknown> {
    const host = this.#rare?.host ?? null;
    return host === null ? (this as Task<unknown>) : host._actsFor();
  }

  /** @internal The part that it is a part of, once it has itself ended. */
  _lasting(): Task<unknown> {
    return this as Task<unknown>;
  }

  /** @internal Of a strand: the async function that it is a part of, and the task or strand which has called that. */
  _awaitingFunction(): { readonly _fn: { readonly name: string }; readonly host: Task<unknown> } | null {
    return null;
  }

  /** @internal As it is called, not as the library has written it; null for a plain generator, which does not know. */
  _coroutineName(): string | null {
    const coro = this.#coro;
    if (coro instanceof CoroutineObject) return coro._name || "anonymous";
    return coro instanceof LibraryCoroutine ? coro.constructor.name : null;
  }

  override toString(): string {
    const between = [`name=${JSON.stringify(this.getName())}`];
    const name = this._coroutineName();
    if (this.#coro !== null) between.push(`coro=<${name === null ? "generator" : `${name}()`}>`);
    if (this.#waitingFor !== null) between.push(`wait_for=${this.#waitingFor.toString()}`);
    const cancelling = this.#cancelRequests > 0 && this._state === PENDING;
    return describeFuture(this, between, cancelling ? "cancelling" : undefined);
  }

  /** @internal One step: from the last suspension to the next. */
  run(): void {
    const loop = this._loop;
    if (this._state !== PENDING) {
      this.#reportForeignEnd();
      return;
    }
    loop._currentTask = this;
    enterContext(this.#context);
    if (this.#mustCancel || this.#rare !== null) {
      this.#stepWithCare();
    } else {
      const waitedFor = this.#waitingFor;
      this.#waitingFor = null;
      if (waitedFor !== null && waitedFor._state > FINISHED) this._drive(true, waitedFor._takeError());
      else this._drive(false, undefined);
    }
    loop._currentTask = null;
    this.#context = leaveContext(this.#context);
    if (turnStores.dirty) this.#takeStores();
  }

  /** Stores that the step has set with enterWith() are seen by its next ones, and by no other task. */
  #takeStores(): void {
    if (this._state !== PENDING) {
      forgetStores();
      return;
    }
    const scope = takeStores();
    if (scope !== null) this.#makeRare().scope = scope;
  }

  /** Somebody has forced a result on it behind its back. */
  #reportForeignEnd(): void {
    const error = new InvalidStateError(`step(): already done: ${this.toString()}`);
    this._loop.callExceptionHandler({
      message: "Exception in callback Task.step()",
      exception: error,
      task: this,
    });
  }

  /** A step of a task that is being cancelled, or that has something few tasks have. */
  #stepWithCare(): void {
    const rare = this.#rare;
    const mistake = rare?.mistake ?? null;
    let error: unknown = mistake;
    let failing = mistake !== null;
    if (this.#mustCancel) {
      this.#mustCancel = false;
      const waitedFor = this.#waitingFor;
      // The outcome that came in the same turn is lost, and an error in it counts as seen. A cancellation that came this way
      // is kept, message and all; that of a gather() comes as its error.
      const outcome = waitedFor?._state === FAILED ? waitedFor._takeException() : null;
      failing = waitedFor?._state !== CANCELLED && !(outcome instanceof CancelledError);
      if (failing) error = this._makeCancelledError();
    }
    this.#waitingFor = null;
    if (rare === null) {
      this._drive(failing, error);
      return;
    }
    rare.mistake = null;
    if (rare.host !== null) this._loop._currentTask = rare.host._actsFor();
    if (rare.scope !== null) rare.scope(() => this._drive(failing, error));
    else this._drive(failing, error);
  }

  /** The first step, inside the step of whoever makes the task. */
  #startAtOnce(): void {
    const loop = this._loop;
    const outer = loop._currentTask;
    loop._currentTask = this._actsFor();
    // Asked now: a task that ends in this step lets go of both.
    const scope = this.#rare?.scope ?? null;
    const host = this.#rare?.host ?? null;
    try {
      this.#context = runCaptured(this.#context, () => {
        if (scope !== null) scope(() => this._drive(false, undefined));
        else this._drive(false, undefined);
      });
    } finally {
      loop._currentTask = outer;
    }
    // They were clean before, or there would be a scope; a strand shares those of the function that awaits it.
    if (turnStores.dirty && scope === null && host === null) this.#takeStores();
    // A step puts its task in the queue without a word, because steps are taken in turns; this one may not be.
    if (!loop._inTurn) loop._wake();
    if (this._state !== PENDING) this.#coro = null;
  }

  /** @internal */
  override _waits(future: Future<unknown>): void {
    if ((future as unknown) === this) {
      this.#mistake(`Task cannot await on itself: ${this.toString()}`);
    } else if (future._loop !== this._loop) {
      this.#mistake(`Task ${this.toString()} got Future ${future.toString()} attached to a different loop`);
    } else {
      future._addCallback(this);
      this.#waitingFor = future;
      // cancel() was called from inside the step: it takes effect at this very await.
      if (this.#mustCancel && future.cancel(this._cancelMessage)) this.#mustCancel = false;
    }
  }

  /** @internal A bare `yield` gives way for one pass; anything else is a mistake of the coroutine. */
  override _yields(value: unknown): void {
    if (value === undefined) this._loop._push(this);
    else this.#mistake(badYield(value));
  }

  /** Throws a RuntimeError into the coroutine at its next step. */
  #mistake(message: string): void {
    this.#makeRare().mistake = new RuntimeError(message);
    this._loop._push(this);
  }

  #makeRare(): Rare {
    return (this.#rare ??= { mistake: null, unlisten: null, controller: null, scope: null, host: null });
  }

  /** @internal It is no part of another task any longer, and counts as a task like any other. */
  _becomeIndependent(): void {
    if (this.#rare === null || this._state !== PENDING) return;
    this.#rare.host = null;
    register(this as Task<unknown>);
  }

  /** @internal */
  override _returns(value: T): void {
    this.#end();
    if (this.#mustCancel) {
      // It was cancelled in its last step and did not await again: it ends cancelled, not successful.
      this.#mustCancel = false;
      this._settle(CANCELLED, undefined);
    } else {
      this._settle(FINISHED, value);
    }
  }

  /** @internal */
  override _throws(error: unknown): void {
    this.#end();
    // The original error is kept, so that the first to await this task gets it with its message.
    if (error instanceof CancelledError) {
      // The error has the message; who reads the task again gets one without.
      this._cancelMessage = undefined;
      this._settle(CANCELLED, error);
    } else {
      this._settle(FAILED, error);
    }
  }

  #end(): void {
    if ((this.#rare?.host ?? null) === null) unregister(this as Task<unknown>);
    if (this.#coro instanceof CoroutineObject) this.#coro._fail();
    this._letGo();
    this.#rare?.unlisten?.();
    this.#rare = null;
  }

  /** @internal Its loop was closed before it has ended: it never will. */
  _forsake(): void {
    this.#rare?.unlisten?.();
  }

  #listen(signal: AbortSignal): void {
    if (signal.aborted) {
      this.cancel(abortMessage(signal));
      return;
    }
    this.#makeRare().unlisten = followSignal(signal, () => this.cancel(abortMessage(signal)));
  }
}

function abortMessage(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason.message : String(reason);
}

setTaskStarter((coroutine) => new Task(coroutine, undefined, requireRunningLoop()));
