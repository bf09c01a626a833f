// The two errors that a client can cause: one costs it a reply, the other its connection.

/** A command that cannot be carried out; the message is the error reply without its "-" and line end. */
export class CommandError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "CommandError";
  }
}

/** Input that is not RESP; nothing after it can be understood, so the connection ends. */
export class ProtocolError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "ProtocolError";
  }
}

export const SYNTAX_ERROR = "ERR syntax error";
export const NOT_AN_INTEGER = "ERR value is not an integer or out of range";
export const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";

/**
 * @param {string} name the command, or "command|subcommand"
 * @returns {CommandError}
 */
export function wrongArity(name) {
  return new CommandError(`ERR wrong number of arguments for '${name}' command`);
}
