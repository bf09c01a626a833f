// Deadline: the time limit of a combinator, as an entry of the loop's timers.
import type { LoopCore } from "../loop/loop-core.ts";
import type { TimerEntry } from "../types/backend.ts";

/** @internal Calls back once its time is up, unless it is removed before. */
export class Deadline implements TimerEntry {
  readonly _when: number;
  _slot = -1;
  readonly #loop: LoopCore;
  readonly #expire: () => void;

  /** `seconds` from now. */
  constructor(loop: LoopCore, seconds: number, expire: () => void) {
    this.#loop = loop;
    this._when = loop.time() + seconds;
    this.#expire = expire;
    loop._addTimer(this);
  }

  run(): void {
    this.#expire();
  }

  /** Without effect when it is due already: then it may still call back in this pass. */
  remove(): void {
    if (this._slot >= 0) this.#loop._timers.remove(this);
  }
}
