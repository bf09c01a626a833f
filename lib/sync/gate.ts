// Passage: the call that goes through a gate (a lock, a semaphore, an event) at once, or waits in line for it.
//
//   CREATED ──open──────────────────────────────────────> OVER
//      └─────closed──> IN LINE ──woken, or cancelled──> OVER
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { FINISHED } from "../futures/future.ts";
import { awaitedAlready, RESUMED, suspendOn } from "../futures/suspension.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { Waiter } from "./waiter-queue.ts";

/** What tasks go through one by one or all together. */
export interface Gate {
  /** Goes through if that is possible without waiting. */
  _passAtOnce(): boolean;
  /** Gets in line. */
  _enterLine(): Waiter;
  /** Leaves the line: through the gate, or giving up. Who gives up may have been woken before. */
  _leaveLine(waiter: Waiter, passed: boolean): void;
}

/** One object for all who go through: the result is the same for each, and nobody can change it. */
const PASSED: IteratorReturnResult<true> = Object.freeze({ done: true, value: true });

export class Passage extends LibraryCoroutine<true> {
  /** Null when it is over. */
  #gate: Gate | null;
  #waiter: Waiter | null = null;

  constructor(gate: Gate) {
    super();
    this.#gate = gate;
  }

  /** @internal */
  override next(value?: unknown): IteratorResult<Suspension, true> {
    const gate = this.#gate;
    if (gate === null) throw new RuntimeError("cannot reuse already awaited coroutine");
    const waiter = this.#waiter;
    if (waiter === null) {
      if (!gate._passAtOnce()) return suspendOn((this.#waiter = gate._enterLine()));
      this.#gate = null;
      return PASSED;
    }
    if (value !== RESUMED) return awaitedAlready();
    this.#gate = null;
    const passed = waiter._state === FINISHED;
    gate._leaveLine(waiter, passed);
    if (!passed) throw waiter._makeCancelledError();
    return PASSED;
  }

  /** @internal */
  override throw(error: unknown): never {
    this.#giveUp();
    throw error;
  }

  /** @internal The coroutine that waits here is closed. */
  return(value: true): IteratorResult<Suspension, true> {
    this.#giveUp();
    return { done: true, value };
  }

  #giveUp(): void {
    if (this.#waiter !== null) this.#gate?._leaveLine(this.#waiter, false);
    this.#gate = null;
  }
}
