// VirtualClock: a loop's time that passes only when nothing else is left to do.
import { checkFlag, checkOptions, checkSeconds } from "../errors/argument-checks.ts";
import type { Clock } from "../loop/clock.ts";

export interface VirtualClockOptions {
  /** The first time() in seconds; 0 when not given. */
  start?: number;
  /** Whether time jumps to the next deadline when nothing is ready (the default), or moves by `advance()` alone. */
  autojump?: boolean;
}

const OPTIONS = ["start", "autojump"];

/** Time that has reached infinity cannot pass any more. */
function checkFinite(seconds: number, name: string): void {
  checkSeconds(seconds, name);
  if (!Number.isFinite(seconds))
    throw new RangeError(`${name} must be a finite number of seconds, got ${seconds}`);
}

/**
 * A clock for tests: an hour's sleep takes no time, and every run has the same times.
 *
 * When no callback is ready, time jumps to the deadline of the first timer. Promises that can settle without I/O are waited
 * for first; files, sockets and Node's own timers live in real time and are not: they lose every race against a timeout.
 *
 * @example
 * const loop = newEventLoop({ clock: new VirtualClock() });
 * await loop.runUntilComplete(sleep(3600));
 * loop.time(); // 3600
 */
export class VirtualClock implements Clock {
  readonly #autojump: boolean;
  #now: number;
  #wakes = new Set<() => void>();

  constructor(options: VirtualClockOptions = {}) {
    checkOptions(options, "VirtualClock", OPTIONS);
    const { start = 0, autojump = true } = options;
    checkFinite(start, "start");
    checkFlag(autojump, "autojump");
    this.#now = start;
    this.#autojump = autojump;
  }

  /** Seconds. */
  time(): number {
    return this.#now;
  }

  /** Moves the time forward by `seconds`. Timers that become due run in the next turn, in the order of their deadlines. */
  advance(seconds: number): void {
    checkFinite(seconds, "seconds");
    if (seconds < 0) throw new RangeError(`time never goes back: advance() got ${seconds} seconds`);
    this.#now += seconds;
    const wakes = this.#wakes;
    this.#wakes = new Set();
    for (const wake of wakes) wake();
  }

  /** @internal */
  idle(deadline: number, wake: () => void): number {
    if (this.#autojump && deadline < Infinity) {
      if (deadline > this.#now) this.#now = deadline;
      return 0;
    }
    this.#wakes.add(wake);
    return Infinity;
  }
}
