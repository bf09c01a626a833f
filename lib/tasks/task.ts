// Task: runs one coroutine step by step through the ready queue, as asyncio.Task.
//
// The task keeps the stack of coroutine objects itself and always resumes the innermost generator:
//
//   #stack   [ outer, middle, inner ]        _top = inner's generator
//
// inner returns ──> popped, and middle's generator is resumed: its `yield*` then collects inner's result.
import {
  captureContext,
  type CapturedContext,
  Context,
  enterContext,
  leaveContext,
  materialize,
} from "../context/context.ts";
import { checkInstance, checkOptions } from "../errors/argument-checks.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import { CANCELLED, FAILED, FINISHED, Future, PENDING, stateName } from "../futures/future.ts";
import { RESUMED, SUSPENDED, suspended } from "../futures/suspension.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import type { Coroutine, Suspension } from "../types/awaitable.ts";
import { followSignal } from "./abort-link.ts";
import { CoroutineObject, isGenerator } from "./coroutine.ts";
import { LibraryCoroutine, setTaskStarter } from "./library-coroutine.ts";
import { register, unregister } from "./registry.ts";

type Driven = Generator<Suspension, unknown, unknown>;
type Coro<T> = Coroutine<T> | LibraryCoroutine<T>;

export interface TaskOptions {
  name?: string;
  /** The context its steps run in; without one, a copy of the current context. */
  context?: Context;
  /** Cancels the task when it aborts. */
  signal?: AbortSignal;
}

let taskCount = 0;

/** The coroutine objects that a task drives, outermost first, and the generator of its own coroutine below them. */
interface CoroutineStack {
  readonly root: Driven;
  readonly frames: CoroutineObject<unknown>[];
}

/** What few tasks ever need, apart from the task so that the many stay small. */
interface Rare {
  /** Thrown into the coroutine at the next step: a mistake of its last yield. */
  mistake: Error | null;
  /** Stops listening to the AbortSignal. */
  unlisten: (() => void) | null;
}

export class Task<T> extends Future<T> {
  /** @internal The neighbours in the registry. */
  _before: Task<unknown> | null = null;
  /** @internal */
  _after: Task<unknown> | null = null;
  /** What is resumed next: the generator of the innermost coroutine. */
  #top: Driven;
  #stack: CoroutineStack | null = null;
  readonly #coro: Coro<T>;
  #context: CapturedContext;
  #name: string | number;
  #waitingFor: Future<unknown> | null = null;
  #mustCancel = false;
  #cancelRequests = 0;
  #rare: Rare | null = null;

  /** Schedules the first step of `coro` for the next pass. TypeError for anything that is not a coroutine. */
  constructor(coro: Coro<T>, options?: TaskOptions & { loop?: LoopCore }, loop?: LoopCore) {
    super(undefined, loop ?? options?.loop);
    if (options !== undefined) {
      checkOptions(options, "createTask");
      checkInstance(options.context, Context, "context");
      checkInstance(options.signal, AbortSignal, "signal");
    }
    this._loop._checkClosed();
    this.#coro = coro;
    this.#top = rootGenerator(coro);
    this.#name = options?.name === undefined ? ++taskCount : String(options.name);
    this.#context = options?.context ?? captureContext();
    register(this);
    this._loop._push(this);
    if (options?.signal !== undefined) this.#listen(options.signal);
  }

  getName(): string {
    return typeof this.#name === "number" ? `Task-${this.#name}` : this.#name;
  }

  setName(name: string): void {
    this.#name = String(name);
  }

  getCoro(): Coro<T> {
    return this.#coro;
  }

