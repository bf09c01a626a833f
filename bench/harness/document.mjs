// Writes the markdown document of a run: the summary of targets, what each row means, and every table.
import { rowTables, targetTable } from "./report.mjs";
import { renderMarkdown } from "./table.mjs";
import { verdicts } from "./verdict.mjs";

/**
 * @param {object} run
 * @param {import("./compare.mjs").Result[]} run.results
 * @param {Array<[string, string]>} run.machine
 * @param {import("./arguments.mjs").Settings} run.settings
 * @param {string} run.command that reproduces the document
 * @param {Date} run.date
 * @returns {string}
 */
export function toDocument({ results, machine, settings, command, date }) {
  const all = results.flatMap(verdicts);
  return (
    [
      "# Benchmarks",
      `Written on ${date.toISOString().slice(0, 10)} by \`${command}\`; nothing here is edited by hand.`,
      howToRead(settings),
      "## Machine and versions",
      renderMarkdown({ headings: ["what", "value"], rows: machine, left: 2 }),
      "## Targets",
      summary(all),
      ...losing(all),
      ...results.flatMap(subjectSection),
    ].join("\n\n") + "\n"
  );
}

function howToRead({ seconds, warmup, quick }) {
  return [
    ...(quick
      ? [
          "**A quick run: shorter loads, fewer connections and timers than the rows say. It proves nothing.**\n",
        ]
      : []),
    `Every figure is the median of its samples, each from a fresh process; a load lasts ${seconds} s after ${warmup} s of`,
    "warm-up. The contestants of a row are interleaved (A B C, C B A, ...), so that a drift of the machine falls on all alike.",
    "`spread` is (largest - smallest) / median of the samples. A column `x rival` says how many times as good as that rival",
    "the row is, as the median of the rounds' own ratios: above 1 is better, whether the unit counts messages or nanoseconds.",
    "The row marked A/A is the same contestant a second time; how far it is from 1.00 x is what a ratio of this run cannot",
    "tell. Absolute figures belong to this machine; the ratios are what carries over.",
  ].join("\n");
}

function summary(all) {
  if (all.length === 0) return "The subjects of this run have no targets.";
  const count = (outcome) => all.filter((verdict) => verdict.outcome === outcome).length;
  return `${count("met")} met, ${count("missed")} missed, ${count("not measured")} not measured; the tables are with each subject.`;
}

function losing(all) {
  const missed = all.filter(({ outcome }) => outcome === "missed");
  if (missed.length === 0) return [];
  return [
    "### Where the target is missed",
    renderMarkdown({
      headings: ["subject", "row", "who", "target", "measured"],
      rows: missed.map(({ subject, row, label, target, measured }) => [
        subject,
        row,
        label,
        target,
        measured,
      ]),
      left: 4,
    }),
  ];
}

function sampleCount({ rows }) {
  return rows.length === 0 ? "none" : String(Math.max(...rows.map(({ values }) => values.length)));
}

function subjectSection(result) {
  const { subject, skipped, failed } = result;
  const judged = verdicts(result);
  return [
    `## ${subject.name}: ${subject.title}`,
    subject.explains,
    `Again: \`node bench/run.mjs ${subject.name}\`. Samples of each figure: ${sampleCount(result)}.`,
    ...rowTables(result).flatMap(({ title, table, notes }) => [
      `### ${title}`,
      renderMarkdown(table),
      ...notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`),
    ]),
    ...(judged.length > 0 ? [`### Targets of ${subject.name}`, renderMarkdown(targetTable(judged))] : []),
    ...(skipped.length > 0
      ? [skipped.map(({ label, reason }) => `- skipped: ${label}: ${reason}`).join("\n")]
      : []),
    ...(failed.length > 0
      ? [failed.map(({ label, row, reason }) => `- failed: ${label}, ${row}: ${reason}`).join("\n")]
      : []),
  ];
}
