// Everything that the commands of all clients share: databases, channels, sessions, figures and limits.

import { Database } from "./database.mjs";
import { Expiry } from "./expiry.mjs";
import { PubSub } from "./pubsub.mjs";

/**
 * @typedef {object} Limits all in bytes
 * @property {number} bulk one argument
 * @property {number} query commands that were received and did not run yet, for each client
 * @property {number} backlog messages that a subscriber did not take yet
 *
 * @typedef {object} Identity what INFO and CONFIG tell about the server
 * @property {string} host
 * @property {number} port
 * @property {string} backend
 */

const DATABASES = 16;

/** The same as Redis has. @type {Limits} */
export const DEFAULT_LIMITS = {
  bulk: 512 * 1024 * 1024,
  query: 1024 * 1024 * 1024,
  backlog: 32 * 1024 * 1024,
};

/** Whose replies these are modelled on; clients read it to learn what they may send. */
export const REDIS_VERSION = "7.0.0";

export class Store {
  pubsub = new PubSub();
  nextSessionId = 1;
  statistics = { connections: 0, commands: 0, dropped: 0 };
  /** @type {Set<import("./session.mjs").Session>} */
  sessions = new Set();
  /** @type {() => number} turns of the event loop so far */
  loopTurns = () => 0;
  /** @type {Identity} */
  identity = { host: "", port: 0, backend: "" };

  /**
   * @param {import("./expiry.mjs").Clock} clock the event loop
   * @param {Limits} [limits]
   */
  constructor(clock, limits = DEFAULT_LIMITS) {
    this.clock = clock;
    this.limits = limits;
    this.since = clock.time();
    this.expiry = new Expiry(clock);
    this.databases = Array.from({ length: DATABASES }, (_, index) => new Database(index, this.expiry));
  }
}
