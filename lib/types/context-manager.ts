// The type of what asyncWith() enters and leaves.
import type { AwaitableLike } from "./awaitable.ts";

/** An asynchronous context manager, as Python's `__aenter__` and `__aexit__`. */
export interface AsyncContextManager<T> {
  aenter(): AwaitableLike<T>;
  /** `error` is what left the body, or undefined. A truthy result swallows it. */
  aexit(error: unknown): AwaitableLike<unknown>;
}
