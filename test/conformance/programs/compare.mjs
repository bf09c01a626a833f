// Finds where two logs part.

/** @typedef {{ line: number, expected: string, actual: string }} Divergence */

const END = "(the log ends)";

/**
 * The first line that differs, or null.
 * @param {string[]} expected CPython's
 * @param {string[]} actual
 * @returns {Divergence | null}
 */
export function firstDivergence(expected, actual) {
  const length = Math.max(expected.length, actual.length);
  for (let line = 0; line < length; line++) {
    const [e, a] = [expected[line] ?? END, actual[line] ?? END];
    if (e !== a) return { line, expected: e, actual: a };
  }
  return null;
}
