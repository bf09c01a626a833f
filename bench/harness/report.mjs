// Turns the result of a subject into tables: one for each row of the subject, and one of targets.
import { unitOf } from "./compare.mjs";
import { pairedAdvantage } from "./statistics.mjs";
import { formatRatio } from "./verdict.mjs";

/**
 * @param {import("./compare.mjs").Result} result
 * @returns {Array<{ title: string, table: import("./table.mjs").Table, notes: string[] }>}
 */
export function rowTables({ subject, rows }) {
  return [...new Set(rows.map(({ row }) => row))].map((title) => {
    const entries = rows.filter(({ row }) => row === title);
    const columns = subject.columns.filter(({ key }) => entries.some(({ extras }) => key in extras));
    const references = subject.references.filter(({ of }) =>
      entries.some((entry) => entries.some(({ contestant }) => contestant === of(entry))),
    );
    return {
      title,
      table: {
        headings: [
          "contestant",
          unitOf(subject, title),
          "spread",
          ...columns.map(({ heading }) => heading),
          ...references.map(({ heading }) => heading),
        ],
        rows: entries.map((entry) => [
          entry.label,
          subject.format(entry.median),
          entry.values.length > 1 ? `${(entry.spread * 100).toFixed(0)} %` : "-",
          ...columns.map(({ key, format }) => (key in entry.extras ? format(entry.extras[key]) : "-")),
          ...references.map(({ of }) => ratioTo(entries, entry, of(entry), subject.better)),
        ]),
      },
      notes: [noiseOf(entries, subject), disturbanceOf(entries)].filter((note) => note !== null),
    };
  });
}

function ratioTo(entries, entry, name, better) {
  const reference = entries.find(({ contestant }) => contestant === name);
  return reference ? formatRatio(pairedAdvantage(entry.values, reference.values, better)) : "-";
}

// Above this share a core was not the contestant's own, and absolute figures of the row are worth little.
const DISTURBED = 0.1;

function disturbanceOf(entries) {
  const waited = Math.max(...entries.map(({ extras }) => extras.waited ?? 0));
  if (waited < DISTURBED) return null;
  return `disturbed: other programs held a core for up to ${(waited * 100).toFixed(0)} % of the time; measure again on a quiet machine`;
}

function noiseOf(entries, subject) {
  const first = entries.find(({ contestant }) => contestant === subject.twin);
  const again = entries.find(({ contestant }) => contestant === `${subject.twin}-again`);
  if (!first || !again) return null;
  return `noise of this row (A/A): ${formatRatio(pairedAdvantage(again.values, first.values, subject.better))} x`;
}

/**
 * @param {import("./verdict.mjs").Verdict[]} verdicts
 * @returns {import("./table.mjs").Table}
 */
export function targetTable(verdicts) {
  return {
    headings: ["row", "who", "target", "measured", "verdict"],
    rows: verdicts.map(({ row, label, target, measured, outcome }) => [
      row,
      label,
      target,
      measured,
      outcome,
    ]),
    left: 3,
  };
}
