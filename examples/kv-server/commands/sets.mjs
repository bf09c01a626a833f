// The commands on sets: SADD SMEMBERS SREM.

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 */

/** @type {Run} */
function sadd(session, args, reply) {
  const key = args.text(1);
  let set = session.database.set(key);
  if (set === undefined) {
    set = new Set();
    session.database.put(key, set);
  }
  const before = set.size;
  for (let i = 2; i < args.count; i++) set.add(args.text(i));
  reply.integer(set.size - before);
}

/** @type {Run} */
function smembers(session, args, reply) {
  reply.bulks([...(session.database.set(args.text(1)) ?? [])]);
}

/** @type {Run} */
function srem(session, args, reply) {
  const key = args.text(1);
  const set = session.database.set(key);
  let removed = 0;
  if (set !== undefined) {
    for (let i = 2; i < args.count; i++) if (set.delete(args.text(i))) removed++;
    if (set.size === 0) session.database.delete(key);
  }
  reply.integer(removed);
}

/** @type {Command[]} */
export const setCommands = [
  { name: "sadd", arity: -3, flags: ["write", "denyoom", "fast"], keys: [1, 1, 1], run: sadd },
  { name: "smembers", arity: 2, flags: ["readonly"], keys: [1, 1, 1], run: smembers },
  { name: "srem", arity: -3, flags: ["write", "fast"], keys: [1, 1, 1], run: srem },
];
