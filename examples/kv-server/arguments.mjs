// Reads the command line.

import { parseArgs } from "node:util";
import { DEFAULT_LIMITS } from "./store.mjs";

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {string} host
 * @property {number} port
 * @property {"native" | "pure" | undefined} backend undefined for whichever loads
 * @property {import("./store.mjs").Limits} limits
 */

export const USAGE = `Usage: kv-server [options]

A key-value server that speaks the Redis protocol (RESP2).

  --host <address>      where to listen (127.0.0.1)
  --port <number>       where to listen; 0 for any free port (6380)
  --backend <name>      the event loop: native or pure (native, where it loads)
  --max-bulk <bytes>    the longest argument of a command (${DEFAULT_LIMITS.bulk})
  --max-query <bytes>   commands held for a client that did not run yet (${DEFAULT_LIMITS.query})
  --max-backlog <bytes> messages held for a subscriber that does not read (${DEFAULT_LIMITS.backlog})
  --help                print this`;

/** A command line that is not understood; the message is one line. */
export class UsageError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "UsageError";
  }
}

/**
 * @param {string[]} argv without the names of the program
 * @returns {Options}
 * @throws {UsageError}
 */
export function parseArguments(argv) {
  const values = parse(argv);
  return {
    help: values.help ?? false,
    host: values.host ?? "127.0.0.1",
    port: number("port", values.port, 6380, 65535),
    backend: backend(values.backend),
    limits: {
      bulk: number("max-bulk", values["max-bulk"], DEFAULT_LIMITS.bulk, DEFAULT_LIMITS.bulk),
      query: number("max-query", values["max-query"], DEFAULT_LIMITS.query, DEFAULT_LIMITS.query),
      backlog: number("max-backlog", values["max-backlog"], DEFAULT_LIMITS.backlog, Number.MAX_SAFE_INTEGER),
    },
  };
}

/** @param {string[]} argv */
function parse(argv) {
  try {
    return parseArgs({
      args: argv,
      options: {
        help: { type: "boolean", short: "h" },
        host: { type: "string" },
        port: { type: "string" },
        backend: { type: "string" },
        "max-bulk": { type: "string" },
        "max-query": { type: "string" },
        "max-backlog": { type: "string" },
      },
    }).values;
  } catch (error) {
    // Node adds advice behind the first sentence.
    const message = error instanceof Error ? error.message.split(/[.\n]/)[0] : String(error);
    throw new UsageError(message);
  }
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} fallback
 * @param {number} largest
 */
function number(name, text, fallback, largest) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value > largest) {
    throw new UsageError(`--${name} must be a whole number from 0 to ${largest}, not '${text}'`);
  }
  return value;
}

/**
 * @param {string | undefined} name
 * @returns {"native" | "pure" | undefined}
 */
function backend(name) {
  if (name === undefined || name === "native" || name === "pure") return name;
  throw new UsageError(`--backend must be native or pure, not '${name}'`);
}
