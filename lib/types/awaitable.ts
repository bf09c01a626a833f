// The types of what can be awaited: coroutines, futures, and what `yield*` and `await` accept.

declare const suspension: unique symbol;

/** What a coroutine yields to its task. Opaque: only the library makes these. */
export interface Suspension {
  readonly [suspension]: never;
}

/** A coroutine: what `function* f(): Coroutine<T>` returns. Nothing runs until it is awaited or made a task. */
export type Coroutine<T> = Generator<Suspension, T, unknown>;

/** Anything that `yield*` can wait for inside a coroutine. */
export interface Yieldable<T> {
  [Symbol.iterator](): Iterator<Suspension, T, unknown>;
}

/** What the library itself returns to be awaited: `yield*` it in a coroutine, `await` it in an async function. */
export interface Awaitable<T> extends Yieldable<T>, PromiseLike<T> {}

/** What `run`, `createTask`, `gather` and the like accept. */
export type AwaitableLike<T> = Yieldable<T> | PromiseLike<T>;

/** A function of no arguments that makes an awaitable: a generator function or an async function. */
export type CoroutineFunction<T> = () => AwaitableLike<T>;

/** Where a coroutine is meant: an awaitable, or a function that makes one. */
export type CoroutineLike<T> = AwaitableLike<T> | CoroutineFunction<T>;

/** The result type of an awaitable or coroutine function. */
export type AwaitedResult<A> =
  A extends Yieldable<infer T>
    ? T
    : A extends PromiseLike<infer T>
      ? T
      : A extends () => infer R
        ? AwaitedResult<R>
        : never;
