// Finds a command by its name, in either case, without making a string of it.

/**
 * @typedef {import("./command-arguments.mjs").CommandArguments} CommandArguments
 * @typedef {import("./reply.mjs").ReplyWriter} ReplyWriter
 * @typedef {import("./session.mjs").Session} Session
 *
 * @callback Run Writes exactly one reply, or throws a CommandError before it wrote anything.
 * @param {Session} session
 * @param {CommandArguments} args
 * @param {ReplyWriter} reply
 * @returns {void}
 *
 * @typedef {object} Command
 * @property {string} name in lower case
 * @property {number} arity arguments with the name counted; negative for "at least"
 * @property {string[]} flags as COMMAND tells them
 * @property {[first: number, last: number, step: number]} keys which arguments are keys; zeros for none
 * @property {boolean} [whileSubscribed] whether a subscriber may use it
 * @property {Run} run
 */

const SLOTS = 256;

export class CommandTable {
  /** @type {(Command | undefined)[]} open addressing; four times as many slots as there are commands */
  #slots = new Array(SLOTS).fill(undefined);

  /** @param {Command[]} commands */
  constructor(commands) {
    this.commands = commands;
    for (const command of commands) {
      const { name } = command;
      let slot = hash(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & (SLOTS - 1);
      this.#slots[slot] = command;
    }
  }

  /**
   * @param {CommandArguments} args
   * @param {number} index the argument that is the name
   * @returns {Command | undefined}
   */
  find(args, index) {
    const start = args.starts[index];
    const end = args.ends[index];
    if (start === end) return undefined;
    let slot = hash(end - start, args.buffer[start] | 0x20, args.buffer[end - 1] | 0x20);
    for (;;) {
      const command = this.#slots[slot];
      if (command === undefined || args.is(index, command.name)) return command;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }
}

/**
 * @param {number} length
 * @param {number} first
 * @param {number} last
 */
function hash(length, first, last) {
  return (length * 37 + first * 5 + last * 11) & (SLOTS - 1);
}
