// The commands on lists: LPUSH RPUSH LPOP RPOP LLEN LRANGE BLPOP.

import { Waiter } from "../blocking.mjs";
import { Deque } from "../deque.mjs";
import { CommandError, wrongArity } from "../errors.mjs";
import { parseInteger } from "../integers.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 * @typedef {import("../command-table.mjs").CommandArguments} CommandArguments
 */

const NOT_POSITIVE = "ERR value is out of range, must be positive";

/** Redis counts timeouts in milliseconds of 64 bits. */
const LONGEST_TIMEOUT = 2 ** 63 / 1000;

/**
 * @param {boolean} left
 * @returns {Run}
 */
function push(left) {
  return (session, args, reply) => {
    const database = session.database;
    const key = args.text(1);
    let list = database.list(key);
    if (list === undefined) {
      list = new Deque();
      database.put(key, list);
    }
    for (let i = 2; i < args.count; i++) {
      if (left) list.pushLeft(args.value(i));
      else list.pushRight(args.value(i));
    }
    reply.integer(list.length);
    // Only now: the reply counts the items that those who wait take away at once.
    if (!database.waiting.isEmpty) database.waiting.serve(key);
  };
}

/**
 * @param {string} name
 * @param {boolean} left
 * @returns {Run}
 */
function pop(name, left) {
  return (session, args, reply) => {
    if (args.count > 3) throw wrongArity(name);
    const database = session.database;
    const count = args.count === 3 ? positive(args, 2) : undefined;
    const key = args.text(1);
    const list = database.list(key);
    if (list === undefined) {
      if (count === undefined) reply.nullBulk();
      else reply.nullArray();
    } else if (count === undefined) {
      reply.bulk(database.pop(key, list, left));
    } else {
      const taken = Math.min(count, list.length);
      reply.array(taken);
      for (let i = 0; i < taken; i++) reply.bulk(database.pop(key, list, left));
    }
  };
}

/**
 * @param {CommandArguments} args
 * @param {number} index
 * @returns {number}
 */
function positive(args, index) {
  const value = args.size(index) > 20 ? undefined : parseInteger(args.text(index));
  if (value === undefined || value < 0) throw new CommandError(NOT_POSITIVE);
  return Number(value);
}

/** @type {Run} */
function lrange(session, args, reply) {
  let first = Number(args.integer(2));
  let last = Number(args.integer(3));
  const list = session.database.list(args.text(1));
  const length = list?.length ?? 0;
  if (first < 0) first = Math.max(0, first + length);
  if (last < 0) last += length;
  last = Math.min(last, length - 1);
  if (list === undefined || first > last) {
    reply.array(0);
    return;
  }
  reply.array(last - first + 1);
  for (let i = first; i <= last; i++) reply.bulk(list.at(i));
}

/** @type {Run} */
function blpop(session, args, reply) {
  const database = session.database;
  const timeout = seconds(args, args.count - 1);
  /** @type {string[]} */
  const keys = [];
  for (let i = 1; i < args.count - 1; i++) {
    const key = args.text(i);
    const list = database.list(key);
    if (list !== undefined) {
      reply.array(2);
      reply.bulk(key);
      reply.bulk(database.pop(key, list, true));
      return;
    }
    keys.push(key);
  }
  session.waiter = new Waiter(database.waiting, keys, timeout);
  database.waiting.enter(session.waiter);
}

/**
 * @param {CommandArguments} args
 * @param {number} index
 * @returns {number}
 */
function seconds(args, index) {
  const text = args.text(index);
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text)) {
    throw new CommandError("ERR timeout is not a float or out of range");
  }
  const value = Number(text);
  if (value > LONGEST_TIMEOUT) throw new CommandError("ERR timeout is out of range");
  if (value < 0) throw new CommandError("ERR timeout is negative");
  return value;
}

const WRITE_FAST = ["write", "denyoom", "fast"];

/** @type {Command[]} */
export const listCommands = [
  { name: "lpush", arity: -3, flags: WRITE_FAST, keys: [1, 1, 1], run: push(true) },
  { name: "rpush", arity: -3, flags: WRITE_FAST, keys: [1, 1, 1], run: push(false) },
  { name: "lpop", arity: -2, flags: ["write", "fast"], keys: [1, 1, 1], run: pop("lpop", true) },
  { name: "rpop", arity: -2, flags: ["write", "fast"], keys: [1, 1, 1], run: pop("rpop", false) },
  {
    name: "llen",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [1, 1, 1],
    run: (session, args, reply) => reply.integer(session.database.list(args.text(1))?.length ?? 0),
  },
  { name: "lrange", arity: 4, flags: ["readonly"], keys: [1, 1, 1], run: lrange },
  { name: "blpop", arity: -3, flags: ["write", "blocking"], keys: [1, -2, 1], run: blpop },
];
