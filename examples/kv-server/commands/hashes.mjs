// The commands on hashes: HSET HGET HGETALL HDEL.

import { wrongArity } from "../errors.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 */

/** @type {Run} */
function hset(session, args, reply) {
  if (args.count % 2 !== 0) throw wrongArity("hset");
  const key = args.text(1);
  let hash = session.database.hash(key);
  if (hash === undefined) {
    hash = new Map();
    session.database.put(key, hash);
  }
  const before = hash.size;
  for (let i = 2; i < args.count; i += 2) hash.set(args.text(i), args.value(i + 1));
  reply.integer(hash.size - before);
}

/** @type {Run} */
function hget(session, args, reply) {
  reply.bulk(session.database.hash(args.text(1))?.get(args.text(2)));
}

/** @type {Run} */
function hgetall(session, args, reply) {
  const hash = session.database.hash(args.text(1));
  if (hash === undefined) {
    reply.array(0);
    return;
  }
  reply.array(hash.size * 2);
  for (const [field, value] of hash) {
    reply.bulk(field);
    reply.bulk(value);
  }
}

/** @type {Run} */
function hdel(session, args, reply) {
  const key = args.text(1);
  const hash = session.database.hash(key);
  let deleted = 0;
  if (hash !== undefined) {
    for (let i = 2; i < args.count; i++) if (hash.delete(args.text(i))) deleted++;
    if (hash.size === 0) session.database.delete(key);
  }
  reply.integer(deleted);
}

/** @type {Command[]} */
export const hashCommands = [
  { name: "hset", arity: -4, flags: ["write", "denyoom", "fast"], keys: [1, 1, 1], run: hset },
  { name: "hget", arity: 3, flags: ["readonly", "fast"], keys: [1, 1, 1], run: hget },
  { name: "hgetall", arity: 2, flags: ["readonly"], keys: [1, 1, 1], run: hgetall },
  { name: "hdel", arity: -3, flags: ["write", "fast"], keys: [1, 1, 1], run: hdel },
];
