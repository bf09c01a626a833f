// The commands on the server as a whole: DBSIZE FLUSHALL INFO CONFIG COMMAND.

import { CommandError, SYNTAX_ERROR } from "../errors.mjs";
import { globMatches } from "../glob.mjs";
import { information } from "../information.mjs";
import { withSubcommands } from "./subcommands.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 * @typedef {import("../command-table.mjs").ReplyWriter} ReplyWriter
 * @typedef {import("../store.mjs").Store} Store
 */

/** @type {Run} */
function flushall(session, args, reply) {
  const known = args.count === 1 || (args.count === 2 && (args.is(1, "async") || args.is(1, "sync")));
  if (!known) throw new CommandError(SYNTAX_ERROR);
  for (const database of session.store.databases) database.clear();
  reply.ok();
}

/** @type {Run} */
function info(session, args, reply) {
  /** @type {string[]} */
  const sections = [];
  for (let i = 1; i < args.count; i++) sections.push(args.text(i).toLowerCase());
  reply.bulk(Buffer.from(information(session.store, sections), "latin1"));
}

/**
 * @param {Store} store
 * @returns {[string, string][]}
 */
function settings({ identity, limits, databases }) {
  return [
    ["appendonly", "no"],
    ["bind", identity.host],
    ["client-output-buffer-limit", `pubsub ${limits.backlog} 0 0`],
    ["client-query-buffer-limit", String(limits.query)],
    ["databases", String(databases.length)],
    ["port", String(identity.port)],
    ["proto-max-bulk-len", String(limits.bulk)],
    ["save", ""],
    ["timeout", "0"],
  ];
}

const config = withSubcommands("config", [
  {
    name: "get",
    arity: -3,
    usage: "GET <pattern>",
    summary: "Return parameters matching the glob-like <pattern> and their values.",
    run: (session, args, reply) => {
      /** @type {string[]} */
      const patterns = [];
      for (let i = 2; i < args.count; i++) patterns.push(args.text(i).toLowerCase());
      const chosen = settings(session.store).filter(([name]) =>
        patterns.some((pattern) => globMatches(pattern, name)),
      );
      reply.bulks(chosen.flat());
    },
  },
]);

/**
 * @param {ReplyWriter} reply
 * @param {Command | undefined} entry
 */
function writeEntry(reply, entry) {
  if (entry === undefined) {
    reply.nullArray();
    return;
  }
  reply.array(10);
  reply.bulk(entry.name);
  reply.integer(entry.arity);
  reply.array(entry.flags.length);
  for (const flag of entry.flags) reply.status(flag);
  for (const position of entry.keys) reply.integer(position);
  // Access categories, tips, key specifications, subcommands: none are told.
  for (let i = 0; i < 4; i++) reply.array(0);
}

/**
 * @param {ReplyWriter} reply
 * @param {(Command | undefined)[]} entries
 */
function writeEntries(reply, entries) {
  reply.array(entries.length);
  for (const entry of entries) writeEntry(reply, entry);
}

const commandSubcommands = withSubcommands("command", [
  {
    name: "count",
    arity: 2,
    usage: "COUNT",
    summary: "Return the total number of commands in this server.",
    run: (session, args, reply) => reply.integer(session.table.commands.length),
  },
  {
    name: "docs",
    arity: -2,
    usage: "DOCS [<command-name> ...]",
    summary: "Return documentation details about commands: this server has none.",
    run: (session, args, reply) => reply.array(0),
  },
  {
    name: "info",
    arity: -2,
    usage: "INFO [<command-name> ...]",
    summary: "Return details about the named commands, or about all.",
    run: (session, args, reply) => {
      /** @type {(Command | undefined)[]} */
      const entries = args.count === 2 ? session.table.commands : [];
      for (let i = 2; i < args.count; i++) entries.push(session.table.find(args, i));
      writeEntries(reply, entries);
    },
  },
  {
    name: "list",
    arity: 2,
    usage: "LIST",
    summary: "Return a list of all commands in this server.",
    run: (session, args, reply) => reply.bulks(session.table.commands.map((entry) => entry.name)),
  },
]);

/** @type {Run} */
function command(session, args, reply) {
  if (args.count === 1) writeEntries(reply, session.table.commands);
  else commandSubcommands(session, args, reply);
}

/** @type {Command[]} */
export const serverCommands = [
  {
    name: "dbsize",
    arity: 1,
    flags: ["readonly", "fast"],
    keys: [0, 0, 0],
    run: (session, args, reply) => reply.integer(session.database.size),
  },
  { name: "flushall", arity: -1, flags: ["write"], keys: [0, 0, 0], run: flushall },
  { name: "info", arity: -1, flags: ["loading", "stale"], keys: [0, 0, 0], run: info },
  { name: "config", arity: -2, flags: ["admin", "noscript"], keys: [0, 0, 0], run: config },
  { name: "command", arity: -1, flags: ["loading", "stale"], keys: [0, 0, 0], run: command },
];
