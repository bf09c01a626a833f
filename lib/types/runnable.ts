// What the ready queue holds: anything that can be run once, and that reports its own errors.

/**
 * An entry of the ready queue. Handles, tasks, done-callbacks and batches of I/O events all have this one method, so a
 * wake-up costs no closure: a future's waiter *is* the queue entry.
 */
export interface Runnable {
  run(): void;
  /**
   * Asked when the entry waits for a future that ends without a result: what to run instead of itself. So an entry that waits
   * for many futures need not be told which of them succeeded.
   */
  insteadOnFailure?(future: unknown): Runnable;
  /**
   * The task on whose behalf the entry waits, or the future that somebody awaits for it; what the call graph shows as "awaited
   * by". An entry that is a future itself needs none.
   */
  readonly awaiter?: object | null;
}

/** Where a backend puts what has become ready. */
export interface ReadySink {
  push(entry: Runnable): void;
}
