// Reduces the samples of one contestant to the figures that the tables print.

/**
 * @param {number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  if (values.length === 0) throw new RangeError("median of no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How far apart the samples lie, as a share of their median; 0 for a single sample.
 *
 * @param {number[]} values
 * @returns {number}
 */
export function spread(values) {
  const centre = median(values);
  return centre === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / Math.abs(centre);
}

/**
 * How many times better `ours` is than `theirs`: above 1 is better, whichever way the unit points.
 *
 * @param {number} ours
 * @param {number} theirs
 * @param {"higher" | "lower"} better
 * @returns {number}
 */
export function advantage(ours, theirs, better) {
  return better === "higher" ? ours / theirs : theirs / ours;
}

/**
 * The advantage round by round, and of these the median: what drifts within minutes falls on both sides of each
 * quotient, so this is steadier than the quotient of the medians. Falls back to that where the rounds do not match.
 *
 * @param {number[]} ours in the order of the rounds
 * @param {number[]} theirs
 * @param {"higher" | "lower"} better
 * @returns {number}
 */
export function pairedAdvantage(ours, theirs, better) {
  if (ours.length !== theirs.length) return advantage(median(ours), median(theirs), better);
  return median(ours.map((value, round) => advantage(value, theirs[round], better)));
}

/**
 * Medians of every numeric field of the samples' extras; a field that a sample lacks is left out of its median.
 *
 * @param {Array<Record<string, number | null | undefined>>} records
 * @returns {Record<string, number>}
 */
export function fieldMedians(records) {
  /** @type {Map<string, number[]>} */
  const columns = new Map();
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      if (typeof value !== "number" || Number.isNaN(value)) continue;
      if (!columns.has(key)) columns.set(key, []);
      columns.get(key).push(value);
    }
  }
  return Object.fromEntries([...columns].map(([key, values]) => [key, median(values)]));
}
