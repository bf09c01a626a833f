// The items of a first-in, first-out queue: a ring that grows, so that neither end costs more when there are many.
//
//   head ──> [ a ][ b ][ c ] <── tail      power-of-two capacity; indices run on and are masked

const FIRST_CAPACITY = 16;

/** A ring larger than this many slots gives its memory back when it becomes empty. */
const KEPT_CAPACITY = 1024;

function emptySlots<T>(count: number): (T | undefined)[] {
  return new Array<T | undefined>(count).fill(undefined);
}

export class ItemRing<T> {
  #slots = emptySlots<T>(FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  // Both kept 32-bit integers: they may wrap, the masked index and the difference stay right.
  #head = 0;
  #tail = 0;

  get length(): number {
    return (this.#tail - this.#head) | 0;
  }

  push(item: T): void {
    if (((this.#tail - this.#head) | 0) > this.#mask) this.#grow();
    const tail = this.#tail;
    this.#slots[tail & this.#mask] = item;
    this.#tail = (tail + 1) | 0;
  }

  /** Takes the oldest item. The ring must not be empty. */
  shift(): T {
    const head = this.#head;
    const at = head & this.#mask;
    const item = this.#slots[at] as T;
    // The ring must not keep alive what was taken out of it.
    this.#slots[at] = undefined;
    this.#head = (head + 1) | 0;
    if (this.#head === this.#tail && this.#mask >= KEPT_CAPACITY) this.#shrink();
    return item;
  }

  /** The items, oldest first. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    const length = this.length;
    for (let i = 0; i < length; i++) yield this.#slots[(this.#head + i) & this.#mask] as T;
  }

  #grow(): void {
    const length = this.length;
    const grown = emptySlots<T>(this.#slots.length * 2);
    for (let i = 0; i < length; i++) grown[i] = this.#slots[(this.#head + i) & this.#mask];
    this.#slots = grown;
    this.#mask = grown.length - 1;
    this.#head = 0;
    this.#tail = length;
  }

  /** Growing anew costs a constant for each item that comes back, so filling and emptying in turns stays linear. */
  #shrink(): void {
    this.#slots = emptySlots<T>(FIRST_CAPACITY);
    this.#mask = FIRST_CAPACITY - 1;
    this.#head = this.#tail = 0;
  }
}
