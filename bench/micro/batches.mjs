// Times an asynchronous batch with the benchmark package and prints nanoseconds per operation.
import Benchmark from "benchmark";
import { median } from "../harness/statistics.mjs";

const LEAST_RUNS = 3;

/**
 * @param {object} options
 * @param {number} options.seconds how long to sample
 * @param {number} options.operations in one batch
 * @param {(done: () => void) => void} options.batch starts one batch and calls done at its end
 * @returns {Promise<number>} nanoseconds per operation, the median over the package's samples
 */
export function nanosecondsPerOperation({ seconds, operations, batch }) {
  return new Promise((resolve, reject) => {
    new Benchmark({
      defer: true,
      maxTime: seconds,
      minSamples: 5,
      fn: (deferred) => batch(() => deferred.resolve()),
      onComplete() {
        if (this.error) reject(this.error);
        else resolve((median(this.stats.sample) * 1e9) / operations);
      },
    }).run({ async: true });
  });
}

/**
 * For what needs a preparation that must not count: `run` times the part that does.
 *
 * @param {object} options
 * @param {number} options.seconds how long to go on, preparations included
 * @param {number} options.operations in one run
 * @param {() => Promise<number>} options.run gives nanoseconds
 * @returns {Promise<number>} nanoseconds per operation, the median over the runs
 */
export async function medianOfRuns({ seconds, operations, run }) {
  const samples = [];
  const end = performance.now() + seconds * 1000;
  while (samples.length < LEAST_RUNS || performance.now() < end) samples.push((await run()) / operations);
  return median(samples);
}

/** @param {{ value: number }} figures */
export function print(figures) {
  console.log(JSON.stringify(figures));
}
