// Cuts a stream of chunks into RESP2 commands, keeping only what an incomplete command needs.

import { CommandArguments } from "./command-arguments.mjs";
import { ProtocolError } from "./errors.mjs";
import { splitInline } from "./inline-command.mjs";

/** In bytes: the longest line that holds no bulk data, as in Redis. */
const LINE_LIMIT = 64 * 1024;

const MULTIBULK_LIMIT = 2 ** 31 - 1;

/** What the parser adds to a chunk beyond its size when it starts to collect a command in pieces. */
const SMALLEST_COLLECTION = 4096;

/** A buffer above this size is given up as soon as what it holds would fit one a quarter as large. */
const OVERSIZED = 1024 * 1024;

const CR = 13;
const LF = 10;
const STAR = 0x2a;
const DOLLAR = 0x24;
const ZERO = 0x30;

/** A length line that has not arrived whole; no real length is below zero once it was checked. */
const INCOMPLETE = -2;

const EMPTY = Buffer.alloc(0);

/**
 * @typedef {object} ParserLimits
 * @property {number} bulk bytes in one argument
 * @property {number} query bytes held for commands that did not run yet
 */

export class RespParser {
  /** The command that next() found; valid until next() or feed() is called again. */
  args = new CommandArguments();

  /** @type {ParserLimits} */
  #limits;
  /** @type {Buffer} */
  #buffer = EMPTY;
  #position = 0;
  #end = 0;
  /** Whether the buffer was made here, so that it may be written to. */
  #owned = false;
  /** Arguments of the current command that are still to come; 0 between commands. */
  #remaining = 0;
  /** Length of the argument whose bytes come next, or -1 before its `$` line was read. */
  #bulkLength = -1;

  /** @param {ParserLimits} limits */
  constructor(limits) {
    this.#limits = limits;
  }

  /** Bytes held that belong to no command which has run. */
  get pending() {
    return this.#end - this.#keepFrom();
  }

  /**
   * Takes over the chunk: the caller must not change it afterwards.
   * @param {Buffer} chunk
   */
  feed(chunk) {
    if (this.#keepFrom() === this.#end) {
      this.#buffer = chunk;
      this.#position = 0;
      this.#end = chunk.length;
      this.#owned = false;
      this.args.buffer = chunk;
    } else {
      this.#collect(chunk);
    }
  }

