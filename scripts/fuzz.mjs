// Runs random concurrent programs under CPython's asyncio and under the built package, and compares what they did.
import { parseArgs } from "node:util";
import { loadPython } from "../test/conformance/oracle/python.mjs";
import { divergences, kindOf, report, shrunk } from "../test/conformance/programs/campaign.mjs";

const HELP = `Usage: npm run fuzz -- [options]

Runs random concurrent programs under CPython's asyncio (in WebAssembly: no Python is needed) and under the built
package, and compares their logs event by event. A program that differs is made smaller and printed.

  --programs N      how many programs (default 2000)
  --seed S          the first program's seed; the next have the numbers after it (default: the time)
  --backend NAME    native or pure alone (default: both)
  --help            this text

Exit code: 0 when all logs are equal, 1 when any differ, 2 on wrong usage.`;

/** After this many different divergences the rest is counted only. */
const MAX_REPORTS = 5;

/** A mistake of the caller: the message is the whole story. */
class UsageError extends Error {}

/** @param {string[]} args */
function readArguments(args) {
  const options = /** @type {const} */ ({
    programs: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    backend: { type: "string" },
    help: { type: "boolean", default: false },
  });
  let values;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message.split("\n")[0]);
  }
  const { backend, help } = values;
  if (backend !== undefined && backend !== "native" && backend !== "pure") {
    throw new UsageError(`--backend is native or pure, not '${backend}'`);
  }
  /** @type {("native" | "pure")[]} */
  const backends = backend === undefined ? ["native", "pure"] : [backend];
  const programs = wholeNumber("--programs", values.programs, 1);
  return { programs, seed: wholeNumber("--seed", values.seed, 0), backends, help };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 */
function wholeNumber(name, text, least) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw new UsageError(`${name} needs a whole number from ${least} on, not '${text}'`);
}

/** One line that is written over on a terminal; elsewhere a line every tenth part. @param {number} programs */
function progressTo(programs) {
  let said = 0;
  /** @param {number} done */
  return (done) => {
    const part = Math.floor((done / programs) * 10);
    if (process.stdout.isTTY) {
      process.stdout.write(`\r${done} of ${programs} programs${done === programs ? "\n" : ""}`);
    } else if (part > said) {
      said = part;
      console.log(`${done} of ${programs} programs`);
    }
  };
}

/** @param {string[]} args @returns {Promise<number>} the exit code */
async function main(args) {
  const { programs, seed, backends, help } = readArguments(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const built = (/** @type {string} */ file) => import(new URL(`../dist/${file}`, import.meta.url).href);
  const { VirtualClock } = await built("testing/index.mjs");
  const setup = { python: await loadPython(), asyncio: await built("index.mjs"), VirtualClock };
  console.log(
    `CPython ${setup.python.version} and ${backends.join(", ")}: ${programs} programs from seed ${seed} on`,
  );
  const kinds = new Set();
  let count = 0;
  for await (const failure of divergences(setup, {
    seed,
    programs,
    backends,
    progress: progressTo(programs),
  })) {
    count++;
    const kind = kindOf(failure.divergence);
    if (kinds.has(kind) || kinds.size === MAX_REPORTS) continue;
    kinds.add(kind);
    console.log(`\n${report(await shrunk(setup, failure))}\n`);
  }
  console.log(count === 0 ? "no divergences" : `${count} divergences; the seed to see them again is ${seed}`);
  return count === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`fuzz: ${error.message} (see --help)`);
  process.exitCode = 2;
}
