// The commands on keys of any type: DEL EXISTS TYPE KEYS SCAN.

import { typeName } from "../database.mjs";
import { CommandError, NOT_AN_INTEGER, SYNTAX_ERROR } from "../errors.mjs";
import { globMatches } from "../glob.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 */

const SCAN_COUNT = 10;

/** @type {Run} */
function del(session, args, reply) {
  let deleted = 0;
  for (let i = 1; i < args.count; i++) if (session.database.delete(args.text(i))) deleted++;
  reply.integer(deleted);
}

/** @type {Run} */
function exists(session, args, reply) {
  let found = 0;
  for (let i = 1; i < args.count; i++) if (session.database.find(args.text(i)) !== undefined) found++;
  reply.integer(found);
}

/** @type {Run} */
function type(session, args, reply) {
  const entry = session.database.find(args.text(1));
  reply.status(entry === undefined ? "none" : typeName(entry.value));
}

/** @type {Run} */
function keys(session, args, reply) {
  const pattern = args.text(1);
  /** @type {string[]} */
  const found = [];
  session.database.scan(0, Infinity, (entry) => {
    if (pattern === "*" || globMatches(pattern, entry.key)) found.push(entry.key);
  });
  reply.bulks(found);
}

/** @type {Run} */
function scan(session, args, reply) {
  const cursorText = args.text(1);
  if (!/^[0-9]{1,20}$/.test(cursorText)) throw new CommandError("ERR invalid cursor");
  let pattern = "*";
  let count = SCAN_COUNT;
  let wanted = "";
  for (let i = 2; i < args.count; i += 2) {
    if (i + 1 === args.count) throw new CommandError(SYNTAX_ERROR);
    if (args.is(i, "match")) {
      pattern = args.text(i + 1);
    } else if (args.is(i, "type")) {
      wanted = args.text(i + 1).toLowerCase();
    } else if (args.is(i, "count")) {
      const value = args.integer(i + 1);
      if (typeof value === "bigint") throw new CommandError(NOT_AN_INTEGER);
      if (value < 1) throw new CommandError(SYNTAX_ERROR);
      count = value;
    } else {
      throw new CommandError(SYNTAX_ERROR);
    }
  }
  /** @type {string[]} */
  const found = [];
  const next = session.database.scan(Number(cursorText), count, (entry) => {
    if (wanted !== "" && typeName(entry.value) !== wanted) return;
    if (pattern === "*" || globMatches(pattern, entry.key)) found.push(entry.key);
  });
  reply.array(2);
  reply.bulk(String(next));
  reply.bulks(found);
}

/** @type {Command[]} */
export const keyCommands = [
  { name: "del", arity: -2, flags: ["write"], keys: [1, -1, 1], run: del },
  { name: "exists", arity: -2, flags: ["readonly", "fast"], keys: [1, -1, 1], run: exists },
  { name: "type", arity: 2, flags: ["readonly", "fast"], keys: [1, 1, 1], run: type },
  { name: "keys", arity: 2, flags: ["readonly"], keys: [0, 0, 0], run: keys },
  { name: "scan", arity: -2, flags: ["readonly"], keys: [0, 0, 0], run: scan },
];
