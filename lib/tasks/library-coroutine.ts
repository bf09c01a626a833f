// The base of what the library returns to be awaited once: lazy, `yield*`-able in a coroutine, `await`-able in an async function.
import { finallyAwait, type Promisable, thenAwait } from "../futures/async-await.ts";
import { coroutineOrigins, noteAwaited, noteCoroutine } from "../loop/origins.ts";
import type { Awaitable, Suspension } from "../types/awaitable.ts";

type TaskStarter = (coroutine: LibraryCoroutine<unknown>) => Promisable<unknown>;

/** Tasks stand above coroutines, so the floor above says how one is started (task.ts does, when it is loaded). */
let startTask: TaskStarter = () => {
  throw new Error("the task module was not loaded");
};

/** @internal */
export function setTaskStarter(starter: TaskStarter): void {
  startTask = starter;
}

/**
 * A call that does nothing until it is awaited or made a task, as every coroutine in Python. Subclasses are small state
 * machines behind next(), so that an await which need not wait allocates this object and nothing else.
 */
export abstract class LibraryCoroutine<T> implements Awaitable<T> {
  /** `name` is what it is called in debug mode's reports. */
  constructor(name?: string) {
    if (coroutineOrigins.tracked) noteCoroutine(this, name ?? this.constructor.name);
  }

  /**
   * @internal While it waits, a next() that is not RESUMED comes from somebody else: to be answered with awaitedAlready(), or by
   * suspending on the same future again.
   */
  abstract next(value?: unknown): IteratorResult<Suspension, T>;

  /** @internal Subclasses that hold something while they wait give it up here. */
  throw(error: unknown): IteratorResult<Suspension, T> {
    throw error;
  }

  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    if (coroutineOrigins.tracked) noteAwaited(this);
    return this;
  }

  /** Becomes a task of the running loop; rejects with RuntimeError when none runs. */
  toPromise(): Promise<T> {
    try {
      return startTask(this).toPromise() as Promise<T>;
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Promise has it
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return thenAwait(this, onFulfilled, onRejected);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Promise has it: a handler may name the error's type
  catch<B = never>(onRejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B> {
    return thenAwait(this, undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return finallyAwait(this, onFinally);
  }
}
