// Finds the one line of a program's stderr that tells why it ended.

/**
 * Node puts a source line before an error and a stack after it, Python a stack before it; the line that begins with the
 * error's name tells most in both.
 *
 * @param {string} stderr
 * @returns {string | null}
 */
export function tellingLine(stderr) {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const line =
    lines.find((text) => /^(Uncaught )?\w*(Error|Exception)\b[^()]*:/.test(text)) ??
    lines.find((text) => /error|cannot|failed|refused/i.test(text)) ??
    lines.at(-1);
  return line === undefined ? null : line.slice(0, 300);
}
