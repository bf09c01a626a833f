// Splits a line typed by hand ("SET key 'a value'") into arguments, with Redis's rules for quotes and escapes.

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

/** @type {Map<number, number>} */
const ESCAPES = new Map([
  [0x6e, 10], // \n
  [0x72, 13], // \r
  [0x74, 9], // \t
  [0x62, 8], // \b
  [0x61, 7], // \a
]);

/**
 * The arguments are written one behind the other into a buffer of their own: without its quotes and escapes an argument
 * is never longer than the line was.
 *
 * @param {Buffer} line without its line end
 * @param {import("./command-arguments.mjs").CommandArguments} args filled with what was found
 * @returns {boolean} false for a quote that is not closed, or that is closed in the middle of a word
 */
export function splitInline(line, args) {
  const target = Buffer.allocUnsafeSlow(line.length);
  args.buffer = target;
  let written = 0;
  let at = 0;
  for (;;) {
    while (at < line.length && isSpace(line[at])) at++;
    if (at === line.length) return true;
    const start = written;
    while (at < line.length && !isSpace(line[at])) {
      const byte = line[at];
      if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) {
        target[written++] = byte;
        at++;
        continue;
      }
      for (at++; at < line.length && line[at] !== byte; at++) {
        if (line[at] !== BACKSLASH || at + 1 === line.length) {
          target[written++] = line[at];
        } else if (byte === SINGLE_QUOTE) {
          if (line[at + 1] === SINGLE_QUOTE) at++;
          target[written++] = line[at];
        } else if (isHexEscape(line, at)) {
          target[written++] = parseInt(line.toString("latin1", at + 2, at + 4), 16);
          at += 3;
        } else {
          at++;
          target[written++] = ESCAPES.get(line[at]) ?? line[at];
        }
      }
      if (at === line.length) return false;
      at++;
      if (at < line.length && !isSpace(line[at])) return false;
    }
    args.add(start, written);
  }
}

/** @param {number} byte */
function isSpace(byte) {
  return byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0;
}

/**
 * @param {Buffer} line
 * @param {number} at the backslash
 */
function isHexEscape(line, at) {
  return line[at + 1] === 0x78 && /^[0-9a-fA-F]{2}$/.test(line.toString("latin1", at + 2, at + 4));
}
