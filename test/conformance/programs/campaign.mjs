// Runs many random programs under CPython and under this library, compares their logs, and shrinks what differs.
import { firstDivergence } from "./compare.mjs";
import { generateProgram } from "./generate/program.mjs";
import { readable } from "./readable.mjs";
import { runProgram } from "./run.mjs";
import { shrink } from "./shrink.mjs";

/** Programs per crossing into Python: enough to make the crossing cheap, few enough to show progress. */
const BATCH = 50;

/**
 * @typedef {import("./types.mjs").Program} Program
 * @typedef {import("./compare.mjs").Divergence} Divergence
 * @typedef {"native" | "pure"} Backend
 */

/**
 * @typedef {object} Setup
 * @property {import("../oracle/python.mjs").Python} python
 * @property {import("./types.mjs").Asyncio} asyncio
 * @property {new () => import("../../../lib/index.ts").Clock} VirtualClock
 */

/**
 * @typedef {object} Failure
 * @property {number} seed
 * @property {Backend} backend
 * @property {Program} program
 * @property {Divergence} divergence
 */

/**
 * Gives every divergence among the programs of the seeds from `seed` on.
 * @param {Setup} setup
 * @param {{ seed: number, programs: number, backends: readonly Backend[], progress?: (done: number) => void }} options
 * @returns {AsyncGenerator<Failure, void, void>}
 */
export async function* divergences(setup, { seed, programs, backends, progress }) {
  for (let done = 0; done < programs;) {
    const seeds = Array.from({ length: Math.min(BATCH, programs - done) }, (_, i) => seed + done + i);
    const batch = seeds.map(generateProgram);
    const expected = setup.python.runPrograms(batch);
    for (const [i, program] of batch.entries()) {
      for (const backend of backends) {
        const divergence = firstDivergence(expected[i], await ours(setup, backend, program));
        if (divergence !== null) yield { seed: seeds[i], backend, program, divergence };
      }
    }
    done += seeds.length;
    progress?.(done);
  }
}

/**
 * A program that the library itself breaks on is a divergence as well.
 * @param {Setup} setup
 * @param {Backend} backend
 * @param {Program} program
 */
async function ours({ asyncio, VirtualClock }, backend, program) {
  try {
    return await runProgram(asyncio, VirtualClock, backend, program);
  } catch (error) {
    return [`the run failed: ${String(error instanceof Error ? error.stack : error)}`];
  }
}

/**
 * The smallest program with the same divergence that was found.
 * @param {Setup} setup
 * @param {Failure} failure
 * @returns {Promise<Failure & { log: string[] }>}
 */
export async function shrunk(setup, failure) {
  const { backend } = failure;
  /** @param {Program} program */
  const look = async (program) => {
    const [expected] = setup.python.runPrograms([program]);
    return { expected, divergence: firstDivergence(expected, await ours(setup, backend, program)) };
  };
  const kind = kindOf(failure.divergence);
  const program = await shrink(failure.program, async (candidate) => {
    const { divergence } = await look(candidate);
    return divergence !== null && kindOf(divergence) === kind;
  });
  const { expected, divergence } = await look(program);
  return { ...failure, program, divergence: divergence ?? failure.divergence, log: expected };
}

/**
 * What two programs with the same fault have in common: the texts that differ, without names, values and messages.
 * @param {Divergence} divergence
 */
export function kindOf({ expected, actual }) {
  /** @param {string} line */
  const words = (line) => line.split(" ").slice(2).join(" ");
  return [expected, actual].map((line) => words(line).replace(/m\d+!|\d+|None|True|False/g, "#")).join(" | ");
}

/**
 * For people: the program as JSON and as Python, and where the logs part.
 * @param {Failure & { log: string[] }} failure
 */
export function report({ seed, backend, program, divergence, log }) {
  return [
    `seed ${seed}, backend ${backend}: the logs part at line ${divergence.line + 1}`,
    `  CPython: ${divergence.expected}`,
    `  here:    ${divergence.actual}`,
    "",
    readable(program),
    "",
    "CPython's log up to there (time in 1/64 s, who, what):",
    ...log.slice(0, divergence.line + 1).map((line) => `  ${line}`),
    "",
    JSON.stringify(program),
  ].join("\n");
}
