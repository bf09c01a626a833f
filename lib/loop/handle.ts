// Handles: callbacks with their arguments and context, as the ready queue and the timers hold them.
import {
  type CapturedContext,
  type Context,
  enterContext,
  leaveContext,
  materialize,
} from "../context/context.ts";
import { checkBound } from "../errors/argument-checks.ts";
import type { TimerStore, TimerTicket } from "../types/backend.ts";
import type { LoopCore } from "./loop-core.ts";
import { originOf } from "./origins.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- callbacks of any signature are scheduled
export type Callback = (...args: any[]) => unknown;

/** @internal The arguments of most callbacks; never changed. */
export const NO_ARGS: readonly unknown[] = Object.freeze([]);

/** A callback that was scheduled and can still be cancelled. */
export abstract class Handle {
  /** Keeps the callback from being called. Idempotent. */
  abstract cancel(): void;

  /** Whether `cancel()` was called. */
  abstract cancelled(): boolean;

  /** The context that the callback is called in. */
  abstract getContext(): Context;
}

/** What `callSoon()` gives. */
export class SoonHandle extends Handle {
  /** @internal Null once cancelled, so that nothing the callback refers to is kept alive. */
  _callback: Callback | null;
  #args: readonly unknown[];
  #context: CapturedContext;
  readonly #loop: LoopCore;

  /** @internal */
  constructor(callback: Callback, args: readonly unknown[], loop: LoopCore, context: CapturedContext) {
    super();
    this._callback = callback;
    this.#args = args;
    this.#loop = loop;
    this.#context = context;
  }

  override cancel(): void {
    checkBound(this, "handle.cancel()");
    this._callback = null;
    this.#args = NO_ARGS;
  }

  override cancelled(): boolean {
    return this._callback === null;
  }

  override getContext(): Context {
    return (this.#context = materialize(this.#context));
  }

  /** @internal */
  run(): void {
    const callback = this._callback;
    if (callback === null) return;
    enterContext(this.#context);
    try {
      const args = this.#args;
      if (args.length === 0) callback();
      else callback(...args);
    } catch (error) {
      // The handler sees the variables that the callback has set.
      this.#context = leaveContext(this.#context);
      this.#loop._reportCallbackError(error, callback, this);
    }
  }

  override toString(): string {
    return describeHandle("Handle", this._callback, this);
  }
}

/** What `callLater()` and `callAt()` give. The loop keeps the callback, not this: a handle nobody holds costs nothing. */
export class TimerHandle extends Handle {
  readonly #timers: TimerStore;
  readonly #when: number;
  /** Null once cancelled. */
  #ticket: TimerTicket | null;

  /** @internal */
  constructor(timers: TimerStore, when: number, ticket: TimerTicket) {
    super();
    this.#timers = timers;
    this.#when = when;
    this.#ticket = ticket;
  }

  /** The time it is due at, in seconds of the loop's clock. Stays valid after it was called or cancelled. */
  when(): number {
    return this.#when;
  }

  override cancel(): void {
    checkBound(this, "handle.cancel()");
    if (this.#ticket === null) return;
    this.#timers.unschedule(this.#ticket);
    this.#ticket = null;
  }

  override cancelled(): boolean {
    return this.#ticket === null;
  }

  override getContext(): Context {
    return contexts.get(this)?.getContext() ?? materialize(null);
  }

  override toString(): string {
    return describeHandle("TimerHandle", this.#ticket === null ? null : undefined, this);
  }
}

/** The handles inside timers that have arguments or a context; few have, so it is kept apart from them. */
const contexts = new WeakMap<TimerHandle, SoonHandle>();

/** @internal */
export function noteInner(outer: TimerHandle, inner: SoonHandle): void {
  contexts.set(outer, inner);
}

function describeHandle(kind: string, callback: Callback | null | undefined, handle: Handle): string {
  const name =
    callback === null
      ? " cancelled"
      : callback === undefined
        ? ""
        : ` ${callback.name || "anonymous callback"}`;
  const source = originOf(handle)?.split("\n", 1)[0];
  return `<${kind}${name}${source === undefined ? "" : ` created at ${source}`}>`;
}
