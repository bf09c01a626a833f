// Reads the bench's command line, or says in one line what is wrong with it.

/** A mistake of the caller: the message is the whole story, and the exit code is 2. */
export class UsageError extends Error {
  name = "UsageError";
}

/**
 * @typedef {object} Settings
 * @property {string[]} subjects names, in the order they run
 * @property {string[]} contestants empty for all
 * @property {number} samples per contestant and row, odd
 * @property {number} seconds measured time of one sample
 * @property {number} warmup seconds of load before a sample counts
 * @property {boolean} quick
 * @property {string | null} markdown file to write
 * @property {string | null} json file to write
 * @property {"run" | "help" | "list"} action
 */

export const DEFAULTS = Object.freeze({ samples: 5, seconds: 0.5, warmup: 0.3 });
export const QUICK = Object.freeze({ samples: 1, seconds: 0.3, warmup: 0.2 });

const FLAGS = new Set(["--help", "--list", "--quick"]);
const VALUED = new Set(["--samples", "--seconds", "--warmup", "--markdown", "--json", "--contestants"]);

/**
 * @param {string[]} argv without node and script
 * @param {readonly string[]} known names of all subjects
 * @returns {Settings}
 */
export function readArguments(argv, known) {
  /** @type {Map<string, string>} */
  const given = new Map();
  const subjects = [];
  for (let i = 0; i < argv.length; i++) {
    const equals = argv[i].startsWith("--") ? argv[i].indexOf("=") : -1;
    const name = equals < 0 ? argv[i] : argv[i].slice(0, equals);
    if (!name.startsWith("-")) {
      if (!known.includes(name))
        throw new UsageError(`unknown subject '${name}' (one of: ${known.join(", ")})`);
      if (!subjects.includes(name)) subjects.push(name);
    } else if (FLAGS.has(name)) {
      if (equals >= 0) throw new UsageError(`${name} takes no value`);
      given.set(name, "");
    } else if (VALUED.has(name)) {
      const value = equals < 0 ? argv[++i] : argv[i].slice(equals + 1);
      if (value === undefined || value === "") throw new UsageError(`${name} needs a value`);
      given.set(name, value);
    } else {
      throw new UsageError(`unknown option '${name}' (see --help)`);
    }
  }

  const quick = given.has("--quick");
  const base = quick ? QUICK : DEFAULTS;
  const samples = numberOf(given, "--samples", base.samples, 1, 99);
  if (samples % 2 !== 1)
    throw new UsageError(`--samples needs an odd whole number, not '${given.get("--samples")}'`);
  return {
    subjects: subjects.length > 0 ? subjects : [...known],
    contestants: given.has("--contestants") ? given.get("--contestants").split(",") : [],
    samples,
    seconds: numberOf(given, "--seconds", base.seconds, 0.05, 60),
    warmup: numberOf(given, "--warmup", base.warmup, 0, 60),
    quick,
    markdown: given.get("--markdown") ?? null,
    json: given.get("--json") ?? null,
    action: given.has("--help") ? "help" : given.has("--list") ? "list" : "run",
  };
}

function numberOf(given, name, fallback, low, high) {
  if (!given.has(name)) return fallback;
  const text = given.get(name);
  const value = Number(text);
  if (!(value >= low && value <= high)) {
    throw new UsageError(`${name} needs a number from ${low} to ${high}, not '${text}'`);
  }
  return value;
}

/**
 * @param {ReadonlyArray<{ name: string, title: string }>} subjects
 * @returns {string}
 */
export function helpText(subjects) {
  const width = Math.max(...subjects.map((subject) => subject.name.length));
  return [
    "usage: node bench/run.mjs [subjects...] [options]",
    "",
    "Measures this library beside its rivals on 127.0.0.1 and prints one table per row, with ratios and targets.",
    "",
    "subjects (all, if none is named):",
    ...subjects.map((subject) => `  ${subject.name.padEnd(width)}  ${subject.title}`),
    "",
    "options:",
    `  --samples N          samples per contestant and row, odd (${DEFAULTS.samples}; quick ${QUICK.samples})`,
    `  --seconds S          measured seconds of a sample (${DEFAULTS.seconds}; quick ${QUICK.seconds})`,
    `  --warmup S           seconds of load before a sample counts (${DEFAULTS.warmup}; quick ${QUICK.warmup})`,
    "  --contestants A,B    these contestants only (see --list)",
    "  --quick              a short, noisy run that shows that everything works",
    "  --markdown FILE      write the document of the results as well",
    "  --json FILE          write every sample as well",
    "  --list               the contestants of each subject, and why one would be skipped",
    "  --help               this text",
    "",
    "exit codes: 0 measured, 1 a measurement failed, 2 wrong usage, 130 interrupted",
  ].join("\n");
}
