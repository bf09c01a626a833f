// Assembles the replies of a batch of commands and hands them to the writer in few, large pieces.

/**
 * The writer copies a piece up to this size and keeps a reference to a larger one until it is sent. So the buffer here
 * has exactly this size, and can be filled again as soon as it was written.
 */
const CAPACITY = 16 * 1024;

/** In bytes; below it a loop in JavaScript is quicker than the call into native code. */
const SHORT_TEXT = 24;

const CR = 13;
const LF = 10;
const DOLLAR = 0x24;
const COLON = 0x3a;
const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

const OK = Buffer.from("+OK\r\n");
const PONG = Buffer.from("+PONG\r\n");
const NULL_BULK = Buffer.from("$-1\r\n");
const NULL_ARRAY = Buffer.from("*-1\r\n");
const LINE_END = Buffer.from("\r\n");

/** @typedef {{ write(data: Uint8Array): void }} ByteSink */

/**
 * One serves all connections of a server: a batch runs without a pause, and ends with flush().
 */
export class ReplyWriter {
  #buffer = Buffer.allocUnsafeSlow(CAPACITY);
  #length = 0;
  /** @type {ByteSink} */
  #sink = { write() {} };

  /** Bytes written to the sink since begin(), the unflushed ones included. */
  get size() {
    return this.#written + this.#length;
  }
  #written = 0;

  /** @param {ByteSink} sink */
  begin(sink) {
    this.#sink = sink;
    this.#written = 0;
  }

  flush() {
    const length = this.#length;
    if (length === 0) return;
    this.#length = 0;
    this.#written += length;
    this.#sink.write(this.#buffer.subarray(0, length));
  }

  ok() {
    this.#constant(OK);
  }

  pong() {
    this.#constant(PONG);
  }

  nullBulk() {
    this.#constant(NULL_BULK);
  }

  nullArray() {
    this.#constant(NULL_ARRAY);
  }

  /** @param {number} length how many replies follow as its elements */
  array(length) {
    this.#header(STAR, length);
  }

  /** @param {number | bigint} value */
  integer(value) {
    if (typeof value === "number" && value >= 0 && value <= 0x7fffffff) this.#header(COLON, value);
    else this.#line(COLON, String(value));
  }

  /** @param {string} text without a line end */
  status(text) {
    this.#line(PLUS, text);
  }

  /** @param {string} message begins with its code: "ERR ...", "WRONGTYPE ..." */
  error(message) {
    this.#line(MINUS, message.replace(/[\r\n]/g, " "));
  }

  /** @param {import("./stored-value.mjs").StoredValue | undefined} value undefined for "no such value" */
  bulk(value) {
    if (value === undefined) this.nullBulk();
    else if (typeof value === "string") this.#bulkText(value);
    else this.#bulkBytes(value);
  }

  /** @param {import("./stored-value.mjs").StoredValue[]} values */
  bulks(values) {
    this.array(values.length);
    for (const value of values) this.bulk(value);
  }

  /** @param {string} text one character for each byte */
  #bulkText(text) {
    const length = text.length;
    if (length > CAPACITY / 2) {
      this.#bulkBytes(Buffer.from(text, "latin1"));
      return;
    }
    this.#header(DOLLAR, length);
    this.#reserve(length + 2);
    const buffer = this.#buffer;
    let at = this.#length;
    if (length <= SHORT_TEXT) {
      for (let i = 0; i < length; i++) buffer[at + i] = text.charCodeAt(i);
    } else {
      buffer.write(text, at, length, "latin1");
    }
    at += length;
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.#length = at + 2;
  }

  /** @param {Buffer} bytes not changed later: a large one is sent by reference */
  #bulkBytes(bytes) {
    this.#header(DOLLAR, bytes.length);
    if (bytes.length <= CAPACITY) {
      this.#reserve(bytes.length);
      bytes.copy(this.#buffer, this.#length);
      this.#length += bytes.length;
    } else {
      this.flush();
      this.#written += bytes.length;
      this.#sink.write(bytes);
    }
    this.#constant(LINE_END);
  }

  /**
   * @param {number} type
   * @param {number} value from 0 to 2 ** 31 - 1
   */
  #header(type, value) {
    this.#reserve(16);
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at++] = type;
    if (value < 10) {
      buffer[at++] = ZERO + value;
    } else {
      let digits = 1;
      for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits++;
      let rest = value;
      for (let i = at + digits - 1; i >= at; i--) {
        const tenth = (rest / 10) | 0;
        buffer[i] = ZERO + rest - tenth * 10;
        rest = tenth;
      }
      at += digits;
    }
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.#length = at + 2;
  }

  /**
   * @param {number} type
   * @param {string} text cut where it would not fit the buffer; only messages are that long
   */
  #line(type, text) {
    const length = Math.min(text.length, CAPACITY / 2);
    this.#reserve(length + 3);
    const buffer = this.#buffer;
    const at = this.#length;
    buffer[at] = type;
    buffer.write(text, at + 1, length, "latin1");
    buffer[at + 1 + length] = CR;
    buffer[at + 2 + length] = LF;
    this.#length = at + 3 + length;
  }

  /** @param {Buffer} bytes */
  #constant(bytes) {
    const length = bytes.length;
    this.#reserve(length);
    const buffer = this.#buffer;
    const at = this.#length;
    for (let i = 0; i < length; i++) buffer[at + i] = bytes[i];
    this.#length = at + length;
  }

  /** @param {number} bytes at most CAPACITY */
  #reserve(bytes) {
    if (this.#length + bytes > CAPACITY) this.flush();
  }
}
