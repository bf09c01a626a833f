// Small writes of one turn: copied side by side, so that each stream hands its share to Node in one call.

/**
 * Bytes of a slab. It is never used twice: Node may hold on to a part of it for as long as a peer does not read. Small enough
 * that a queued part keeps little memory alive, large enough that making one is spread over many writes.
 */
const SLAB_BYTES = 64 * 1024;

/** A stream that holds corked bytes. */
export interface Corked {
  flush(): void;
}

export class Cork {
  readonly #inTurn: () => boolean;
  #slab = Buffer.alloc(0);
  #used = 0;
  #streams: Corked[] = [];
  #ticking = false;
  readonly #onTick = (): void => {
    this.#ticking = false;
    this.flush();
  };

  /** Within a turn whoever drives it calls flush() at its end; outside of one the cork sees to it. */
  constructor(inTurn: () => boolean) {
    this.#inTurn = inTurn;
  }

  /** Notes that `stream` has begun to hold bytes. */
  add(stream: Corked): void {
    this.#streams.push(stream);
    if (this.#ticking || this.#inTurn()) return;
    // After the microtasks that run now: what async functions write there goes out together as well.
    this.#ticking = true;
    process.nextTick(this.#onTick);
  }

  /**
   * Copies `data` and gives the view of the copy. Where it comes to lie behind `before`, the view spans both and takes the
   * place of `before`; it is then longer than `data`.
   */
  append(before: Buffer | undefined, data: Uint8Array): Buffer {
    if (this.#used + data.length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, data.length));
      this.#used = 0;
    }
    const slab = this.#slab;
    const start = this.#used;
    slab.set(data, start);
    this.#used = start + data.length;
    const follows = before?.buffer === slab.buffer && before.byteOffset + before.length === start;
    return slab.subarray(follows ? before.byteOffset : start, this.#used);
  }

  /** Hands out everything that is corked, in the order in which the streams began. */
  flush(): void {
    if (this.#streams.length === 0) return;
    const streams = this.#streams;
    this.#streams = [];
    for (const stream of streams) stream.flush();
  }
}
