// The arguments of the command being carried out: places in the received bytes, read out only as far as a command asks.

import { CommandError, NOT_AN_INTEGER } from "./errors.mjs";
import { parseInteger } from "./integers.mjs";
import { fitsString, storeBytes } from "./stored-value.mjs";

// A command with more arguments than this leaves its (large) lists of places behind for the garbage collector.
const PLACES_KEPT = 1024;

const EMPTY = Buffer.alloc(0);

/** One is reused for all commands of a connection, so it is valid only until the next command is parsed. */
export class CommandArguments {
  /** Argument 0 is the command's name. */
  count = 0;
  /** @type {Buffer} */
  buffer = EMPTY;
  /** @type {number[]} */
  starts = [];
  /** @type {number[]} */
  ends = [];

  clear() {
    this.count = 0;
    if (this.starts.length > PLACES_KEPT) {
      this.starts = [];
      this.ends = [];
    }
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  add(start, end) {
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  /**
   * Moves to a copy of the same bytes that begins `distance` bytes later in the old buffer.
   * @param {Buffer} buffer
   * @param {number} distance
   */
  rebase(buffer, distance) {
    this.buffer = buffer;
    for (let i = 0; i < this.count; i++) {
      this.starts[i] -= distance;
      this.ends[i] -= distance;
    }
  }

  /**
   * The argument as text with one character for each byte: binary-safe, and quick to compare and to hash.
   * @param {number} index
   * @returns {string}
   */
  text(index) {
    const start = this.starts[index];
    const end = this.ends[index];
    if (!fitsString(end - start)) throw new CommandError("ERR string exceeds maximum allowed size (512MB)");
    return this.buffer.toString("latin1", start, end);
  }

  /**
   * A copy that may be kept.
   * @param {number} index
   * @returns {import("./stored-value.mjs").StoredValue}
   */
  value(index) {
    return storeBytes(this.buffer, this.starts[index], this.ends[index]);
  }

  /**
   * The received bytes themselves, valid only while the command runs.
   * @param {number} index
   * @returns {Buffer}
   */
  borrowed(index) {
    return this.buffer.subarray(this.starts[index], this.ends[index]);
  }

  /**
   * @param {number} index
   * @returns {number} in bytes
   */
  size(index) {
    return this.ends[index] - this.starts[index];
  }

  /**
   * @param {number} index
   * @param {string} word in lower case; the argument may be in either
   * @returns {boolean}
   */
  is(index, word) {
    const start = this.starts[index];
    if (this.ends[index] - start !== word.length) return false;
    for (let i = 0; i < word.length; i++) {
      // Setting bit 5 maps upper to lower case and nothing else onto a letter.
      if ((this.buffer[start + i] | 0x20) !== word.charCodeAt(i)) return false;
    }
    return true;
  }

  /**
   * @param {number} index
   * @returns {number | bigint} a bigint only beyond the doubles' exact range
   */
  integer(index) {
    const value = this.size(index) > 20 ? undefined : parseInteger(this.text(index));
    if (value === undefined) throw new CommandError(NOT_AN_INTEGER);
    return value;
  }
}
