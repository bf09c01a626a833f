// The clock of a loop: seconds, monotonic, and the very one that users read elsewhere as performance.now().

/** Where a loop takes its time from. */
export interface Clock {
  /** Seconds; never goes back. */
  time(): number;
}

export const performanceClock: Clock = {
  time: () => performance.now() / 1000,
};
