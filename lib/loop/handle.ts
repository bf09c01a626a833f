// Handles: callbacks with their arguments and context, as the ready queue and the timers hold them.
import { type CapturedContext, type Context, enterContext, materialize } from "../context/context.ts";
import type { TimerEntry } from "../types/backend.ts";
import type { Runnable } from "../types/runnable.ts";
import type { LoopCore } from "./loop-core.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- callbacks of any signature are scheduled
export type Callback = (...args: any[]) => unknown;

const NO_ARGS: readonly unknown[] = [];

/** What `callSoon()` gives: a callback that can still be cancelled. */
export class Handle implements Runnable {
  /** @internal Null once cancelled, so that nothing the callback refers to is kept alive. */
  _callback: Callback | null;
  /** @internal */
  _args: readonly unknown[];
  /** @internal */
  _context: CapturedContext;
  /** @internal */
  readonly _loop: LoopCore;

  /** @internal */
  constructor(callback: Callback, args: readonly unknown[], loop: LoopCore, context: CapturedContext) {
    this._callback = callback;
    this._args = args.length === 0 ? NO_ARGS : args;
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
    return (this._context = materialize(this._context));
  }

  /** @internal */
  run(): void {
    const callback = this._callback;
    if (callback === null) return;
    enterContext(this._context);
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
    const source = sources.get(this);
    return `<${this.constructor.name} ${name}${source === undefined ? "" : ` created at ${source}`}>`;
  }
}

/** Where handles were made, in debug mode: apart from them, so that they stay small. */
const sources = new WeakMap<Handle, string>();

/** @internal Remembers the caller outside this folder. */
export function noteSource(handle: Handle): void {
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  const line = lines.find((one) => !one.includes(__dirname)) ?? lines[0] ?? "";
  sources.set(handle, line.trim().replace(/^at /, ""));
}

/** What `callLater()` and `callAt()` give. */
export class TimerHandle extends Handle implements TimerEntry {
  /** @internal Seconds of the loop's clock. */
  readonly _when: number;
  /** @internal Belongs to the timer store; negative when it is not in one. */
  _slot = -1;

  /** @internal */
  constructor(when: number, callback: Callback, args: readonly unknown[], loop: LoopCore, context: CapturedContext) {
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
