// Compares the rows of a result with the targets of its subject.
import { unitOf } from "./compare.mjs";
import { pairedAdvantage } from "./statistics.mjs";

/**
 * @typedef {object} Verdict
 * @property {string} subject
 * @property {string} row
 * @property {string} label whose target it is
 * @property {string} target in words
 * @property {string} measured
 * @property {"met" | "missed" | "not measured"} outcome
 */

/**
 * @param {import("./compare.mjs").Result} result
 * @returns {Verdict[]}
 */
export function verdicts(result) {
  const { subject, rows, skipped, failed } = result;
  const present = new Set(rows.map(({ row }) => row));
  const find = (contestant, row) => rows.find((at) => at.contestant === contestant && at.row === row);
  const labelOf = (contestant) => {
    const label =
      [...rows, ...skipped, ...failed].find((at) => at.contestant === contestant)?.label ?? contestant;
    return label.replace(/ \(the limit\)$/, "");
  };

  // What --contestants left out has neither a row nor a reason: its targets are not part of this run.
  const known = new Set([...rows, ...skipped, ...failed].map(({ contestant }) => contestant));
  const targets = subject.targets.filter(
    ({ contestant, against }) => known.has(contestant) && (against === undefined || known.has(against)),
  );
  return targets.flatMap((target) =>
    (target.rows ?? [...present])
      .filter((row) => present.has(row))
      .map((row) => {
        const ours = find(target.contestant, row);
        const theirs =
          target.limit === undefined
            ? find(target.against ?? target.contestant, target.againstRow ?? row)
            : undefined;
        const base = {
          subject: subject.name,
          row,
          label: labelOf(target.contestant),
          target: inWords(target, subject, row, labelOf),
        };
        if (!ours || (target.limit === undefined && !theirs)) {
          return { ...base, measured: "-", outcome: "not measured" };
        }
        return { ...base, ...judge(target, subject, ours, theirs) };
      }),
  );
}

function judge(target, subject, ours, theirs) {
  if (target.limit !== undefined) {
    return {
      measured: `${subject.format(ours.median)} ${unitOf(subject, ours.row)}`,
      outcome: ours.median <= target.limit ? "met" : "missed",
    };
  }
  const times = pairedAdvantage(ours.values, theirs.values, subject.better);
  if (target.atMost !== undefined) {
    return {
      measured: `${formatRatio(1 / times)} x`,
      outcome: 1 / times <= target.atMost ? "met" : "missed",
    };
  }
  const met = target.moreThan === undefined ? times >= target.atLeast : times > target.moreThan;
  return { measured: `${formatRatio(times)} x`, outcome: met ? "met" : "missed" };
}

function inWords(target, subject, row, labelOf) {
  if (target.limit !== undefined) return `at most ${subject.format(target.limit)} ${unitOf(subject, row)}`;
  const whom = [target.against ? labelOf(target.against) : null, target.againstRow]
    .filter(Boolean)
    .join(", ");
  if (target.atMost !== undefined) return `at most ${target.atMost} x the cost of ${whom}`;
  if (target.moreThan !== undefined) return `faster than ${whom}`;
  return `at least ${target.atLeast} x ${whom}`;
}

/** Two decimals near 1, where they decide; fewer where they would only be noise. */
export function formatRatio(ratio) {
  if (!Number.isFinite(ratio)) return "-";
  return ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}
