// Wakes a loop whose clock is not the engine's own: the engine can sleep until a real deadline only.
import { MAX_TIMEOUT_SECONDS } from "../constants.ts";
import { checkSeconds } from "../errors/argument-checks.ts";
import type { TimerStore } from "../types/backend.ts";
import type { Clock } from "./clock.ts";

export class ForeignClock implements Clock {
  readonly #clock: Clock;
  readonly #timers: TimerStore;
  readonly #wake: () => void;
  #timeout: NodeJS.Timeout | null = null;

  constructor(clock: Clock, timers: TimerStore, wake: () => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#wake = wake;
    this.time();
  }

  time(): number {
    return (this.#timers.foreignTime = this.#clock.time());
  }

  /** Called at the end of a turn that leaves nothing ready; gives back whether another turn must follow at once. */
  settle(ran: number): boolean {
    this.stop();
    // What ran may have settled promises, and their reactions come before the next turn: they may make something ready.
    if (ran > 0) return true;
    const deadline = this.#timers.nextDeadline;
    const seconds =
      this.#clock.idle === undefined ? deadline - this.time() : this.#clock.idle(deadline, this.#wake);
    // Else the loop would stand still for ever, or spin.
    checkSeconds(seconds, "what the clock's idle() gives");
    if (seconds <= 0) return true;
    if (seconds < Infinity) {
      const milliseconds = Math.ceil(Math.min(seconds, MAX_TIMEOUT_SECONDS) * 1000);
      this.#timeout = setTimeout(this.#wake, milliseconds).unref();
    }
    return false;
  }

  /** Forgets the wake-up that was arranged for. */
  stop(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
  }
}
