// Contexts: immutable snapshots of variables, copied in constant time, one of which is current at any moment.
import { checkCallback } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import type { ContextVar } from "./context-var.ts";

/** @internal Marks variables, whose class is not known here. */
export const VARIABLE = Symbol("context variable");

/** What a variable is to a context: only its identity counts. */
export type ContextKey = object;

/**
 * A set of context variables with their values, as Python's `contextvars.Context`: a mapping that only ContextVar writes to.
 *
 * Copying shares the map; the first write after that copies it. Tasks copy a context each, and few of them write.
 */
export class Context {
  /** @internal */
  _values: Map<ContextKey, unknown> | null = null;
  /** @internal True when another context shares _values. */
  _shared = false;
  /** @internal */
  _entered = false;

  /** Calls `fn` with this context as the current one. RuntimeError when it is already entered. */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    checkCallback(fn, "run");
    if (this._entered) throw new RuntimeError("cannot enter context: it is already entered");
    const previous = current;
    this._entered = true;
    current = this;
    synchronous++;
    try {
      return fn(...args);
    } finally {
      synchronous--;
      current = previous;
      this._entered = false;
    }
  }

  /** How many variables have a value here. */
  get size(): number {
    return this._values?.size ?? 0;
  }

  /** Whether `variable` was set here; a default of its own does not count. */
  has(variable: ContextVar<unknown>): boolean {
    if (variable === null || typeof variable !== "object" || !(VARIABLE in variable)) {
      throw new TypeError(`a ContextVar was expected, got ${describe(variable)}`);
    }
    return this._values?.has(variable) ?? false;
  }

  /** The value that `variable` was set to here, else `fallback`. */
  get<T>(variable: ContextVar<T>): T | undefined;
  get<T, F>(variable: ContextVar<T>, fallback: F): T | F;
  get(variable: ContextVar<unknown>, fallback?: unknown): unknown {
    return this.has(variable) ? this._values!.get(variable) : fallback;
  }

  /** The variables that were set here. */
  keys(): IterableIterator<ContextVar<unknown>> {
    return (this._values ?? NOTHING).keys() as IterableIterator<ContextVar<unknown>>;
  }

  values(): IterableIterator<unknown> {
    return (this._values ?? NOTHING).values();
  }

  /** Pairs of a variable and its value. */
  items(): IterableIterator<[ContextVar<unknown>, unknown]> {
    return (this._values ?? NOTHING).entries() as IterableIterator<[ContextVar<unknown>, unknown]>;
  }

  [Symbol.iterator](): IterableIterator<ContextVar<unknown>> {
    return this.keys();
  }

  /** A context with the same values. */
  copy(): Context {
    const copy = new Context();
    if (this._values !== null) {
      this._shared = true;
      copy._shared = true;
      copy._values = this._values;
    }
    return copy;
  }

  /** @internal */
  _write(): Map<ContextKey, unknown> {
    if (this._values === null) {
      this._values = new Map();
    } else if (this._shared) {
      this._values = new Map(this._values);
    }
    this._shared = false;
    return this._values;
  }
}

const NOTHING: ReadonlyMap<ContextKey, unknown> = new Map();

/** What is current where nothing else was entered: Python's context of the thread. */
let current = new Context();

/** What a callback or task was given to run in: a Context, or only the values of one, which costs nothing to capture. */
export type CapturedContext = Context | Map<ContextKey, unknown> | null;

/**
 * Stands for the context of whoever has captured only values. Nobody can get hold of it: what leaves this module is copied.
 * So scheduling a callback or starting a task allocates no context.
 */
const scratch = new Context();

/** How many calls on the stack have entered a context for themselves alone. */
let synchronous = 0;

/** Says which context code belongs to that runs between turns, in the reactions of promises; null: in none of its own. */
let between: (() => Context | null) | null = null;

/** @internal Async functions run between turns. The floor of tasks knows them, and says so once there is one. */
export function setContextBetweenTurns(find: () => Context | null): void {
  between = find;
}

/** @internal */
export function currentContext(): Context {
  if (between === null || synchronous > 0) return current;
  return between() ?? current;
}

/** @internal As copying the current context, without making one. */
export function captureContext(): CapturedContext {
  const here = between === null ? current : currentContext();
  const values = here._values;
  if (values !== null) here._shared = true;
  return values;
}

/** @internal Calls `fn` with what was captured as the current context; gives back what to enter the next time. */
export function runCaptured(captured: CapturedContext, fn: () => void): CapturedContext {
  const [previous, values] = [current, scratch._values];
  synchronous++;
  try {
    enterContext(captured);
    fn();
    return leaveContext(captured);
  } finally {
    synchronous--;
    current = previous;
    scratch._values = values;
  }
}

/** @internal Makes what was captured current, for whatever runs next. The loop calls this per handle. */
export function enterContext(captured: CapturedContext): void {
  // Nearly always null (no variable was ever set where this comes from), and often nothing has changed since.
  if (captured === null && current === scratch && scratch._values === null) return;
  if (captured !== null && captured instanceof Context) {
    current = captured;
    return;
  }
  scratch._values = captured;
  scratch._shared = true;
  current = scratch;
}

/** @internal What a task must enter at its next step so that variables it has set now are still set. */
export function leaveContext(captured: CapturedContext): CapturedContext {
  return current === scratch ? captured : current;
}

/** @internal The current context, as one that can be written to: whoever had captured only values gets a context now. */
export function ownContext(): Context {
  const here = currentContext();
  if (here !== current) return here;
  if (current === scratch) current = materialize(scratch._values);
  return current;
}

/** @internal The context that was captured, as an object of its own. */
export function materialize(captured: CapturedContext): Context {
  if (captured instanceof Context) return captured;
  const context = new Context();
  context._values = captured;
  context._shared = true;
  return context;
}

/** @internal Makes a context current, for good. */
export function restoreContext(context: Context): void {
  current = context;
}

/** A copy of the current context. */
export function copyContext(): Context {
  return currentContext().copy();
}
