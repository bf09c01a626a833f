// Enters the turn function from Node's immediates and timers, only when there is something to do.
//
//   work or events  ──> one setImmediate: after the poll that brought the events, before the next one
//   a deadline      ──> one setTimeout, rounded up and checked again: Node's clock is cached and may be early
//   neither         ──> nothing is scheduled
//
// What keeps the process alive is an interval that never comes; everything else is unreferenced, sockets included.
import { MAX_TIMEOUT_SECONDS } from "../constants.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";

/** What the driver asks, and whom it tells. */
export interface TurnSource {
  /** Seconds of the loop's clock. */
  now(): number;
  /** Seconds of the same clock; Infinity when there is none. */
  nextDeadline(): number;
  hasEvents(): boolean;
  /** Called after every turn, before the next one is scheduled. */
  afterTurn(): void;
}

interface Run {
  readonly turn: () => boolean;
  readonly keepAlive: NodeJS.Timeout;
}

/** The longest interval that Node takes, in milliseconds. */
const NEVER_MS = 2 ** 31 - 1;

export class TurnDriver {
  /** Times that the turn function was entered. */
  turns = 0;
  readonly #source: TurnSource;
  #run: Run | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #timeout: NodeJS.Timeout | null = null;
  /** The deadline that #timeout stands for, in seconds; it may have been armed for a deadline that is gone. */
  #armedFor = Infinity;
  #inTurn = false;
  #referenced = true;
  readonly #onImmediate = (): void => {
    this.#immediate = null;
    this.#enter();
  };
  readonly #onTimeout = (): void => {
    this.#timeout = null;
    this.#armedFor = Infinity;
    if (this.#immediate !== null || this.#source.nextDeadline() <= this.#source.now()) this.#enter();
    else this.#schedule(false);
  };

  constructor(source: TurnSource) {
    this.#source = source;
  }

  get inTurn(): boolean {
    return this.#inTurn;
  }

  start(turn: () => boolean): void {
    if (this.#run !== null) throw new RuntimeError("the turn driver is already running");
    const keepAlive = setInterval(neverComes, NEVER_MS);
    if (!this.#referenced) keepAlive.unref();
    this.#run = { turn, keepAlive };
    this.wake();
  }

  stop(): void {
    if (this.#run === null) return;
    clearInterval(this.#run.keepAlive);
    this.#run = null;
    this.#cancelImmediate();
    this.#disarm();
  }

  /** There is something to do. Inside the turn that goes without saying: everything is looked at when it ends. */
  wake(): void {
    if (this.#run === null || this.#inTurn) return;
    this.#immediate ??= setImmediate(this.#onImmediate);
  }

  setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    if (referenced) this.#run?.keepAlive.ref();
    else this.#run?.keepAlive.unref();
  }

  #enter(): void {
    const run = this.#run;
    if (run === null) return;
    this.#cancelImmediate();
    this.turns++;
    this.#inTurn = true;
    let workLeft = false;
    try {
      workLeft = run.turn();
    } finally {
      this.#inTurn = false;
      this.#source.afterTurn();
      // Started anew from within: the new run has its first turn like any other.
      this.#schedule(workLeft || this.#run !== run);
    }
  }

  #schedule(workLeft: boolean): void {
    if (this.#run === null) return;
    if (workLeft && !this.#referenced) {
      this.#scheduleUnreferenced();
      return;
    }
    if (workLeft || this.#source.hasEvents()) {
      this.wake();
      return;
    }
    const deadline = this.#source.nextDeadline();
    if (deadline === Infinity) this.#disarm();
    else this.#arm(deadline);
  }

  /**
   * Callbacks that schedule callbacks for ever must not hold the process of an unreferenced loop. But an unreferenced immediate
   * does not keep poll from blocking either, hence the shortest timer beside it.
   */
  #scheduleUnreferenced(): void {
    this.#immediate ??= setImmediate(this.#onImmediate).unref();
    this.#disarm();
    this.#setTimeout(1);
  }

  #arm(deadline: number): void {
    // One that comes earlier is left alone: it finds nothing due and is armed anew, which is cheaper than a change a turn.
    if (deadline >= this.#armedFor) return;
    const seconds = deadline - this.#source.now();
    if (seconds <= 0) {
      this.wake();
      return;
    }
    this.#disarm();
    this.#armedFor = deadline;
    this.#setTimeout(Math.ceil(Math.min(seconds, MAX_TIMEOUT_SECONDS) * 1000));
  }

  #setTimeout(milliseconds: number): void {
    this.#timeout = setTimeout(this.#onTimeout, milliseconds).unref();
  }

  #disarm(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
    this.#armedFor = Infinity;
  }

  #cancelImmediate(): void {
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
  }
}

function neverComes(): void {
  // its only purpose is to be there
}
