// The ready queue: a ring of entries that run in the order they were put in, exactly as many a pass as stood there when it began.
//
//   head ──> [ a ][ b ][ c ] <── tail      power-of-two capacity; indices run on and are masked
import type { ReadySink, Runnable } from "../types/runnable.ts";

const FIRST_CAPACITY = 64;

export class ReadyQueue implements ReadySink {
  #ring: (Runnable | undefined)[] = new Array<Runnable | undefined>(FIRST_CAPACITY).fill(undefined);
  #mask = FIRST_CAPACITY - 1;
  #head = 0;
  #tail = 0;

  get length(): number {
    return (this.#tail - this.#head) | 0;
  }

  push(entry: Runnable): void {
    if (((this.#tail - this.#head) | 0) > this.#mask) this.#grow();
    const tail = this.#tail;
    this.#ring[tail & this.#mask] = entry;
    // Kept a 32-bit integer: it may wrap, the masked index and the difference stay right.
    this.#tail = (tail + 1) | 0;
  }

  /** Takes the oldest entry. The queue must not be empty. */
  shift(): Runnable {
    const head = this.#head;
    const at = head & this.#mask;
    const entry = this.#ring[at]!;
    // An entry must not be kept alive by the ring once it has run.
    this.#ring[at] = undefined;
    this.#head = (head + 1) | 0;
    return entry;
  }

  /** The entry `index` places behind the oldest; for tests. */
  peek(index: number): Runnable {
    return this.#ring[(this.#head + index) & this.#mask]!;
  }

  /** Puts another entry in that place. */
  replace(index: number, entry: Runnable): void {
    this.#ring[(this.#head + index) & this.#mask] = entry;
  }

  /** Forgets everything without running it. */
  clear(): void {
    this.#ring = new Array<Runnable | undefined>(FIRST_CAPACITY).fill(undefined);
    this.#mask = FIRST_CAPACITY - 1;
    this.#head = this.#tail = 0;
  }

  #grow(): void {
    const length = this.length;
    const capacity = this.#ring.length * 2;
    const grown = new Array<Runnable | undefined>(capacity).fill(undefined);
    for (let i = 0; i < length; i++) grown[i] = this.#ring[(this.#head + i) & this.#mask];
    this.#ring = grown;
    this.#mask = capacity - 1;
    this.#head = 0;
    this.#tail = length;
  }
}
