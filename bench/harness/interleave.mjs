// Orders the samples so that a drift of the machine falls on all contestants alike.

/**
 * A B C, then C B A, then A B C...: each contestant once a round, each round the other way about.
 *
 * @template T
 * @param {readonly T[]} contestants
 * @param {number} rounds
 * @returns {T[]}
 */
export function interleave(contestants, rounds) {
  const order = [];
  for (let round = 0; round < rounds; round++) {
    order.push(...(round % 2 === 0 ? contestants : [...contestants].reverse()));
  }
  return order;
}
