// The awaits of an async function: each waits for one future or one coroutine, and can be cancelled while it does.
//
// A coroutine that is awaited runs as a Strand, a task without a name of its own: within it the current task is the function's.
import type { Context } from "../context/context.ts";
import { CancelledError } from "../errors/asyncio-errors.ts";
import { CANCELLED, FAILED, FINISHED, type Future } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import type { Runnable } from "../types/runnable.ts";
import type { LibraryCoroutine } from "./library-coroutine.ts";
import { Task } from "./task.ts";
import { stepOf } from "./task-part.ts";

/** The function that awaits. */
interface Awaiter {
  readonly _fn: { readonly name: string };
  readonly task: Task<unknown>;
  readonly host: Task<unknown>;
  readonly _loop: LoopCore;
  readonly _context: Context;
  /** The await has got its outcome. */
  _waited(wait: Wait): void;
  /** A cancellation is left over for the next await. */
  _postponeCancel(message: string | undefined): void;
}

/** One await that the function has not got the outcome of. */
export interface Wait {
  /** The coroutine that is awaited; null for a future. */
  readonly strand: Strand | null;
  /** CancelledError will be thrown here. */
  cancel(message: string | undefined): void;
  withdraw(): void;
  /** Whether a cancellation is still to be thrown in there. */
  pending(): boolean;
  /** The function has ended without it. Callbacks of the user's are told of the outcome all the same. */
  abandon(): void;
}

type Resolve = (value: unknown) => void;

export class FutureWait implements Wait, Runnable {
  readonly strand = null;
  readonly promise: Promise<unknown>;
  /** For the call graph. */
  readonly awaiter: Task<unknown>;
  readonly #future: Future<unknown>;
  readonly #function: Awaiter;
  #resolve!: Resolve;
  #reject!: Resolve;
  /** A cancellation that came when the future was done already, and the function had not been told. */
  #late: { message: string | undefined } | null = null;

  readonly #heard: boolean;

  constructor(future: Future<unknown>, by: Awaiter, heard: boolean) {
    this.#future = future;
    this.#function = by;
    this.#heard = heard;
    this.awaiter = by.task;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    future._addCallback(this);
  }

  run(): void {
    const future = this.#future;
    this.#function._waited(this);
    if (this.#late === null || endedCancelled(future)) {
      settle(future, this.#resolve, this.#reject);
      return;
    }
    // As in a task of a coroutine: the outcome that came in the same turn is lost, and an error in it counts as seen.
    if (future._state === FAILED) future._takeException();
    this.#reject(new CancelledError(this.#late.message));
  }

  cancel(message: string | undefined): void {
    if (!this.#future.cancel(message)) this.#late = { message };
  }

  withdraw(): void {
    this.#late = null;
    this.#future._withdrawCancel();
  }

  pending(): boolean {
    return this.#late !== null;
  }

  abandon(): void {
    // Or what lives long would hold all that has ever waited for it, as in Promise.race().
    if (!this.#heard) this.#future._removeCallback(this);
  }
}

/** The function that awaits a strand whose first step is being taken. */
let starting: Awaiter | null = null;

/** Its first step is taken at once, as an await does in Python. */
export class Strand extends Task<unknown> {
  /** @internal Public, because the first step comes before any private field is there. */
  _wait: StrandWait | null = null;
  readonly #host: Task<unknown>;

  constructor(coroutine: LibraryCoroutine<unknown>, by: Awaiter) {
    super(coroutine, { context: by._context, eagerStart: true }, by._loop, by.host);
    this.#host = by.host;
  }

  /** @internal */
  override _drive(failing: boolean, error: unknown): void {
    stepOf(this, () => super._drive(failing, error));
  }

  /** @internal */
  override _awaitingFunction(): Awaiter | null {
    // In the first step there is no field yet.
    return (this._wait as StrandWait | null | undefined)?.by ?? starting;
  }

  /** @internal */
  override _lasting(): Task<unknown> {
    return this.done() ? this.#host._lasting() : this;
  }

  /** @internal */
  override _returns(value: unknown): void {
    this._leaveCancel();
    super._returns(value);
  }

  /** @internal */
  override _throws(error: unknown): void {
    this._leaveCancel();
    super._throws(error);
  }

  /** @internal A cancellation that came in its last step is for the function's next await, as in a task of a coroutine. */
  _leaveCancel(): void {
    if (!this._cancelIsPending()) return;
    const by = this._awaitingFunction();
    if (by === null) return;
    const message = this._cancelMessage;
    this._leaveRequestsToHost();
    this._dropCancel();
    by._postponeCancel(message);
  }

  /** @internal */
  override _settle(state: number, outcome: unknown): void {
    super._settle(state, outcome);
    this._wait?.ended();
  }

  /** @internal Nobody waits any more: it is asked to stop, and cleans up as a task like any other. */
  _abandon(): void {
    this._wait = null;
    this._becomeIndependent();
    this.cancel();
  }
}

class StrandWait implements Wait {
  readonly strand: Strand;
  readonly promise: Promise<unknown>;
  readonly by: Awaiter;
  #resolve!: Resolve;
  #reject!: Resolve;

  readonly #heard: boolean;

  constructor(strand: Strand, by: Awaiter, heard: boolean) {
    this.strand = strand;
    this.by = by;
    this.#heard = heard;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    strand._wait = this;
  }

  ended(): void {
    this.by._waited(this);
    settle(this.strand, this.#resolve, this.#reject);
  }

  cancel(message: string | undefined): void {
    this.strand._interrupt(message);
  }

  withdraw(): void {
    // Not a request of its own.
    if (this.strand._requests() === 0) this.strand._dropCancel();
  }

  pending(): boolean {
    return this.strand._cancelIsPending();
  }

  abandon(): void {
    const { strand } = this;
    if (this.#heard) strand._addCallback({ run: () => settle(strand, this.#resolve, this.#reject) });
    strand._abandon();
  }
}

/** @internal Takes the first step of `coroutine`. Gives the outcome, if there is one already, or how it is waited for. */
export function startStrand(
  coroutine: LibraryCoroutine<unknown>,
  by: Awaiter,
  heard: boolean,
): StrandWait | Promise<unknown> {
  let strand: Strand;
  const outer = starting;
  starting = by;
  try {
    strand = new Strand(coroutine, by);
  } catch (error) {
    return Promise.reject(error as Error);
  } finally {
    starting = outer;
  }
  return strand.done() ? outcomeOf(strand) : new StrandWait(strand, by, heard);
}

/** @internal The outcome of what is done. */
export function outcomeOf(future: Future<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => settle(future, resolve, reject));
}

/** Hands over the outcome. A result that is itself a promise or a future is waited for in its turn: promises hold no others. */
function settle(future: Future<unknown>, resolve: Resolve, reject: Resolve): void {
  if (future._state === FINISHED) resolve(future._outcome);
  else reject(future._state === CANCELLED ? future._makeCancelledError() : future._takeException());
}

/** That of a gather() comes as its error. */
function endedCancelled(future: Future<unknown>): boolean {
  return (
    future._state === CANCELLED || (future._state === FAILED && future._outcome instanceof CancelledError)
  );
}
