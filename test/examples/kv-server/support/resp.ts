// Writes RESP2 commands and reads RESP2 replies, independently of the server's own code.

/** An error reply, kept apart from a bulk string of the same text. */
export class ErrorReply {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** A status reply such as +OK. */
export class StatusReply {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Reply = string | number | bigint | null | ErrorReply | StatusReply | Reply[];

/** Text is taken as latin1: one character for each byte. */
export function encodeCommand(args: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const arg of args) {
    const bytes = typeof arg === "string" ? Buffer.from(arg, "latin1") : arg;
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n"));
  }
  return Buffer.concat(parts);
}

/** Reads the reply at `start`; undefined when it is not there whole. */
export function decodeReply(bytes: Buffer, start = 0): { reply: Reply; end: number } | undefined {
  const lineEnd = bytes.indexOf("\r\n", start);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString("latin1", start + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(bytes[start])) {
    case "+":
      return { reply: new StatusReply(line), end: next };
    case "-":
      return { reply: new ErrorReply(line), end: next };
    case ":": {
      const exact = BigInt(line);
      return { reply: Number.isSafeInteger(Number(exact)) ? Number(exact) : exact, end: next };
    }
    case "$": {
      const length = Number(line);
      if (length === -1) return { reply: null, end: next };
      if (bytes.length < next + length + 2) return undefined;
      return { reply: bytes.toString("latin1", next, next + length), end: next + length + 2 };
    }
    case "*": {
      const count = Number(line);
      if (count === -1) return { reply: null, end: next };
      const items: Reply[] = [];
      let at = next;
      for (let i = 0; i < count; i++) {
        const item = decodeReply(bytes, at);
        if (item === undefined) return undefined;
        items.push(item.reply);
        at = item.end;
      }
      return { reply: items, end: at };
    }
    default:
      throw new Error(`not a reply: ${JSON.stringify(bytes.toString("latin1", start, start + 40))}`);
  }
}
