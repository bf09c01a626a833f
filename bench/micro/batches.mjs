// Times an asynchronous batch with the benchmark package and prints nanoseconds per operation.
import Benchmark from "benchmark";
import { median } from "../harness/statistics.mjs";

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

/** @param {{ value: number }} figures */
export function print(figures) {
  console.log(JSON.stringify(figures));
}
