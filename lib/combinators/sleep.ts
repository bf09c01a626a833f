// sleep(): gives way for a while, or for one pass.
import { checkSeconds } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { FINISHED, Future, PENDING } from "../futures/future.ts";
import { awaitedAlready, RESUMED, suspendOnce } from "../futures/suspension.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { TimerEntry } from "../types/backend.ts";

/** The future of a sleeper is the timer entry as well: one object instead of three. */
class SleepFuture<T> extends Future<T> implements TimerEntry {
  readonly _when: number;
  _slot = -1;
  readonly #result: T;

  constructor(loop: LoopCore, when: number, result: T) {
    super(undefined, loop);
    this._when = when;
    this.#result = result;
  }

  run(): void {
    if (this._state === PENDING) this._settle(FINISHED, this.#result);
  }

  override cancel(message?: string): boolean {
    if (this._slot >= 0) this._loop._timers.remove(this);
    return super.cancel(message);
  }
}

/** sleep(0) without a result needs no state at all, so all of them are one object, which may be awaited any number of times. */
class GiveWay extends LibraryCoroutine<undefined> {
  override next(value?: unknown): IteratorResult<Suspension, undefined> {
    return value === RESUMED ? DONE : suspendOnce();
  }
}

const DONE: IteratorResult<Suspension, undefined> = Object.freeze({ done: true, value: undefined });
const giveWay = new GiveWay();

class GiveWayWithResult<T> extends LibraryCoroutine<T> {
  readonly #result: T;
  #awaited = false;

  constructor(result: T) {
    super();
    this.#result = result;
  }

  override next(value?: unknown): IteratorResult<Suspension, T> {
    if (value === RESUMED) return { done: true, value: this.#result };
    if (this.#awaited) throw new RuntimeError(REUSED);
    this.#awaited = true;
    return suspendOnce();
  }
}

const REUSED = "cannot reuse already awaited coroutine: call sleep() for each await";

class Sleep<T> extends LibraryCoroutine<T> {
  readonly #delay: number;
  readonly #result: T;
  #future: SleepFuture<T> | null = null;

  constructor(delay: number, result: T) {
    super();
    this.#delay = delay;
    this.#result = result;
  }

  override next(value?: unknown): IteratorResult<Suspension, T> {
    if (this.#future !== null) {
      if (value !== RESUMED) return awaitedAlready(REUSED);
    } else {
      const loop = requireRunningLoop();
      this.#future = new SleepFuture(loop, loop.time() + this.#delay, this.#result);
      loop._addTimer(this.#future);
    }
    return this.#future.next();
  }

  override throw(error: unknown): never {
    this.#future?.cancel();
    throw error;
  }

  /** @internal The coroutine that sleeps is closed. */
  return(value: T): IteratorResult<Suspension, T> {
    this.#future?.cancel();
    return { done: true, value };
  }
}

/**
 * Waits for `delay` seconds and gives `result`. At 0 or less it gives way for exactly one pass and makes no timer.
 *
 * @example
 * yield* sleep(0.1);
 */
export function sleep(delay: number): LibraryCoroutine<void>;
export function sleep<T>(delay: number, result: T): LibraryCoroutine<T>;
export function sleep(delay: number, result?: unknown): LibraryCoroutine<unknown> {
  checkSeconds(delay, "delay");
  if (delay > 0) return new Sleep(delay, result);
  return result === undefined ? giveWay : new GiveWayWithResult(result);
}
