// Random choices from a seed: the same seed gives the same program on every machine.

export class Random {
  #state;

  /** @param {number} seed an integer */
  constructor(seed) {
    this.#state = seed >>> 0;
    // Seeds that follow each other begin alike without this.
    for (let i = 0; i < 3; i++) this.fraction();
  }

  /** The mulberry32 generator: a number from 0 to just under 1. */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} limit */
  below(limit) {
    return Math.floor(this.fraction() * limit);
  }

  /**
   * @param {number} low
   * @param {number} high included
   */
  between(low, high) {
    return low + this.below(high - low + 1);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.fraction() < probability;
  }

  /**
   * @template T
   * @param {readonly T[]} items
   * @returns {T}
   */
  pick(items) {
    return items[this.below(items.length)];
  }

  /**
   * @template T
   * @param {readonly (readonly [weight: number, item: T])[]} weighted
   * @returns {T}
   */
  weighted(weighted) {
    let at = this.fraction() * weighted.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of weighted) {
      at -= weight;
      if (at < 0) return item;
    }
    return weighted[weighted.length - 1][1];
  }
}
