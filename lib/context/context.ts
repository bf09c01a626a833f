// Contexts: immutable snapshots of variables, copied in constant time, one of which is current at any moment.
import { RuntimeError } from "../errors/asyncio-errors.ts";

/** What a variable is to a context: only its identity counts. */
export type ContextKey = object;

/**
 * A set of context variables with their values, as Python's `contextvars.Context`.
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
    if (this._entered) throw new RuntimeError("cannot enter context: it is already entered");
    const previous = current;
    this._entered = true;
    current = this;
    try {
      return fn(...args);
    } finally {
      current = previous;
      this._entered = false;
    }
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

/** What is current where nothing else was entered: Python's context of the thread. */
let current = new Context();

/** @internal */
export function currentContext(): Context {
  return current;
}

/** @internal Makes a context current for whatever runs next, and gives back the one before. The loop calls this per handle. */
export function switchContext(context: Context): Context {
  const previous = current;
  current = context;
  return previous;
}

/** A copy of the current context. */
export function copyContext(): Context {
  return current.copy();
}
