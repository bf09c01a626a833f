// How the bytes of a value are kept: small ones as latin1 strings, large ones as buffers of their own.
//
// A latin1 string costs a few bytes beyond its content, where a Buffer costs a hundred. Both are binary-safe. Neither is
// a view of a received chunk, so a value that is kept for days pins nothing but itself. Stored buffers never change
// within their length, which lets a reply hand them to the socket without a copy.

/** @typedef {string | Buffer} StoredValue */

/** In bytes; above it, writing a string into a reply (a copy) costs more than sending a buffer by reference saves. */
export const SMALL_VALUE = 4096;

const STRING_TOO_LONG = 2 ** 29 - 24;

/**
 * @param {Buffer} source
 * @param {number} start
 * @param {number} end
 * @returns {StoredValue}
 */
export function storeBytes(source, start, end) {
  if (end - start <= SMALL_VALUE) return source.toString("latin1", start, end);
  const copy = Buffer.allocUnsafeSlow(end - start);
  source.copy(copy, 0, start, end);
  return copy;
}

/**
 * V8 refuses strings of half a gigabyte; a key or an option that long is refused before it throws.
 * @param {number} length in bytes
 */
export function fitsString(length) {
  return length <= STRING_TOO_LONG;
}

/**
 * @param {StoredValue} value
 * @returns {string} one character for each byte
 */
export function valueText(value) {
  return typeof value === "string" ? value : value.toString("latin1", 0, value.length);
}

/**
 * @param {StoredValue} head
 * @param {StoredValue} tail
 * @returns {StoredValue}
 */
export function joinValues(head, tail) {
  const length = head.length + tail.length;
  if (length <= SMALL_VALUE) {
    // Through a buffer, because `+` would build a chain of ropes that costs more memory than the text.
    const scratch = Buffer.allocUnsafe(length);
    write(head, scratch, 0);
    write(tail, scratch, head.length);
    return scratch.toString("latin1", 0, length);
  }
  if (typeof head !== "string" && head.buffer.byteLength >= length) {
    // The spare room lies behind every view that was ever handed out, so filling it changes none of them.
    const grown = Buffer.from(head.buffer, 0, length);
    write(tail, grown, head.length);
    return grown;
  }
  const roomy = Buffer.allocUnsafeSlow(typeof head === "string" ? length : length + (length >> 1));
  write(head, roomy, 0);
  write(tail, roomy, head.length);
  return roomy.subarray(0, length);
}

/**
 * @param {StoredValue} value
 * @param {Buffer} target
 * @param {number} offset
 */
function write(value, target, offset) {
  if (typeof value === "string") target.write(value, offset, value.length, "latin1");
  else value.copy(target, offset);
}