  getContext(): Context {
    return (this.#context = materialize(this.#context));
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
    if (this._state !== PENDING) return false;
    this.#cancelRequests++;
    // What it waits for may refuse to be cancelled in its turn (a shielded task): then this task goes on waiting.
    if (this.#waitingFor !== null && this.#waitingFor.cancel(message)) return true;
    this.#mustCancel = true;
    this._cancelMessage = message;
    return true;
  }

  /** The number of cancellation requests that nobody has taken back with `uncancel()`. */
  cancelling(): number {
    return this.#cancelRequests;
  }

  /** Takes one cancellation request back; returns how many are left. At 0, one that was not delivered yet is dropped. */
  uncancel(): number {
    if (this.#cancelRequests > 0) {
      this.#cancelRequests--;
      if (this.#cancelRequests === 0) this.#mustCancel = false;
    }
    return this.#cancelRequests;
  }

  override toString(): string {
    const state = this.#cancelRequests > 0 && this._state === PENDING ? "cancelling" : stateName(this._state);
    return `<Task ${state} name=${JSON.stringify(this.getName())} coro=${coroutineName(this.#coro)}>`;
  }

  /** @internal One step: from the last suspension to the next. */
  run(): void {
    const loop = this._loop;
    this.#waitingFor = null;
    loop._currentTask = this;
    enterContext(this.#context);
    if (this.#mustCancel || this.#rare !== null) this.#drive(...this.#interruption());
    else this.#drive(false, undefined);
    loop._currentTask = null;
    this.#context = leaveContext(this.#context);
  }

  /** What is thrown in at this step instead of resuming: a cancellation, or the mistake of the last yield. */
  #interruption(): [failing: boolean, error: unknown] {
    const rare = this.#rare;
    const mistake = rare?.mistake ?? null;
    if (rare !== null) rare.mistake = null;
    if (!this.#mustCancel) return [mistake !== null, mistake];
    this.#mustCancel = false;
    return [true, this._makeCancelledError()];
  }

  #drive(failing: boolean, error: unknown): void {
    for (;;) {
      let result: IteratorResult<Suspension, unknown>;
      try {
        result = failing ? this.#top.throw(error) : this.#top.next(RESUMED);
      } catch (thrown) {
        const inner = this.#pop();
        if (inner === null) {
          this.#failWith(thrown);
          return;
        }
        inner._fail();
        failing = true;
        error = thrown;
        continue;
      }
      if (result.done === true) {
        const inner = this.#pop();
        if (inner === null) {
          this.#finishWith(result.value as T);
          return;
        }
        inner._finish(result);
        failing = false;
        continue;
      }
      if (result === SUSPENDED) this.#suspend();
      else this.#strayYield(result.value);
      return;
    }
  }

  /** Takes the innermost coroutine object off the stack; null when the task's own coroutine is all there is. */
  #pop(): CoroutineObject<unknown> | null {
    const stack = this.#stack;
    if (stack === null || stack.frames.length === 0) return null;
    const { frames } = stack;
    const inner = frames.pop()!;
    this.#top = frames.length > 0 ? frames[frames.length - 1]!._generator : stack.root;
    return inner;
  }

  #suspend(): void {
    const { awaiting, frames } = suspended;
    if (frames.length > 0) this.#adopt(frames as CoroutineObject<unknown>[]);
    if (awaiting !== null) {
      suspended.awaiting = null;
      this.#wait(awaiting);
    } else if (suspended.stray !== null) {
      const { value } = suspended.stray;
      suspended.stray = null;
      this.#strayYield(value);
    } else {
      this._loop._ready.push(this);
    }
  }

  /** Coroutine objects that ran inline until now go on the stack, outermost first. */
  #adopt(frames: CoroutineObject<unknown>[]): void {
    const stack = (this.#stack ??= { root: this.#top, frames: [] });
    for (let i = frames.length - 1; i >= 0; i--) {
      frames[i]!._adopt();
      stack.frames.push(frames[i]!);
    }
    this.#top = frames[0]!._generator;
    frames.length = 0;
  }

  #wait(future: Future<unknown>): void {
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

  /** A bare `yield` gives way for one pass; anything else is a mistake of the coroutine. */
  #strayYield(value: unknown): void {
    if (value === undefined) this._loop._push(this);
    else this.#mistake(`Task got bad yield: ${describe(value)}. Use yield* to await`);
  }

  /** Throws a RuntimeError into the coroutine at its next step. */
  #mistake(message: string): void {
    this.#makeRare().mistake = new RuntimeError(message);
    this._loop._push(this);
  }

  #makeRare(): Rare {
    return (this.#rare ??= { mistake: null, unlisten: null });
  }

  #finishWith(value: T): void {
    this.#end();
    if (this.#mustCancel) {
      // It was cancelled in its last step and did not await again: it ends cancelled, not successful.
      this.#mustCancel = false;
      this._settle(CANCELLED, undefined);
    } else {
      this._settle(FINISHED, value);
    }
  }

  #failWith(error: unknown): void {
    this.#end();
    // The original error is kept, so that the first to await this task gets it with its message.
    if (error instanceof CancelledError) this._settle(CANCELLED, error);
    else this._settle(FAILED, error);
  }

  #end(): void {
    unregister(this as Task<unknown>);
    if (this.#coro instanceof CoroutineObject) this.#coro._fail();
    this.#stack = null;
    this.#rare?.unlisten?.();
    this.#rare = null;
  }

  #listen(signal: AbortSignal): void {
    if (signal.aborted) {
      this.cancel(abortMessage(signal));
      return;
    }
    this.#makeRare().unlisten = followSignal(signal, () => this.cancel(abortMessage(signal)));
  }
}

/** The generator at the bottom of a task's stack. */
function rootGenerator(coro: unknown): Driven {
  if (coro instanceof CoroutineObject) {
    coro._adopt();
    return coro._generator;
  }
  if (coro instanceof LibraryCoroutine) return awaitIn(coro);
  if (isGenerator(coro)) return coro;
  throw new TypeError(`a coroutine was expected, got ${coro === null ? "null" : typeof coro}`);
}

function* awaitIn(coro: LibraryCoroutine<unknown>): Coroutine<unknown> {
  return yield* coro;
}

function abortMessage(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason.message : String(reason);
}

function coroutineName(coro: unknown): string {
  if (coro instanceof CoroutineObject) return coro._name || "anonymous";
  return coro instanceof LibraryCoroutine ? coro.constructor.name : "generator";
}

function describe(value: unknown): string {
  return value instanceof Future ? value.toString() : typeof value === "object" ? "an object" : String(value);
}

setTaskStarter(async (coroutine) => new Task(coroutine, undefined, requireRunningLoop()));
