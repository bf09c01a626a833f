// Ends keys at their deadlines with the event loop's timers: one timer for each key that expires.

/**
 * @typedef {{ cancel(): void }} Timer
 *
 * @typedef {object} Clock the two things that expiry needs of an event loop; both in seconds
 * @property {() => number} time
 * @property {(delay: number, callback: (...args: any[]) => void, ...args: any[]) => Timer} callLater
 *
 * @typedef {import("./database.mjs").Entry} Entry
 * @typedef {import("./database.mjs").Database} Database
 */

/** In seconds. A deadline may lie a million years ahead, beyond what a timer counts; it is reached a day at a time. */
const LONGEST_TIMER = 86_400;

export class Expiry {
  /** Keys that ended at their deadline since the start. */
  expired = 0;

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  /** @returns {number} now, in seconds */
  now() {
    return this.clock.time();
  }

  /** @param {Entry} entry */
  isDue(entry) {
    return entry.deadline !== Infinity && this.clock.time() >= entry.deadline;
  }

  /**
   * @param {Database} database
   * @param {Entry} entry
   * @param {number} deadline on the loop's clock, in seconds
   */
  set(database, entry, deadline) {
    entry.timer?.cancel();
    entry.deadline = deadline;
    this.#arm(database, entry);
  }

  /** @param {Entry} entry */
  clear(entry) {
    entry.timer?.cancel();
    entry.timer = null;
    entry.deadline = Infinity;
  }

  /**
   * @param {Database} database
   * @param {Entry} entry
   */
  #arm(database, entry) {
    const delay = Math.min(Math.max(entry.deadline - this.clock.time(), 0), LONGEST_TIMER);
    entry.timer = this.clock.callLater(delay, this.#fire, database, entry);
  }

  /**
   * @param {Database} database
   * @param {Entry} entry
   */
  #fire = (database, entry) => {
    if (!this.isDue(entry)) {
      this.#arm(database, entry);
      return;
    }
    database.expire(entry);
  };
}
