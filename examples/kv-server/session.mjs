// What the server knows about one client, and how it carries out that client's commands.

import { CommandError, wrongArity } from "./errors.mjs";

/**
 * @typedef {import("./command-arguments.mjs").CommandArguments} CommandArguments
 * @typedef {import("./command-table.mjs").CommandTable} CommandTable
 * @typedef {import("./command-table.mjs").Command} Command
 * @typedef {import("./reply.mjs").ReplyWriter} ReplyWriter
 * @typedef {import("./store.mjs").Store} Store
 *
 * @typedef {object} Peer what a session needs of its connection
 * @property {(message: Buffer) => void} deliver sends a message that answers no command
 * @property {string} address
 * @property {string} localAddress
 */

const LONGEST_QUOTE = 128;

/** Names that only a web browser would send, made to talk to the server by a page of somebody else. */
const HTTP_WORDS = ["post", "host:"];

export class Session {
  name = "";
  lastCommand = "NULL";
  /** @type {Set<string>} channels */
  subscriptions = new Set();
  /** Set by a command that has to wait: no further command runs until the connection has cleared it. */
  /** @type {import("./blocking.mjs").Waiter | null} */
  waiter = null;
  /** Set by a command that ends the connection once its reply was sent. */
  leaving = false;
  #table;

  /**
   * @param {Store} store
   * @param {CommandTable} table
   * @param {Peer} peer
   */
  constructor(store, table, peer) {
    this.id = store.nextSessionId++;
    this.store = store;
    this.#table = table;
    this.peer = peer;
    this.database = store.databases[0];
    this.since = store.clock.time();
    this.lastActive = this.since;
  }

  /** Makes the client known to the others. */
  begin() {
    this.store.sessions.add(this);
    this.store.statistics.connections++;
  }

  get table() {
    return this.#table;
  }

  /**
   * @param {CommandArguments} args
   * @param {ReplyWriter} reply
   */
  execute(args, reply) {
    this.store.statistics.commands++;
    const command = this.#table.find(args, 0);
    try {
      if (command === undefined) throw this.#unknown(args);
      const arity = command.arity;
      if (arity > 0 ? args.count !== arity : args.count < -arity) throw wrongArity(command.name);
      if (this.subscriptions.size > 0 && command.whileSubscribed !== true) throw notWhileSubscribed(command);
      this.lastCommand = command.name;
      command.run(this, args, reply);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (!this.leaving) reply.error(error.message);
    }
  }

  /** @param {Buffer} message */
  deliver(message) {
    this.peer.deliver(message);
  }

  /** Forgets the client everywhere; an item that it was not told of goes back to its list. */
  end() {
    for (const channel of this.subscriptions) this.store.pubsub.unsubscribe(channel, this);
    this.subscriptions.clear();
    this.store.sessions.delete(this);
    const waiter = this.waiter;
    this.waiter = null;
    waiter?.forsake();
  }

  /** @param {CommandArguments} args */
  #unknown(args) {
    if (HTTP_WORDS.some((word) => args.is(0, word))) this.leaving = true;
    let quoted = "";
    for (let i = 1; i < args.count && quoted.length < LONGEST_QUOTE; i++) {
      quoted += `'${quote(args, i, LONGEST_QUOTE - quoted.length)}' `;
    }
    const name = quote(args, 0, LONGEST_QUOTE);
    return new CommandError(`ERR unknown command '${name}', with args beginning with: ${quoted}`);
  }
}

/**
 * @param {CommandArguments} args
 * @param {number} index
 * @param {number} limit
 */
function quote(args, index, limit) {
  return args.borrowed(index).toString("latin1", 0, Math.min(limit, args.size(index)));
}

/** @param {Command} command */
function notWhileSubscribed(command) {
  return new CommandError(
    `ERR Can't execute '${command.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET` +
      " are allowed in this context",
  );
}
