// A list that grows and shrinks at both ends in constant time and finds any index at once: a ring in an array.

const SMALLEST = 8;

/** @template T */
export class Deque {
  /** @type {(T | undefined)[]} its length is a power of two, so that a mask wraps an index */
  #slots = new Array(SMALLEST).fill(undefined);
  #head = 0;
  #length = 0;

  get length() {
    return this.#length;
  }

  /** @param {T} item */
  pushLeft(item) {
    if (this.#length === this.#slots.length) this.#resize(this.#length * 2);
    this.#head = (this.#head - 1) & (this.#slots.length - 1);
    this.#slots[this.#head] = item;
    this.#length++;
  }

  /** @param {T} item */
  pushRight(item) {
    if (this.#length === this.#slots.length) this.#resize(this.#length * 2);
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = item;
    this.#length++;
  }

  /** @returns {T | undefined} */
  popLeft() {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    this.#shrink();
    return item;
  }

  /** @returns {T | undefined} */
  popRight() {
    if (this.#length === 0) return undefined;
    const last = (this.#head + this.#length - 1) & (this.#slots.length - 1);
    const item = this.#slots[last];
    this.#slots[last] = undefined;
    this.#length--;
    this.#shrink();
    return item;
  }

  /**
   * @param {number} index from 0 to length - 1
   * @returns {T}
   */
  at(index) {
    return /** @type {T} */ (this.#slots[(this.#head + index) & (this.#slots.length - 1)]);
  }

  #shrink() {
    const size = this.#slots.length;
    if (size > SMALLEST && this.#length < size >> 2) this.#resize(size >> 1);
  }

  /** @param {number} size */
  #resize(size) {
    const slots = new Array(size).fill(undefined);
    for (let i = 0; i < this.#length; i++) slots[i] = this.at(i);
    this.#slots = slots;
    this.#head = 0;
  }
}
