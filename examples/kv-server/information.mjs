// Writes the text of the INFO command: what the server is, and how it fares.

import { REDIS_VERSION } from "./store.mjs";

/** @typedef {import("./store.mjs").Store} Store */

/** @type {Record<string, (store: Store) => [string, string | number][]>} */
const SECTIONS = {
  Server: ({ identity, clock, since }) => [
    ["redis_version", REDIS_VERSION],
    ["redis_mode", "standalone"],
    ["server_name", "asyncio-uv kv-server"],
    ["node_version", process.version],
    ["event_loop_backend", identity.backend],
    ["process_id", process.pid],
    ["tcp_port", identity.port],
    ["uptime_in_seconds", Math.floor(clock.time() - since)],
  ],
  Clients: ({ sessions }) => [
    ["connected_clients", sessions.size],
    ["blocked_clients", countIf(sessions, (session) => session.waiter !== null)],
    ["pubsub_clients", countIf(sessions, (session) => session.subscriptions.size > 0)],
  ],
  Memory: () => {
    const { rss, heapUsed, external } = process.memoryUsage();
    return [
      ["used_memory", heapUsed + external],
      ["used_memory_rss", rss],
    ];
  },
  Stats: ({ statistics, expiry, pubsub, loopTurns }) => [
    ["total_connections_received", statistics.connections],
    ["total_commands_processed", statistics.commands],
    ["expired_keys", expiry.expired],
    ["pubsub_channels", pubsub.channels],
    ["client_output_buffer_limit_disconnections", statistics.dropped],
    ["event_loop_turns", loopTurns()],
  ],
  Replication: () => [
    ["role", "master"],
    ["connected_slaves", 0],
  ],
  Keyspace: ({ databases }) =>
    databases
      .filter((database) => database.size > 0)
      .map((database) => [
        `db${database.index}`,
        `keys=${database.size},expires=${database.expiring},avg_ttl=0`,
      ]),
};

const EVERYTHING = ["all", "default", "everything"];

/**
 * @param {Store} store
 * @param {string[]} wanted names of sections in lower case; none for all
 * @returns {string}
 */
export function information(store, wanted) {
  const all = wanted.length === 0 || wanted.some((name) => EVERYTHING.includes(name));
  const parts = [];
  for (const [title, section] of Object.entries(SECTIONS)) {
    if (!all && !wanted.includes(title.toLowerCase())) continue;
    const lines = section(store).map(([name, value]) => `${name}:${value}\r\n`);
    parts.push(`# ${title}\r\n${lines.join("")}`);
  }
  return parts.join("\r\n");
}

/**
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => boolean} test
 */
function countIf(items, test) {
  let count = 0;
  for (const item of items) if (test(item)) count++;
  return count;
}
