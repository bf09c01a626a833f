// The write buffer's marks: when a protocol is told to pause and to resume writing.
import { DEFAULT_HIGH_WATER, HIGH_TO_LOW } from "../constants.ts";
import { checkInteger, checkOptions } from "../errors/argument-checks.ts";

export interface WriteBufferLimits {
  high?: number;
  low?: number;
}

const LIMITS = ["high", "low"];

/** Bytes; asyncio's rule: low = high / 4, or high = 4 * low where only low is given. */
export class WaterMarks {
  high = DEFAULT_HIGH_WATER;
  low = DEFAULT_HIGH_WATER / HIGH_TO_LOW;

  set(limits: WriteBufferLimits = {}): void {
    checkOptions(limits, "setWriteBufferLimits", LIMITS);
    const { high, low } = limits;
    if (high !== undefined) checkInteger(high, "high", 0, Number.MAX_SAFE_INTEGER);
    if (low !== undefined) checkInteger(low, "low", 0, Number.MAX_SAFE_INTEGER);
    const newHigh = high ?? (low === undefined ? DEFAULT_HIGH_WATER : HIGH_TO_LOW * low);
    const newLow = low ?? Math.floor(newHigh / HIGH_TO_LOW);
    if (newLow > newHigh) {
      throw new RangeError(`high (${newHigh}) must be at least low (${newLow})`);
    }
    this.high = newHigh;
    this.low = newLow;
  }
}
