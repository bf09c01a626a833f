// Makes one command of several subcommands: CONFIG GET, CLIENT LIST, COMMAND COUNT.

import { CommandError, wrongArity } from "../errors.mjs";

/**
 * @typedef {import("../command-table.mjs").Run} Run
 *
 * @typedef {object} Subcommand
 * @property {string} name in lower case
 * @property {number} arity the command's own name counted too; negative for "at least"
 * @property {string} usage
 * @property {string} summary
 * @property {Run} run
 */

/**
 * @param {string} command in lower case
 * @param {Subcommand[]} subcommands
 * @returns {Run} which also knows HELP
 */
export function withSubcommands(command, subcommands) {
  const title = command.toUpperCase();
  return (session, args, reply) => {
    const found = subcommands.find((subcommand) => args.is(1, subcommand.name));
    if (found !== undefined) {
      const enough = found.arity > 0 ? args.count === found.arity : args.count >= -found.arity;
      if (!enough) throw wrongArity(`${command}|${found.name}`);
      session.lastCommand = `${command}|${found.name}`;
      found.run(session, args, reply);
    } else if (args.is(1, "help")) {
      if (args.count !== 2) throw wrongArity(`${command}|help`);
      const lines = [`${title} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`];
      for (const { usage, summary } of subcommands) lines.push(usage, `    ${summary}`);
      lines.push("HELP", "    Prints this help.");
      reply.array(lines.length);
      for (const line of lines) reply.status(line);
    } else {
      const name = args.borrowed(1).toString("latin1", 0, Math.min(128, args.size(1)));
      throw new CommandError(`ERR unknown subcommand '${name}'. Try ${title} HELP.`);
    }
  };
}
