// The commands on the connection itself: PING ECHO SELECT HELLO CLIENT QUIT.

import { CommandError, NOT_AN_INTEGER } from "../errors.mjs";
import { parseInteger } from "../integers.mjs";
import { REDIS_VERSION } from "../store.mjs";
import { withSubcommands } from "./subcommands.mjs";

/**
 * @typedef {import("../command-table.mjs").Command} Command
 * @typedef {import("../command-table.mjs").Run} Run
 * @typedef {import("../command-table.mjs").CommandArguments} CommandArguments
 * @typedef {import("../session.mjs").Session} Session
 */

/** @type {Run} */
function ping(session, args, reply) {
  if (args.count > 2) throw new CommandError("ERR wrong number of arguments for 'ping' command");
  if (session.subscriptions.size > 0) {
    reply.array(2);
    reply.bulk("pong");
    reply.bulk(args.count === 2 ? args.value(1) : "");
  } else if (args.count === 2) {
    reply.bulk(args.value(1));
  } else {
    reply.pong();
  }
}

/** @type {Run} */
function select(session, args, reply) {
  const index = args.integer(1);
  if (typeof index === "bigint") throw new CommandError(NOT_AN_INTEGER);
  const database = session.store.databases[index];
  if (database === undefined) throw new CommandError("ERR DB index is out of range");
  session.database = database;
  reply.ok();
}

/** @type {Run} */
function hello(session, args, reply) {
  let name;
  if (args.count > 1) {
    const version = parseInteger(args.text(1));
    if (version === undefined) {
      throw new CommandError("ERR Protocol version is not an integer or out of range");
    }
    // Only RESP2 is spoken here: clients fall back to it, as they do with a server older than RESP3.
    if (version !== 2) throw new CommandError("NOPROTO unsupported protocol version");
    for (let i = 2; i < args.count; i++) {
      if (args.is(i, "auth") && i + 2 < args.count) {
        // Without a password set, the user "default" may log in with any.
        if (args.text(i + 1) !== "default") {
          throw new CommandError("WRONGPASS invalid username-password pair or user is disabled.");
        }
        i += 2;
      } else if (args.is(i, "setname") && i + 1 < args.count) {
        name = clientName(args, ++i);
      } else {
        throw new CommandError(`ERR Syntax error in HELLO option '${args.text(i)}'`);
      }
    }
  }
  if (name !== undefined) session.name = name;
  reply.array(14);
  reply.bulk("server");
  reply.bulk("redis");
  reply.bulk("version");
  reply.bulk(REDIS_VERSION);
  reply.bulk("proto");
  reply.integer(2);
  reply.bulk("id");
  reply.integer(session.id);
  reply.bulk("mode");
  reply.bulk("standalone");
  reply.bulk("role");
  reply.bulk("master");
  reply.bulk("modules");
  reply.array(0);
}

/**
 * @param {CommandArguments} args
 * @param {number} index
 * @returns {string}
 */
function clientName(args, index) {
  const name = args.text(index);
  if (!/^[!-~]*$/.test(name)) {
    throw new CommandError("ERR Client names cannot contain spaces, newlines or special characters.");
  }
  return name;
}

/**
 * One line of CLIENT LIST, of the fields that mean something here.
 * @param {Session} session
 */
function describe(session) {
  const now = session.store.clock.time();
  const flags = session.subscriptions.size > 0 ? "P" : session.waiter !== null ? "b" : "N";
  return [
    `id=${session.id}`,
    `addr=${session.peer.address}`,
    `laddr=${session.peer.localAddress}`,
    `name=${session.name}`,
    `age=${Math.floor(now - session.since)}`,
    `idle=${Math.floor(now - session.lastActive)}`,
    `flags=${flags}`,
    `db=${session.database.index}`,
    `sub=${session.subscriptions.size}`,
    `psub=0`,
    `multi=-1`,
    `cmd=${session.lastCommand}`,
    `user=default`,
    `resp=2`,
  ].join(" ");
}

const client = withSubcommands("client", [
  {
    name: "id",
    arity: 2,
    usage: "ID",
    summary: "Return the ID of the current connection.",
    run: (session, args, reply) => reply.integer(session.id),
  },
  {
    name: "getname",
    arity: 2,
    usage: "GETNAME",
    summary: "Return the name of the current connection.",
    run: (session, args, reply) => reply.bulk(session.name === "" ? undefined : session.name),
  },
  {
    name: "setname",
    arity: 3,
    usage: "SETNAME <name>",
    summary: "Assign the name <name> to the current connection.",
    run: (session, args, reply) => {
      session.name = clientName(args, 2);
      reply.ok();
    },
  },
  {
    // Newer clients introduce their library this way and go on whatever the answer is.
    name: "setinfo",
    arity: 4,
    usage: "SETINFO <option> <value>",
    summary: "Take notice of what the client tells about itself (LIB-NAME, LIB-VER).",
    run: (session, args, reply) => {
      if (!args.is(2, "lib-name") && !args.is(2, "lib-ver")) {
        throw new CommandError(`ERR Unrecognized option '${args.text(2)}'`);
      }
      reply.ok();
    },
  },
  {
    name: "info",
    arity: 2,
    usage: "INFO",
    summary: "Return information about the current client connection.",
    run: (session, args, reply) => reply.bulk(`${describe(session)}\n`),
  },
  {
    name: "list",
    arity: 2,
    usage: "LIST",
    summary: "Return information about client connections.",
    run: (session, args, reply) => {
      reply.bulk([...session.store.sessions].map((each) => `${describe(each)}\n`).join(""));
    },
  },
]);

/** @type {Run} */
function quit(session, args, reply) {
  session.leaving = true;
  reply.ok();
}

const FAST = ["loading", "stale", "fast"];

/** @type {Command[]} */
export const connectionCommands = [
  { name: "ping", arity: -1, flags: ["fast"], keys: [0, 0, 0], whileSubscribed: true, run: ping },
  {
    name: "echo",
    arity: 2,
    flags: ["fast"],
    keys: [0, 0, 0],
    run: (session, args, reply) => reply.bulk(args.value(1)),
  },
  { name: "select", arity: 2, flags: FAST, keys: [0, 0, 0], run: select },
  { name: "hello", arity: -1, flags: ["noscript", ...FAST], keys: [0, 0, 0], run: hello },
  { name: "client", arity: -2, flags: ["admin", "noscript"], keys: [0, 0, 0], run: client },
  { name: "quit", arity: -1, flags: FAST, keys: [0, 0, 0], whileSubscribed: true, run: quit },
];
