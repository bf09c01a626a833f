// Prints the result of a subject as plain text for the terminal.
import { rowTables, targetTable } from "./report.mjs";
import { renderText } from "./table.mjs";
import { verdicts } from "./verdict.mjs";

/** @param {Array<[string, string]>} machine */
export function machineText(machine) {
  const width = Math.max(...machine.map(([name]) => name.length));
  return machine.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/** @param {import("./compare.mjs").Result} result */
export function resultText(result) {
  const { subject, skipped, failed } = result;
  const lines = ["", `== ${subject.name}: ${subject.title}`];
  for (const { title, table, notes } of rowTables(result)) {
    lines.push("", `-- ${title}`, renderText(table), ...notes);
  }
  const judged = verdicts(result);
  if (judged.length > 0) lines.push("", "-- targets", renderText(targetTable(judged)));
  for (const { label, reason } of skipped) lines.push(`skipped: ${label}: ${reason}`);
  for (const { label, row, reason } of failed) lines.push(`FAILED: ${label}, ${row}: ${reason}`);
  return lines.join("\n");
}

/** @param {import("./compare.mjs").Subject} subject */
export function listText(subject, { running, skipped }) {
  return [
    `${subject.name}: ${subject.title}`,
    ...running.filter(({ twinOf }) => !twinOf).map(({ name, label }) => `  ${name.padEnd(28)}${label}`),
    ...skipped.map(({ contestant, reason }) => `  ${contestant.padEnd(28)}skipped: ${reason}`),
  ].join("\n");
}
