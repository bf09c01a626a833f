// Matches a key against a glob pattern with Redis's rules: * ? [a-z] [^a] and \ to escape.

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const CARET = 0x5e;
const BACKSLASH = 0x5c;
const DASH = 0x2d;

/**
 * On a mismatch only the latest star is tried again: an earlier one could match nothing that this one cannot. So the
 * time is at most pattern length x text length, where plain recursion needs exponential time for "a*a*a*a*b".
 *
 * @param {string} pattern
 * @param {string} text
 * @returns {boolean}
 */
export function globMatches(pattern, text) {
  let p = 0;
  let t = 0;
  let starPattern = -1;
  let starText = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern.charCodeAt(p) === STAR) {
      starPattern = ++p;
      starText = t;
      continue;
    }
    const next = p < pattern.length ? matchOne(pattern, p, text.charCodeAt(t)) : -1;
    if (next !== -1) {
      p = next;
      t++;
    } else if (starPattern !== -1) {
      p = starPattern;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}

/**
 * @param {string} pattern
 * @param {number} p
 * @param {number} code the character to match
 * @returns {number} where the pattern goes on, or -1
 */
function matchOne(pattern, p, code) {
  const wanted = pattern.charCodeAt(p);
  if (wanted === QUESTION) return p + 1;
  if (wanted === OPEN) return matchClass(pattern, p + 1, code);
  if (wanted === BACKSLASH && p + 1 < pattern.length) return pattern.charCodeAt(p + 1) === code ? p + 2 : -1;
  return wanted === code ? p + 1 : -1;
}

/**
 * A class that is never closed ends with the pattern, as in Redis.
 *
 * @param {string} pattern
 * @param {number} p behind the opening bracket
 * @param {number} code
 * @returns {number}
 */
function matchClass(pattern, p, code) {
  const negated = pattern.charCodeAt(p) === CARET;
  if (negated) p++;
  let found = false;
  while (p < pattern.length && pattern.charCodeAt(p) !== CLOSE) {
    if (pattern.charCodeAt(p) === BACKSLASH && p + 1 < pattern.length) {
      if (pattern.charCodeAt(p + 1) === code) found = true;
      p += 2;
    } else if (p + 2 < pattern.length && pattern.charCodeAt(p + 1) === DASH) {
      const from = pattern.charCodeAt(p);
      const to = pattern.charCodeAt(p + 2);
      if (code >= Math.min(from, to) && code <= Math.max(from, to)) found = true;
      p += 3;
    } else {
      if (pattern.charCodeAt(p) === code) found = true;
      p++;
    }
  }
  if (found === negated) return -1;
  return Math.min(p + 1, pattern.length);
}
