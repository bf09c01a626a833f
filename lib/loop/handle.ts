// Handles: callbacks with their arguments and context, as the ready queue and the timers hold them.
import { type Context, switchContext } from "../context/context.ts";
import type { TimerEntry } from "../types/backend.ts";
import type { Runnable } from "../types/runnable.ts";
import type { LoopCore } from "./loop-core.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- callbacks of any signature are scheduled
export type Callback = (...args: any[]) => unknown;

/** What `callSoon()` gives: a callback that can still be cancelled. */
export class Handle implements Runnable {
  /** @internal Null once cancelled, so that nothing the callback refers to is kept alive. */
  _callback: Callback | null;
  /** @internal */
  _args: readonly unknown[];
  /** @internal */
  readonly _context: Context;
  /** @internal */
  readonly _loop: LoopCore;
  /** @internal Where it was made; only in debug mode. */
  _source: string | null = null;

  /** @internal */
  constructor(callback: Callback, args: readonly unknown[], loop: LoopCore, context: Context) {
    this._callback = callback;
    this._args = args;
    this._loop = loop;
    this._context = context;
  }

  /** Keeps the callback from being called. Idempotent. */
  cancel(): void {
    this._callback = null;
    this._args = NO_ARGS;
  }

  cancelled(): boolean {
    return this._callback === null;
  }

  /** The context that the callback is called in. */
  getContext(): Context {
    return this._context;
  }

  /** @internal */
  run(): void {
    const callback = this._callback;
    if (callback === null) return;
    switchContext(this._context);
    try {
      const args = this._args;
      if (args.length === 0) callback();
      else callback(...args);
    } catch (error) {
      this._loop._reportCallbackError(error, this);
    }
  }

  toString(): string {
    const name = this._callback === null ? "cancelled" : this._callback.name || "anonymous callback";
    return `<${this.constructor.name} ${name}${this._source === null ? "" : ` created at ${this._source}`}>`;
  }
}

const NO_ARGS: readonly unknown[] = [];

/** What `callLater()` and `callAt()` give. */
export class TimerHandle extends Handle implements TimerEntry {
  /** @internal Seconds of the loop's clock. */
  readonly _when: number;
  /** @internal Belongs to the timer store; negative when it is not in one. */
  _slot = -1;

  /** @internal */
  constructor(when: number, callback: Callback, args: readonly unknown[], loop: LoopCore, context: Context) {
    super(callback, args, loop, context);
    this._when = when;
  }

  /** The time it is due at, in seconds of the loop's clock. Stays valid after it was called or cancelled. */
  when(): number {
    return this._when;
  }

  override cancel(): void {
    if (this._callback === null) return;
    super.cancel();
    if (this._slot >= 0) this._loop._timers.remove(this);
  }
}
