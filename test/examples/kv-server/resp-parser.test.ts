// The parser finds the same commands wherever the chunks are cut, and refuses what is not RESP2.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../../examples/kv-server/errors.mjs";
import { RespParser } from "../../../examples/kv-server/resp-parser.mjs";
import { encodeCommand } from "./support/resp.ts";

const LIMITS = { bulk: 1000, query: 5000 };

function take(parser: RespParser): string[][] {
  const found: string[][] = [];
  while (parser.next()) {
    found.push(Array.from({ length: parser.args.count }, (_, i) => parser.args.text(i)));
  }
  return found;
}

function parse(chunks: readonly (string | Buffer)[], limits = LIMITS): string[][] {
  const parser = new RespParser(limits);
  const found: string[][] = [];
  for (const chunk of chunks) {
    parser.feed(typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk);
    found.push(...take(parser));
  }
  return found;
}

/** What a parser says when it refuses the input. */
function refusal(chunks: readonly string[], limits = LIMITS): string {
  try {
    parse(chunks, limits);
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
  throw new Error("the input was accepted");
}

const STREAM =
  "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\n\r\n\x00\xff$\r\n" +
  "*1\r\n$4\r\nPING\r\n" +
  "ECHO \"a b\\x41\" 'c'\r\n" +
  "*0\r\n\r\n*-1\r\n" +
  "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n" +
  "PING\n";
const COMMANDS = [["SET", "a", "\r\n\x00\xff$"], ["PING"], ["ECHO", "a bA", "c"], ["ECHO", ""], ["PING"]];

describe("RespParser", () => {
  it("finds all commands of one chunk", () => {
    expect(parse([STREAM])).toEqual(COMMANDS);
  });

  it("finds them when the stream is cut in two, at every place", () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
      expect(parse([STREAM.slice(0, cut), STREAM.slice(cut)])).toEqual(COMMANDS);
    }
  });

  it("finds them when the stream is cut in three, at every pair of places", () => {
    for (let first = 0; first <= STREAM.length; first++) {
      for (let second = first; second <= STREAM.length; second++) {
        const chunks = [STREAM.slice(0, first), STREAM.slice(first, second), STREAM.slice(second)];
        expect(parse(chunks)).toEqual(COMMANDS);
      }
    }
  });

  it("finds them byte by byte", () => {
    expect(parse([...STREAM])).toEqual(COMMANDS);
  });

  it("finds any commands in any pieces", () => {
    const argument = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const commands = fc.array(fc.array(argument, { minLength: 1, maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(commands, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (wanted, sizes) => {
        const stream = Buffer.concat(wanted.map(encodeCommand));
        const chunks: Buffer[] = [];
        for (let at = 0; at < stream.length;) {
          const size = sizes.next().value as number;
          chunks.push(Buffer.from(stream.subarray(at, at + size)));
          at += size;
        }
        const texts = wanted.map((command) => command.map((arg) => arg.toString("latin1")));
        expect(parse(chunks)).toEqual(texts);
      }),
    );
  });

  it("says the same of any bytes, however they are cut", () => {
    const outcome = (chunks: readonly Buffer[]): string => {
      const parser = new RespParser(LIMITS);
      const found: string[][] = [];
      try {
        for (const chunk of chunks) {
          parser.feed(Buffer.from(chunk));
          while (parser.next()) {
            found.push(Array.from({ length: parser.args.count }, (_, i) => parser.args.text(i)));
          }
        }
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        return JSON.stringify([found, error.message]);
      }
      return JSON.stringify(found);
    };
    // Made of the pieces that RESP is made of, so that the inputs go deep.
    const piece = fc.constantFrom(
      "*",
      "$",
      "\r\n",
      "\r",
      "\n",
      "0",
      "1",
      "2",
      "3",
      "-",
      "a",
      " ",
      '"',
      "\\x4",
      "PING",
      "\0",
    );
    const input = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(""), "latin1"));
    fc.assert(
      fc.property(input, fc.nat(), fc.nat(), (bytes, one, two) => {
        const first = one % (bytes.length + 1);
        const second = first + (two % (bytes.length - first + 1));
        const cut = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(outcome(cut)).toBe(outcome([bytes]));
        expect(outcome([...bytes].map((byte) => Buffer.of(byte)))).toBe(outcome([bytes]));
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps commands that arrive while an earlier one is not parsed yet", () => {
    const parser = new RespParser(LIMITS);
    parser.feed(Buffer.from("*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nEC"));
    expect(parser.next()).toBe(true);
    parser.feed(Buffer.from("HO\r\n$2\r\nhi\r\n"));
    parser.feed(Buffer.from("PING\r\n"));
    expect(take(parser)).toEqual([["ECHO", "hi"], ["PING"]]);
    expect(parser.pending).toBe(0);
  });

  it("does not change a chunk that it was given", () => {
    const chunk = Buffer.from("*2\r\n$4\r\nECHO\r\n$4\r\nab");
    const copy = Buffer.from(chunk);
    const parser = new RespParser(LIMITS);
    parser.feed(chunk);
    parser.next();
    parser.feed(Buffer.from("cd\r\n"));
    expect(take(parser)).toEqual([["ECHO", "abcd"]]);
    expect(chunk).toEqual(copy);
  });

  it("collects a large argument from many chunks", () => {
    const value = "0123456789abcdef".repeat(65_536);
    const stream = encodeCommand(["SET", "k", value, "GET"]);
    const chunks: Buffer[] = [];
    for (let at = 0; at < stream.length; at += 10_007) chunks.push(stream.subarray(at, at + 10_007));
    const [command] = parse(chunks, { bulk: 2_000_000, query: 2_000_000 });
    expect(command[2] === value).toBe(true);
    expect(command[3]).toBe("GET");
  });

  it("does not allocate for bytes that were only announced", () => {
    const parser = new RespParser({ bulk: 512 * 1024 * 1024, query: 2 ** 30 });
    const before = process.memoryUsage().arrayBuffers;
    parser.feed(Buffer.from("*2\r\n$4\r\nECHO\r\n$536870912\r\n"));
    parser.next();
    parser.feed(Buffer.from("a"));
    parser.next();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it("reads numbers of arguments beyond one digit", () => {
    const words = Array.from({ length: 3000 }, (_, i) => String(i));
    expect(parse([encodeCommand(words)], { bulk: 1000, query: 100_000 })).toEqual([words]);
  });

  it.each([
    [["*x\r\n"], "invalid multibulk length"],
    [["*1x\r\n"], "invalid multibulk length"],
    [["* 1\r\n"], "invalid multibulk length"],
    [["*+1\r\n"], "invalid multibulk length"],
    [["*\r\n"], "invalid multibulk length"],
    [["*01\r\n"], "invalid multibulk length"],
    [["*2147483648\r\n"], "invalid multibulk length"],
    [["*99999999999999999999999\r\n"], "invalid multibulk length"],
    [["*1\r\n", "PING\r\n"], "expected '$', got 'P'"],
    [["*1\r\n$-1\r\n"], "invalid bulk length"],
    [["*1\r\n$\r\n"], "invalid bulk length"],
    [["*1\r\n$1a\r\n"], "invalid bulk length"],
    [["*1\r\n$1001\r\n"], "invalid bulk length"],
    [["*2\r\n$4\r\nPING\r\n$", "99999999999999999999\r\n"], "invalid bulk length"],
    [['ECHO "a\r\n'], "unbalanced quotes in request"],
    [["ECHO 'a'b\r\n"], "unbalanced quotes in request"],
    [["x".repeat(65_000), "x".repeat(1000)], "too big inline request"],
    [["x".repeat(65_537) + "\n"], "too big inline request"],
    [["*" + "1".repeat(65_000), "1".repeat(1000)], "too big mbulk count string"],
    [["*1\r\n$" + "1".repeat(65_000), "1".repeat(1000)], "too big bulk count string"],
  ])("refuses %j", (chunks, complaint) => {
    expect(refusal(chunks, { bulk: 1000, query: 100_000 })).toBe(complaint);
  });

  it("refuses to hold more than the limit for commands that are not whole", () => {
    const chunk = "$900\r\n" + "v".repeat(900) + "\r\n";
    expect(refusal(["*9\r\n", chunk, chunk, chunk, chunk, chunk, chunk])).toBe("query buffer limit exceeded");
  });

  it("takes an argument of exactly the limit", () => {
    expect(parse([encodeCommand(["ECHO", "v".repeat(1000)])])[0][1]).toHaveLength(1000);
  });
});
