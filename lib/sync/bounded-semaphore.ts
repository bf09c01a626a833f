// BoundedSemaphore: a semaphore that notices when more is released than was acquired.
import { checkBound } from "../errors/argument-checks.ts";
import { Semaphore } from "./semaphore.ts";

/** A `Semaphore` whose `release()` refuses to go above the value it began with. */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number;

  /** `value`: the units at the beginning and at most, a whole number or Infinity. RangeError when it is negative. */
  constructor(value = 1) {
    super(value);
    this.#bound = value;
  }

  /** Adds a unit, which the first task in line gets. RangeError (ValueError in Python) when all units are there already. */
  override release(): void {
    checkBound(this, "semaphore.release()");
    if (this._value >= this.#bound) {
      throw new RangeError(
        "BoundedSemaphore released too many times: release() it once for each acquire() that has gone through",
      );
    }
    super.release();
  }
}
