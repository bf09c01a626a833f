// Prints the figures of the tables: rates, times, sizes and shares.

/** 253 k, 4.65 M: three figures are more than a run of this kind can tell. */
export function rate(value) {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value < 1e4 ? 2 : value < 1e5 ? 1 : 0)} k`;
  return value.toFixed(0);
}

export function microseconds(value) {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} ms` : value.toFixed(value < 100 ? 1 : 0);
}

export function nanoseconds(value) {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

export function bytes(value) {
  return value.toFixed(0);
}

export function percent(value) {
  return `${(value * 100).toFixed(0)} %`;
}

export function mebibytes(value) {
  return (value / 2 ** 20).toFixed(1);
}
