// A queue of received chunks that is taken from at the front: what fits one chunk is cut, only what spans several is copied.

const EMPTY = Buffer.alloc(0);

/** Chunks already used up are dropped from the array when there are this many of them. */
const COMPACT_AFTER = 64;

/**
 * A chunk smaller than this that has to wait behind others is copied: it is a view of a large slab, and a peer that sends a
 * byte at a time would hold a slab with every byte.
 */
const COPY_WAITING_BELOW = 1024;
/** Waiting small chunks are gathered in arrays of this many bytes. */
const GATHER_BYTES = 4096;

export class ByteQueue {
  #chunks: Buffer[] = [];
  #first = 0;
  #length = 0;
  /** What the last chunk is a view of while small chunks are gathered, and how much of it is used. */
  #gather: Buffer | null = null;
  #gathered = 0;

  /** Bytes held. */
  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (this.#length > 0 && chunk.length < COPY_WAITING_BELOW) {
      this.#pushCopy(chunk);
    } else {
      this.#gather = null;
      this.#chunks.push(chunk);
    }
    this.#length += chunk.length;
  }

  #pushCopy(chunk: Buffer): void {
    let start: number;
    if (this.#gather !== null && this.#gathered + chunk.length <= GATHER_BYTES) {
      // The last chunk grows; what was taken of it already lies before and is not touched.
      start = this.#chunks.pop()!.byteOffset - this.#gather.byteOffset;
    } else {
      this.#gather = Buffer.allocUnsafeSlow(GATHER_BYTES);
      this.#gathered = start = 0;
    }
    this.#gather.set(chunk, this.#gathered);
    this.#gathered += chunk.length;
    this.#chunks.push(this.#gather.subarray(start, this.#gathered));
  }

  /** Takes up to `most` bytes. Cut views share the chunk's memory. */
  take(most: number): Buffer {
    if (this.#length === 0 || most === 0) return EMPTY;
    const first = this.#chunks[this.#first]!;
    if (most >= this.#length && this.#chunks.length - this.#first === 1) {
      this.#clear();
      return first;
    }
    if (most < first.length) {
      this.#chunks[this.#first] = first.subarray(most);
      this.#length -= most;
      return first.subarray(0, most);
    }
    if (most === first.length) {
      this.#dropFirst();
      return first;
    }
    return this.#takeAcross(Math.min(most, this.#length));
  }

  /** Where `needle` begins at or after `from`; -1 when it is not there. It may lie across chunks. */
  indexOf(needle: Buffer, from: number): number {
    let skipped = 0;
    for (let i = this.#first; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i]!;
      const end = skipped + chunk.length;
      if (end > from) {
        const at = chunk.indexOf(needle, Math.max(0, from - skipped));
        if (at >= 0) return skipped + at;
        const across = this.#acrossFrom(
          needle,
          i,
          Math.max(from - skipped, chunk.length - needle.length + 1, 0),
        );
        if (across >= 0) return skipped + across;
      }
      skipped = end;
    }
    return -1;
  }

  /** Looks for a needle that begins in chunk `index` at or after `from` and ends in a later one. */
  #acrossFrom(needle: Buffer, index: number, from: number): number {
    const chunk = this.#chunks[index]!;
    for (let start = from; start < chunk.length; start++) {
      if (this.#matchesAt(needle, index, start)) return start;
    }
    return -1;
  }

  #matchesAt(needle: Buffer, index: number, start: number): boolean {
    let at = start;
    for (const byte of needle) {
      while (index < this.#chunks.length && at >= this.#chunks[index]!.length) {
        index++;
        at = 0;
      }
      if (index === this.#chunks.length || this.#chunks[index]![at] !== byte) return false;
      at++;
    }
    return true;
  }

  #takeAcross(count: number): Buffer {
    const data = Buffer.allocUnsafe(count);
    let filled = 0;
    while (filled < count) {
      const chunk = this.#chunks[this.#first]!;
      const wanted = count - filled;
      if (chunk.length > wanted) {
        data.set(chunk.subarray(0, wanted), filled);
        this.#chunks[this.#first] = chunk.subarray(wanted);
        this.#length -= wanted;
        return data;
      }
      data.set(chunk, filled);
      filled += chunk.length;
      this.#dropFirst();
    }
    return data;
  }

  #dropFirst(): void {
    this.#length -= this.#chunks[this.#first]!.length;
    // Lets the bytes go now; the array is compacted when it is worth it.
    this.#chunks[this.#first] = EMPTY;
    this.#first++;
    if (this.#first === this.#chunks.length) {
      this.#clear();
    } else if (this.#first >= COMPACT_AFTER) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
  }

  #clear(): void {
    this.#chunks.length = 0;
    this.#first = 0;
    this.#length = 0;
    this.#gather = null;
  }
}
