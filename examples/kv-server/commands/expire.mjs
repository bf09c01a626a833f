// The commands on deadlines: EXPIRE PEXPIRE TTL PTTL PERSIST.

import { CommandError } from "../errors.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 * @typedef {import("../command-table.mjs").CommandArguments} CommandArguments
 */

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * @param {string} command for the message
 * @param {number | bigint} amount
 * @param {number} unit in milliseconds
 * @returns {number} in milliseconds from now
 * @throws {CommandError} for a point of time that milliseconds in 64 bits cannot tell
 */
export function lifetime(command, amount, unit) {
  // A number is below 2 ** 53, and so never out of range, not even times a thousand.
  if (typeof amount === "number") return amount * unit;
  const exact = amount * BigInt(unit);
  if (exact > INT64_MAX - BigInt(Date.now()) || exact < INT64_MIN) {
    throw new CommandError(`ERR invalid expire time in '${command}' command`);
  }
  return Number(exact);
}

/**
 * @param {string} command
 * @param {number} unit in milliseconds
 * @returns {Run}
 */
function expire(command, unit) {
  return (session, args, reply) => {
    const allows = condition(args);
    const milliseconds = lifetime(command, args.integer(2), unit);
    const database = session.database;
    const entry = database.find(args.text(1));
    const deadline = session.store.clock.time() + milliseconds / 1000;
    if (entry === undefined || !allows(entry.deadline, deadline)) {
      reply.integer(0);
      return;
    }
    if (milliseconds <= 0) database.remove(entry);
    else database.expireAt(entry, deadline);
    reply.integer(1);
  };
}

/**
 * @param {CommandArguments} args
 * @returns {(old: number, deadline: number) => boolean} old is Infinity for a key that stays
 */
function condition(args) {
  let nx = false;
  let xx = false;
  let gt = false;
  let lt = false;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "nx")) nx = true;
    else if (args.is(i, "xx")) xx = true;
    else if (args.is(i, "gt")) gt = true;
    else if (args.is(i, "lt")) lt = true;
    else throw new CommandError(`ERR Unsupported option ${args.text(i)}`);
  }
  if (nx && (xx || gt || lt)) {
    throw new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (gt && lt) throw new CommandError("ERR GT and LT options at the same time are not compatible");
  return (old, deadline) =>
    !(nx && old !== Infinity) &&
    !(xx && old === Infinity) &&
    !(gt && deadline <= old) &&
    !(lt && deadline >= old);
}

/**
 * @param {number} unit in milliseconds
 * @returns {Run}
 */
function timeToLive(unit) {
  return (session, args, reply) => {
    const entry = session.database.find(args.text(1));
    if (entry === undefined) {
      reply.integer(-2);
    } else if (entry.deadline === Infinity) {
      reply.integer(-1);
    } else {
      const milliseconds = Math.max(0, Math.round((entry.deadline - session.store.clock.time()) * 1000));
      reply.integer(Math.floor((milliseconds + unit / 2) / unit));
    }
  };
}

/** @type {Run} */
function persist(session, args, reply) {
  const entry = session.database.find(args.text(1));
  const expires = entry !== undefined && entry.deadline !== Infinity;
  if (expires) session.database.persist(entry);
  reply.integer(expires ? 1 : 0);
}

/** @type {Command[]} */
export const expireCommands = [
  { name: "expire", arity: -3, flags: ["write", "fast"], keys: [1, 1, 1], run: expire("expire", 1000) },
  { name: "pexpire", arity: -3, flags: ["write", "fast"], keys: [1, 1, 1], run: expire("pexpire", 1) },
  { name: "ttl", arity: 2, flags: ["readonly", "fast"], keys: [1, 1, 1], run: timeToLive(1000) },
  { name: "pttl", arity: 2, flags: ["readonly", "fast"], keys: [1, 1, 1], run: timeToLive(1) },
  { name: "persist", arity: 2, flags: ["write", "fast"], keys: [1, 1, 1], run: persist },
];
