// The clock of a loop: seconds, monotonic, and by default the very one that users read elsewhere as performance.now().

/** Where a loop takes its time from. */
export interface Clock {
  /** Seconds; never goes back. */
  time(): number;
  /**
   * Asked when a whole turn has found nothing to do; the first timer is due at `deadline` (Infinity: there is none). Gives the
   * real seconds after which to look again: 0 when the clock has just moved its time itself, Infinity when `wake` will be
   * called. Without this method the loop looks again after `deadline - time()` real seconds.
   */
  idle?(deadline: number, wake: () => void): number;
}

export const performanceClock: Clock = {
  time: () => performance.now() / 1000,
};