  /**
   * Finds the next whole command and leaves it in `args`.
   *
   * A command that is not there yet is continued where it stopped: each byte is looked at once, however small the
   * pieces are.
   *
   * @returns {boolean} false when more bytes are needed
   * @throws {ProtocolError}
   */
  next() {
    if (this.#remaining === 0 && !this.#begin()) return false;
    if (this.#remaining === 0) return true;
    const buffer = this.#buffer;
    const end = this.#end;
    const args = this.args;
    do {
      if (this.#bulkLength === -1 && !this.#readBulkLength()) return false;
      const start = this.#position;
      const stop = start + this.#bulkLength;
      if (stop + 2 > end) return false;
      args.add(start, stop);
      this.#position = stop + 2;
      this.#bulkLength = -1;
    } while (--this.#remaining > 0);
    args.buffer = buffer;
    return true;
  }

  /**
   * Starts a command: reads its `*` line, or the whole of an inline one.
   * @returns {boolean} true when #remaining arguments follow, or, with none remaining, when `args` is complete
   */
  #begin() {
    this.args.clear();
    this.args.buffer = this.#buffer;
    while (this.#position < this.#end) {
      if (this.#buffer[this.#position] !== STAR) {
        if (!this.#readInline()) return false;
        if (this.args.count > 0) return true;
        continue;
      }
      const count = this.#readLength(this.#position + 1, "too big mbulk count string");
      if (count === INCOMPLETE) return false;
      if (Number.isNaN(count) || count > MULTIBULK_LIMIT) throw new ProtocolError("invalid multibulk length");
      if (count <= 0) continue;
      this.#remaining = count;
      return true;
    }
    this.#release();
    return false;
  }

  #readBulkLength() {
    if (this.#position >= this.#end) return false;
    // Redis complains about a line only when it is whole, so the line is looked for first.
    const first = this.#buffer[this.#position];
    const length = this.#readLength(this.#position + 1, "too big bulk count string");
    if (length === INCOMPLETE) return false;
    if (first !== DOLLAR) throw new ProtocolError(`expected '$', got '${String.fromCharCode(first)}'`);
    if (Number.isNaN(length) || length < 0 || length > this.#limits.bulk) {
      throw new ProtocolError("invalid bulk length");
    }
    this.#bulkLength = length;
    return true;
  }

  /**
   * Reads a whole line `<integer>CRLF` and moves behind it.
   * @param {number} start behind the type byte
   * @param {string} complaint for a line that does not end
   * @returns {number} NaN for a line that is no integer, INCOMPLETE for one that has not arrived
   */
  #readLength(start, complaint) {
    const buffer = this.#buffer;
    const end = this.#end;
    let at = start;
    let value = 0;
    while (at < end) {
      const digit = buffer[at] - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    const leadingZero = buffer[start] === ZERO && at - start > 1;
    if (at + 1 < end && buffer[at] === CR && at > start && at - start < 16 && !leadingZero) {
      this.#position = at + 2;
      return value;
    }
    return this.#readOddLength(start, complaint);
  }

  /**
   * @param {number} start
   * @param {string} complaint
   */
  #readOddLength(start, complaint) {
    const cr = this.#indexOf(CR, this.#position);
    if (cr === -1 || cr + 1 >= this.#end) {
      if (this.#end - this.#position > LINE_LIMIT) throw new ProtocolError(complaint);
      return INCOMPLETE;
    }
    const text = cr - start > 20 ? "" : this.#buffer.toString("latin1", start, cr);
    this.#position = cr + 2;
    return /^-[1-9][0-9]*$/.test(text) ? -1 : NaN;
  }

  #readInline() {
    const newline = this.#indexOf(LF, this.#position);
    const length = (newline === -1 ? this.#end : newline) - this.#position;
    if (length > LINE_LIMIT) throw new ProtocolError("too big inline request");
    if (newline === -1) return false;
    const stop = newline > this.#position && this.#buffer[newline - 1] === CR ? newline - 1 : newline;
    const line = this.#buffer.subarray(this.#position, stop);
    this.#position = newline + 1;
    if (!splitInline(line, this.args)) throw new ProtocolError("unbalanced quotes in request");
    return true;
  }

  /**
   * @param {number} byte
   * @param {number} from
   * @returns {number} -1 when it is not among the bytes received
   */
  #indexOf(byte, from) {
    const found = this.#buffer.indexOf(byte, from);
    return found < this.#end ? found : -1;
  }

  /** The first byte that is still needed: arguments that were found, or else what was not parsed. */
  #keepFrom() {
    return this.#remaining > 0 && this.args.count > 0 ? this.args.starts[0] : this.#position;
  }

  /** @param {Buffer} chunk */
  #collect(chunk) {
    const from = this.#keepFrom();
    const held = this.#end - from;
    const total = held + chunk.length;
    if (total > this.#limits.query) throw new ProtocolError("query buffer limit exceeded");
    const oversized = this.#buffer.length > OVERSIZED && total * 4 < this.#buffer.length;
    if (!this.#owned || oversized || this.#buffer.length - this.#end < chunk.length) {
      const grown = Buffer.allocUnsafeSlow(this.#capacityFor(total, from));
      this.#buffer.copy(grown, 0, from, this.#end);
      this.#buffer = grown;
      this.#owned = true;
      this.#position -= from;
      this.#end = held;
      this.args.rebase(grown, from);
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Doubling keeps the copying linear. A known need caps it; it is never met in advance, or a peer could make the
   * server allocate half a gigabyte with a line of twelve bytes.
   *
   * @param {number} total
   * @param {number} from
   */
  #capacityFor(total, from) {
    const doubled = Math.max(total * 2, SMALLEST_COLLECTION);
    if (this.#bulkLength === -1) return doubled;
    const needed = this.#position - from + this.#bulkLength + 2;
    return needed >= total ? Math.min(doubled, needed) : doubled;
  }

  /** An idle connection holds no buffer. */
  #release() {
    this.#buffer = EMPTY;
    this.#position = 0;
    this.#end = 0;
    this.#owned = false;
    this.args.buffer = EMPTY;
  }
}
