// The commands on strings: SET GET GETSET INCR INCRBY DECR APPEND STRLEN MGET MSET.

import { CommandError, NOT_AN_INTEGER, SYNTAX_ERROR, wrongArity } from "../errors.mjs";
import { addIntegers, parseInteger } from "../integers.mjs";
import { joinValues, valueText } from "../stored-value.mjs";
import { lifetime } from "./expire.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 * @typedef {import("../command-table.mjs").CommandArguments} CommandArguments
 * @typedef {import("../session.mjs").Session} Session
 */

/**
 * @typedef {object} SetOptions
 * @property {boolean} ifAbsent
 * @property {boolean} ifPresent
 * @property {boolean} giveOld
 * @property {boolean} keepDeadline
 * @property {number | undefined} milliseconds until the key expires
 */

/** @type {Run} */
function set(session, args, reply) {
  const database = session.database;
  if (args.count === 3) {
    database.replace(args.text(1), args.value(2));
    reply.ok();
    return;
  }
  const options = setOptions(args);
  const key = args.text(1);
  const old = options.giveOld ? database.string(key) : undefined;
  const present = database.find(key) !== undefined;
  const refused = present ? options.ifAbsent : options.ifPresent;
  if (!refused) {
    const entry = database.put(key, args.value(2));
    if (options.milliseconds !== undefined) {
      database.expireAt(entry, session.store.clock.time() + options.milliseconds / 1000);
    } else if (!options.keepDeadline) {
      database.persist(entry);
    }
  }
  if (options.giveOld) reply.bulk(old);
  else if (refused) reply.nullBulk();
  else reply.ok();
}

/**
 * @param {CommandArguments} args
 * @returns {SetOptions}
 */
function setOptions(args) {
  /** @type {SetOptions} */
  const options = {
    ifAbsent: false,
    ifPresent: false,
    giveOld: false,
    keepDeadline: false,
    milliseconds: undefined,
  };
  let times = 0;
  let time = 0;
  let unit = 1;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "nx")) options.ifAbsent = true;
    else if (args.is(i, "xx")) options.ifPresent = true;
    else if (args.is(i, "get")) options.giveOld = true;
    else if (args.is(i, "keepttl")) options.keepDeadline = true;
    else if ((args.is(i, "ex") || args.is(i, "px")) && i + 1 < args.count) {
      unit = args.is(i, "ex") ? 1000 : 1;
      time = ++i;
      times++;
    } else throw new CommandError(SYNTAX_ERROR);
  }
  if (times > 1 || (times === 1 && options.keepDeadline)) throw new CommandError(SYNTAX_ERROR);
  if (options.ifAbsent && options.ifPresent) throw new CommandError(SYNTAX_ERROR);
  if (times === 1) {
    options.milliseconds = lifetime("set", args.integer(time), unit);
    if (options.milliseconds <= 0) throw new CommandError("ERR invalid expire time in 'set' command");
  }
  return options;
}

/** @type {Run} */
function get(session, args, reply) {
  reply.bulk(session.database.string(args.text(1)));
}

/** @type {Run} */
function getset(session, args, reply) {
  const key = args.text(1);
  const old = session.database.string(key);
  session.database.replace(key, args.value(2));
  reply.bulk(old);
}

/**
 * @param {Session} session
 * @param {string} key
 * @param {number | bigint} amount
 * @returns {number | bigint}
 */
function add(session, key, amount) {
  const database = session.database;
  const old = database.string(key);
  const number = old === undefined ? 0 : old.length > 20 ? undefined : parseInteger(valueText(old));
  if (number === undefined) throw new CommandError(NOT_AN_INTEGER);
  const sum = addIntegers(number, amount);
  if (sum === undefined) throw new CommandError("ERR increment or decrement would overflow");
  database.put(key, String(sum));
  return sum;
}

/** @type {Run} */
function append(session, args, reply) {
  const key = args.text(1);
  const old = session.database.string(key);
  if (old !== undefined && old.length + args.size(2) > session.store.limits.bulk) {
    throw new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  }
  const joined = old === undefined ? args.value(2) : joinValues(old, args.value(2));
  session.database.put(key, joined);
  reply.integer(joined.length);
}

/** @type {Run} */
function mget(session, args, reply) {
  reply.array(args.count - 1);
  for (let i = 1; i < args.count; i++) {
    const value = session.database.find(args.text(i))?.value;
    reply.bulk(typeof value === "string" || Buffer.isBuffer(value) ? value : undefined);
  }
}

/** @type {Run} */
function mset(session, args, reply) {
  if (args.count % 2 === 0) throw wrongArity("mset");
  for (let i = 1; i < args.count; i += 2) session.database.replace(args.text(i), args.value(i + 1));
  reply.ok();
}

const WRITE = ["write", "denyoom"];
const WRITE_FAST = ["write", "denyoom", "fast"];

/** @type {Command[]} */
export const stringCommands = [
  { name: "set", arity: -3, flags: WRITE, keys: [1, 1, 1], run: set },
  { name: "get", arity: 2, flags: ["readonly", "fast"], keys: [1, 1, 1], run: get },
  { name: "getset", arity: 3, flags: WRITE_FAST, keys: [1, 1, 1], run: getset },
  {
    name: "incr",
    arity: 2,
    flags: WRITE_FAST,
    keys: [1, 1, 1],
    run: (session, args, reply) => reply.integer(add(session, args.text(1), 1)),
  },
  {
    name: "incrby",
    arity: 3,
    flags: WRITE_FAST,
    keys: [1, 1, 1],
    run: (session, args, reply) => reply.integer(add(session, args.text(1), args.integer(2))),
  },
  {
    name: "decr",
    arity: 2,
    flags: WRITE_FAST,
    keys: [1, 1, 1],
    run: (session, args, reply) => reply.integer(add(session, args.text(1), -1)),
  },
  { name: "append", arity: 3, flags: WRITE_FAST, keys: [1, 1, 1], run: append },
  {
    name: "strlen",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [1, 1, 1],
    run: (session, args, reply) => reply.integer(session.database.string(args.text(1))?.length ?? 0),
  },
  { name: "mget", arity: -2, flags: ["readonly", "fast"], keys: [1, -1, 1], run: mget },
  { name: "mset", arity: -3, flags: WRITE, keys: [1, -1, 2], run: mset },
];
