// Coroutine objects: what a function made by coroutine() returns; and which things count as coroutines.
//
// A plain `function*` is a coroutine too, but V8 walks every level of `yield*` at each resume. A coroutine object is run
// inline by whoever awaits it first (a call that does not suspend costs little more than a plain generator's) and hands
// itself to the task when it suspends: the task then resumes the innermost generator directly, at any depth.
//
//   CREATED ──next()──> (runs inline) ──returns──────────────────────────────> CLOSED
//                            └──suspends──> SUSPENDED ──task takes it──> DRIVEN ──ends──> FINISHED ──collected──> CLOSED
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { coroutineOrigins, noteAwaited } from "../loop/origins.ts";
import { awaitedAlready, SUSPENDED, suspended } from "../futures/suspension.ts";
import type { Coroutine, Suspension } from "../types/awaitable.ts";
import { LibraryCoroutine } from "./library-coroutine.ts";

const CREATED = 0;
const SUSPENDED_INLINE = 1;
const DRIVEN = 2;
const FINISHED = 3;
const CLOSED = 4;

/** Marks functions made by coroutine(). */
const COROUTINE_FUNCTION = Symbol.for("asyncio-uv.coroutine-function");

const GeneratorFunction = Object.getPrototypeOf(function* () {
  /* only its prototype is of interest */
}) as object;
const GeneratorPrototype = (GeneratorFunction as { prototype: object }).prototype;

/** A call of a coroutine function: await it with `yield*` or `await`, or give it to createTask(). Once. */
export class CoroutineObject<T> extends LibraryCoroutine<T> {
  /** @internal */
  readonly _generator: Generator<Suspension, T, unknown>;
  /** @internal The name of the function that made it. */
  readonly _name: string;
  #state = CREATED;
  #last: IteratorReturnResult<T> | null = null;

  /** @internal */
  constructor(generator: Generator<Suspension, T, unknown>, name: string) {
    super(name);
    this._generator = generator;
    this._name = name;
  }

  /** @internal */
  override next(value?: unknown): IteratorResult<Suspension, T> {
    switch (this.#state) {
      case CREATED:
        break;
      case FINISHED: {
        this.#state = CLOSED;
        const last = this.#last!;
        this.#last = null;
        return last;
      }
      case SUSPENDED_INLINE:
        // Somebody iterates by hand; the task that would have taken it over was not there.
        break;
      case DRIVEN:
        return awaitedAlready();
      default:
        throw new RuntimeError("cannot reuse already awaited coroutine");
    }
    let result: IteratorResult<Suspension, T>;
    try {
      result = this._generator.next(value);
    } catch (error) {
      this.#state = CLOSED;
      throw error;
    }
    if (result.done === true) {
      this.#state = CLOSED;
      return result;
    }
    this.#state = SUSPENDED_INLINE;
    if (result !== SUSPENDED && result.value !== SUSPENDED.value) noteStray(result.value);
    suspended.frames.push(this);
    return SUSPENDED;
  }

  /** @internal */
  override throw(error: unknown): IteratorResult<Suspension, T> {
    if (this.#state === SUSPENDED_INLINE) return this._generator.throw(error);
    this.#state = CLOSED;
    throw error;
  }

  /** Ends it without running it further: its `finally` blocks run, and must not wait. */
  close(): void {
    noteAwaited(this);
    if (this.#state === CLOSED) return;
    this.#state = CLOSED;
    this._generator.return(undefined as T);
  }

  /** @internal */
  return(value: T): IteratorResult<Suspension, T> {
    this.#state = CLOSED;
    return this._generator.return(value);
  }

  /** @internal The task drives the generator from now on. */
  _adopt(): void {
    if (this.#state === DRIVEN) throw new RuntimeError("coroutine is being awaited already");
    if (this.#state >= FINISHED) throw new RuntimeError("cannot reuse already awaited coroutine");
    this.#state = DRIVEN;
    if (coroutineOrigins.tracked) noteAwaited(this);
  }

  /** @internal The generator has returned; whoever awaits this object gets the result from next(). */
  _finish(last: IteratorReturnResult<T>): void {
    this.#last = last;
    this.#state = FINISHED;
  }

  /** @internal The task it was the coroutine of has ended, or the generator has thrown; an awaiter gets that from throw(). */
  _fail(): void {
    this.#state = CLOSED;
  }
}

/** A bare `yield` gives way for one pass, as in Python; anything else that was yielded is a mistake for the task to report. */
function noteStray(value: unknown): void {
  suspended.frames.length = 0;
  suspended.awaiting = null;
  suspended.stray = value === undefined ? null : { value };
}

type CoroutineObjectFunction<This, A extends unknown[], T> = (this: This, ...args: A) => CoroutineObject<T>;

/** As a method decorator; TypeScript keeps the method's own type, which can be `yield*`-ed only. */
export function coroutine<This, A extends unknown[], T>(
  fn: (this: This, ...args: A) => Coroutine<T>,
  context: ClassMethodDecoratorContext<This, (this: This, ...args: A) => Coroutine<T>>,
): (this: This, ...args: A) => Coroutine<T>;
/**
 * Wraps a generator function, so that what it returns can be both `yield*`-ed and `await`-ed, and resumes at the same cost at
 * any depth. Works as a method decorator too. As in Python, calling it runs nothing.
 *
 * @example
 * const fetchAll = coroutine(function* (n: number) {
 *   yield* sleep(0.01);
 *   return n;
 * });
 */
export function coroutine<This, A extends unknown[], T>(
  fn: (this: This, ...args: A) => Generator<Suspension, T, unknown>,
): CoroutineObjectFunction<This, A, T>;
export function coroutine(fn: (...args: unknown[]) => Coroutine<unknown>): unknown {
  if (!isGeneratorFunction(fn)) {
    throw new TypeError(
      `coroutine() takes a generator function, as in coroutine(function* () { ... }), got ${describe(fn)}`,
    );
  }
  const name = fn.name;
  const made = function (this: unknown, ...args: unknown[]): CoroutineObject<unknown> {
    return new CoroutineObject(fn.apply(this, args), name);
  };
  Object.defineProperty(made, "name", { value: name, configurable: true });
  Object.defineProperty(made, COROUTINE_FUNCTION, { value: true });
  return made;
}

/** @internal */
export function isGeneratorFunction(value: unknown): boolean {
  return typeof value === "function" && GeneratorFunction.isPrototypeOf(value);
}

/** @internal Whether coroutine() made it. */
export function isCoroutineObjectFunction(value: unknown): boolean {
  return typeof value === "function" && COROUTINE_FUNCTION in value;
}

function isAsyncFunction(value: unknown): boolean {
  return typeof value === "function" && Object.prototype.toString.call(value) === "[object AsyncFunction]";
}

export function isGenerator(value: unknown): value is Coroutine<unknown> {
  return value !== null && typeof value === "object" && GeneratorPrototype.isPrototypeOf(value);
}

/** Whether `value` is a coroutine: what a generator function or one made by coroutine() returned, or a call of the library's. */
export function iscoroutine(value: unknown): boolean {
  return value instanceof LibraryCoroutine || isGenerator(value);
}

/** Whether calling `value` makes a coroutine: a generator function, one made by coroutine(), or an async function. */
export function iscoroutinefunction(value: unknown): boolean {
  return isGeneratorFunction(value) || isAsyncFunction(value) || isCoroutineObjectFunction(value);
}
