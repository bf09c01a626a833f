// Reads 64-bit integers as strictly as Redis does: no spaces, no plus sign, no leading zeros.

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

// Up to 15 digits always fit a double exactly; only longer ones pay for a BigInt.
const SAFE_DIGITS = 15;

/**
 * @param {string} text
 * @returns {number | bigint | undefined} undefined when the text is not a 64-bit integer
 */
export function parseInteger(text) {
  const length = text.length;
  const negative = text.charCodeAt(0) === 0x2d;
  const first = negative ? 1 : 0;
  const digits = length - first;
  if (digits < 1 || digits > 19) return undefined;
  if (text.charCodeAt(first) === 0x30) return digits === 1 && !negative ? 0 : undefined;
  let value = 0;
  for (let i = first; i < length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (digits <= SAFE_DIGITS) return negative ? -value : value;
  const exact = BigInt(text);
  return exact > INT64_MAX || exact < INT64_MIN ? undefined : narrow(exact);
}

/**
 * @param {number | bigint} left
 * @param {number | bigint} right
 * @returns {number | bigint | undefined} undefined when the sum leaves 64 bits
 */
export function addIntegers(left, right) {
  if (typeof left === "number" && typeof right === "number") {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const exact = BigInt(left) + BigInt(right);
  return exact > INT64_MAX || exact < INT64_MIN ? undefined : narrow(exact);
}

/**
 * @param {bigint} value
 * @returns {number | bigint}
 */
function narrow(value) {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}
