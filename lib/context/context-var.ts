// Context variables, as Python's contextvars.ContextVar.
import { checkBound, checkOptions, checkString } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { type Context, currentContext, ownContext, VARIABLE } from "./context.ts";

const NO_DEFAULT: unique symbol = Symbol("no default");

const MISSING: unique symbol = Symbol("Token.MISSING");

/** Undoes one `ContextVar.set()`: by `variable.reset(token)`, or at the end of its block with `using token = variable.set(x)`. */
export class Token<T> {
  /** What `oldValue` is when the variable had no value. */
  static readonly MISSING: typeof MISSING = MISSING;
  readonly var: ContextVar<T>;
  /** @internal */
  readonly _old: { value: T } | null;
  /** @internal The one context it can be used in. */
  readonly _context: Context;
  /** @internal */
  _used = false;

  /** @internal */
  constructor(variable: ContextVar<T>, old: { value: T } | null, context: Context) {
    if (!(variable instanceof ContextVar)) throw new RuntimeError("tokens are made by ContextVar.set() only");
    this.var = variable;
    this._old = old;
    this._context = context;
  }

  /** The value that was replaced, or Token.MISSING. */
  get oldValue(): T | typeof MISSING {
    return this._old === null ? MISSING : this._old.value;
  }

  [Symbol.dispose](): void {
    this.var.reset(this);
  }
}

const OPTIONS = ["default"];

/** A variable whose value belongs to the current context: each task, callback and connection sees its own. */
export class ContextVar<T> {
  readonly name: string;
  readonly #default: T | typeof NO_DEFAULT;

  constructor(name: string, options: { default?: T } = {}) {
    checkString(name, "the name of a ContextVar");
    checkOptions(options, "ContextVar", OPTIONS);
    this.name = name;
    this.#default = "default" in options ? (options.default as T) : NO_DEFAULT;
  }

  /** The value in the current context, else `fallback`, else the variable's default. RangeError (Python's LookupError) when there is none. */
  get(...fallback: [fallback?: T]): T {
    checkBound(this, "variable.get()");
    const values = currentContext()._values;
    if (values !== null && values.has(this)) return values.get(this) as T;
    if (fallback.length > 0) return fallback[0] as T;
    if (this.#default !== NO_DEFAULT) return this.#default;
    throw new RangeError(`context variable '${this.name}' has no value here and no default`);
  }

  /** Sets the value in the current context; the token undoes it. */
  set(value: T): Token<T> {
    checkBound(this, "variable.set(value)");
    const context = ownContext();
    const values = context._write();
    const old = values.has(this) ? { value: values.get(this) as T } : null;
    values.set(this, value);
    return new Token(this, old, context);
  }

  /** Puts back what `set()` replaced. Each token works once. */
  reset(token: Token<T>): void {
    if (!(token instanceof Token)) {
      throw new TypeError(`reset() takes the token that set() gave, got ${describe(token)}`);
    }
    if (token._used) throw new RuntimeError("this token has already been used once");
    if (token.var !== (this as unknown))
      throw new RangeError("this token was made by a different ContextVar");
    const context = ownContext();
    if (token._context !== context) throw new RangeError("this token was made in a different context");
    token._used = true;
    const values = context._write();
    if (token._old === null) {
      values.delete(this);
    } else {
      values.set(this, token._old.value);
    }
  }
}

Object.defineProperty(ContextVar.prototype, VARIABLE, { value: true });
