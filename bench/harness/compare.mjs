// Runs one subject: every contestant that can run, interleaved, and gathers the samples into rows.
import { twin } from "./contestants.mjs";
import { interleave } from "./interleave.mjs";
import { fieldMedians, median, spread } from "./statistics.mjs";

/**
 * @typedef {import("./contestants.mjs").Contestant} Contestant
 * @typedef {{ row: string, value: number, extras?: Record<string, number | null> }} Sample
 *
 * @typedef {object} Target
 * @property {string} contestant
 * @property {string[]} [rows] all rows of the subject, if left out
 * @property {string} [against] a contestant; the same one, if left out together with `againstRow`
 * @property {string} [againstRow]
 * @property {number} [atLeast] times as good as the other
 * @property {number} [moreThan] strictly
 * @property {number} [atMost] times the other's cost
 * @property {number} [limit] an absolute bound, in the subject's unit, for a value where lower is better
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} title
 * @property {string} explains what a row means
 * @property {string} unit
 * @property {Record<string, string>} [units] of rows that have another unit
 * @property {"higher" | "lower"} better
 * @property {string | null} twin contestant that runs twice
 * @property {(toolbox: object, settings: object) => Contestant[]} contestants
 * @property {(settings: object) => Array<{ name: string }>} steps what one process measures; gives one or more rows
 * @property {(run: { contestant: Contestant, step: any, settings: object, toolbox: object }) => Promise<Sample[]>} measure
 * @property {Array<{ key: string, heading: string, format: (value: number) => string }>} columns
 * @property {Array<{ heading: string, of: (contestant: Contestant) => string | null }>} references
 * @property {Target[]} targets
 * @property {(value: number) => string} format
 * @property {number} [samples] where the work is long and steady, fewer than the settings say
 *
 * @typedef {object} Row
 * @property {string} row
 * @property {string} contestant
 * @property {string} label
 * @property {"protocol" | "streams" | null} style
 * @property {number[]} values
 * @property {number} median
 * @property {number} spread
 * @property {Record<string, number>} extras medians
 *
 * @typedef {object} Result
 * @property {Subject} subject
 * @property {Row[]} rows
 * @property {Array<{ contestant: string, label: string, reason: string }>} skipped
 * @property {Array<{ contestant: string, label: string, row: string, reason: string }>} failed
 */

/**
 * @param {Subject} subject
 * @param {string} row
 */
export function unitOf(subject, row) {
  return subject.units?.[row] ?? subject.unit;
}

/**
 * Splits the wanted contestants from those that cannot run here; the A/A twin comes last.
 *
 * @param {Subject} subject
 */
export function lineUp(subject, toolbox, settings) {
  const chosen = subject
    .contestants(toolbox, settings)
    .filter(({ name }) => settings.contestants.length === 0 || settings.contestants.includes(name));
  const running = chosen.filter(({ missing }) => missing === null);
  const doubled = running.find(({ name }) => name === subject.twin);
  return {
    running: doubled ? [...running, twin(doubled)] : running,
    skipped: chosen
      .filter(({ missing }) => missing !== null)
      .map(({ name, label, missing }) => ({ contestant: name, label, reason: missing })),
  };
}

/**
 * A contestant that fails is left out of the rest of the subject; the others go on.
 *
 * @param {Subject} subject
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<Result>}
 */
export async function compare(subject, toolbox, settings, progress) {
  const { running, skipped } = lineUp(subject, toolbox, settings);
  const rounds = Math.min(settings.samples, subject.samples ?? Infinity);
  const failed = [];
  /** @type {Map<string, Map<Contestant, Sample[]>>} */
  const gathered = new Map();
  const steps = subject.steps(settings);
  const total = steps.length * running.length * rounds;
  let count = 0;
  const out = new Set();
  for (const step of steps) {
    for (const contestant of interleave(running, rounds)) {
      count++;
      if (out.has(contestant)) continue;
      const where = `[${subject.name} ${count}/${total}] ${step.name}, ${contestant.label}`;
      progress.step(`${where} ...`);
      try {
        const samples = await subject.measure({ contestant, step, settings, toolbox });
        for (const sample of samples) remember(gathered, contestant, sample);
        progress.step(
          `${where}: ${samples.map(({ value }) => subject.format(value)).join(", ")}${subject.units ? "" : ` ${subject.unit}`}`,
        );
      } catch (error) {
        out.add(contestant);
        failed.push({
          contestant: contestant.name,
          label: contestant.label,
          row: step.name,
          reason: error.message,
        });
        progress.note(`${where} FAILED: ${error.message}`);
      }
    }
  }
  return { subject, rows: toRows(gathered, running), skipped, failed };
}

function remember(gathered, contestant, sample) {
  if (!gathered.has(sample.row)) gathered.set(sample.row, new Map());
  const row = gathered.get(sample.row);
  if (!row.has(contestant)) row.set(contestant, []);
  row.get(contestant).push(sample);
}

function toRows(gathered, running) {
  const rows = [];
  for (const [row, byContestant] of gathered) {
    for (const contestant of running) {
      const samples = byContestant.get(contestant);
      if (!samples) continue;
      const values = samples.map(({ value }) => value);
      rows.push({
        row,
        contestant: contestant.name,
        label: contestant.label,
        style: contestant.style,
        values,
        median: median(values),
        spread: spread(values),
        extras: fieldMedians(samples.map(({ extras }) => extras ?? {})),
      });
    }
  }
  return rows;
}
