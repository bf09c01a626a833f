// Barrier: a point that tasks pass only together, a fixed number at a time.
//
//   FILLING ──the last one arrives──> DRAINING ──all have left──> FILLING        A barrier that drains or resets lets
//      │ ─────reset(), with some in it──> RESETTING ──all have left──> FILLING     nobody in: newcomers wait outside.
//      └──abort(), from any state──> BROKEN ──reset()──> RESETTING or FILLING
import { checkInteger } from "../errors/argument-checks.ts";
import { BrokenBarrierError } from "../errors/asyncio-errors.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { Coroutine } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";
import { Condition } from "./condition.ts";

type State = "filling" | "draining" | "resetting" | "broken";

/**
 * Holds tasks back until `parties` of them wait, then lets them go on together. It can be used again and again.
 *
 * It belongs to the first loop in which a task has to wait for it; waiting in another one is a RuntimeError.
 *
 * @example
 * yield* asyncWith(barrier, function* (index) {
 *   if (index === 0) console.log("everybody is here");
 * });
 */
export class Barrier implements AsyncContextManager<number> {
  readonly #parties: number;
  /** Notified at each change of the state. */
  readonly #changed = new Condition();
  #state: State = "filling";
  /** How many are in it: waiting, or on the way out. */
  #count = 0;

  /** `parties`: how many tasks pass together, 1 or more. */
  constructor(parties: number) {
    checkInteger(parties, "parties", 1, Number.MAX_SAFE_INTEGER);
    this.#parties = parties;
  }

  /** How many tasks pass together. */
  get parties(): number {
    return this.#parties;
  }

  /** How many tasks wait for the others. */
  get nWaiting(): number {
    return this.#state === "filling" ? this.#count : 0;
  }

  /** Whether it was aborted, and not reset since. */
  get broken(): boolean {
    return this.#state === "broken";
  }

  /**
   * Waits until `parties` tasks are here. Gives each a number of its own from 0 to `parties - 1`. BrokenBarrierError when the barrier
   * is aborted, or is reset while it waits. A task that is cancelled while it waits leaves the barrier, which goes on filling.
   */
  wait(): CoroutineObject<number> {
    return new CoroutineObject(this.#wait(), "wait");
  }

  *#wait(): Coroutine<number> {
    yield* this.#changed.acquire();
    try {
      yield* this.#getIn();
      try {
        const index = this.#count++;
        if (index + 1 === this.#parties) this.#changeTo("draining");
        else yield* this.#waitForOthers();
        return index;
      } finally {
        this.#count--;
        this.#noteExit();
      }
    } finally {
      this.#changed.release();
    }
  }

  *#getIn(): Coroutine<void> {
    yield* this.#changed.waitFor(() => this.#state !== "draining" && this.#state !== "resetting");
    if (this.#state === "broken") throw new BrokenBarrierError("Barrier aborted");
  }

  *#waitForOthers(): Coroutine<void> {
    yield* this.#changed.waitFor(() => this.#state !== "filling");
    if (this.#state !== "draining") throw new BrokenBarrierError("Abort or reset of barrier");
  }

  #noteExit(): void {
    if (this.#count > 0) return;
    this.#changeTo(this.broken ? "broken" : "filling");
  }

  #changeTo(state: State): void {
    this.#state = state;
    this.#changed.notifyAll();
  }

  /** Makes the barrier as new: the tasks in it get BrokenBarrierError, and it fills again once they have left. */
  reset(): CoroutineObject<void> {
    return new CoroutineObject(this.#reset(), "reset");
  }

  *#reset(): Coroutine<void> {
    yield* this.#changed.acquire();
    this.#changeTo(this.#count > 0 ? "resetting" : "filling");
    this.#changed.release();
  }

  /** Breaks the barrier: the tasks in it, and all that come until `reset()`, get BrokenBarrierError. */
  abort(): CoroutineObject<void> {
    return new CoroutineObject(this.#abort(), "abort");
  }

  *#abort(): Coroutine<void> {
    yield* this.#changed.acquire();
    this.#changeTo("broken");
    this.#changed.release();
  }

  /** For `asyncWith()`: waits, and gives the number. */
  aenter(): CoroutineObject<number> {
    return this.wait();
  }

  /** For `asyncWith()`: does nothing. */
  aexit(_error: unknown): CoroutineObject<void> {
    return new CoroutineObject(this.#leave(), "aexit");
  }

  *#leave(): Coroutine<void> {
    // A block at a barrier is entered together; everyone leaves it alone.
  }

  /** `<Barrier [filling, waiters:2/5]>`, by its state; `<Barrier [broken]>`. */
  toString(): string {
    const waiters = this.broken ? "" : `, waiters:${this.nWaiting}/${this.#parties}`;
    return `<${this.constructor.name} [${this.#state}${waiters}]>`;
  }
}
