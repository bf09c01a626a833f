// Says on stderr what is being measured: one live line on a terminal, plain lines elsewhere.

/** @typedef {{ step(text: string): void, note(text: string): void, end(): void }} Progress */

/**
 * @param {NodeJS.WriteStream} stream
 * @returns {Progress}
 */
export function createProgress(stream = process.stderr) {
  const live = Boolean(stream.isTTY);
  const clear = live ? "\r\x1b[2K" : "";
  return {
    step(text) {
      if (live) stream.write(clear + text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
      else stream.write(`${text}\n`);
    },
    note(text) {
      stream.write(`${clear}${text}\n`);
    },
    end() {
      stream.write(clear);
    },
  };
}
