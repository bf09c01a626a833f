// The small parts under the store: integers, patterns, the deque, and values as they are kept.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deque } from "../../../examples/kv-server/deque.mjs";
import { globMatches } from "../../../examples/kv-server/glob.mjs";
import { addIntegers, parseInteger } from "../../../examples/kv-server/integers.mjs";
import { ReplyWriter } from "../../../examples/kv-server/reply.mjs";
import { joinValues, SMALL_VALUE, storeBytes, valueText } from "../../../examples/kv-server/stored-value.mjs";
import { decodeReply } from "./support/resp.ts";

describe("integers", () => {
  it("reads every 64-bit integer exactly", () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(fc.property(int64, (value) => BigInt(parseInteger(String(value))!) === value));
  });

  it.each([
    "",
    "-",
    "+1",
    "01",
    "-0",
    " 1",
    "1 ",
    "1.0",
    "1e3",
    "0x1",
    "9223372036854775808",
    "-9223372036854775809",
  ])("refuses %j", (text) => expect(parseInteger(text)).toBeUndefined());

  it("adds within 64 bits and tells when the sum leaves them", () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(int64, int64, (left, right) => {
        const sum = addIntegers(parseInteger(String(left))!, parseInteger(String(right))!);
        const exact = left + right;
        const fits = exact >= -(2n ** 63n) && exact < 2n ** 63n;
        expect(sum === undefined ? undefined : BigInt(sum)).toBe(fits ? exact : undefined);
      }),
    );
  });
});

describe("globMatches", () => {
  it.each([
    ["*", "", true],
    ["a*c", "abbbc", true],
    ["a*c", "abbb", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["[abc]x", "bx", true],
    ["[^abc]x", "bx", false],
    ["[^abc]x", "dx", true],
    ["[a-c]x", "bx", true],
    ["[c-a]x", "bx", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["[\\]]", "]", true],
    ["a\\", "a\\", true],
    ["[ab", "b", true],
    ["**a**", "bab", true],
    ["", "", true],
    ["", "a", false],
  ])("%j on %j", (pattern, text, matches) => {
    expect(globMatches(pattern, text)).toBe(matches);
  });

  it("agrees with a regular expression", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, word, (glob, text) => {
        const expression = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(globMatches(glob, text)).toBe(expression.test(text));
      }),
      { numRuns: 500 },
    );
  });

  it("is not led into exponential time", () => {
    expect(globMatches("a*".repeat(200) + "b", "a".repeat(2000))).toBe(false);
  });
});

describe("Deque", () => {
  it("behaves as an array does", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("pushLeft" as const), value: fc.nat() }),
      fc.record({ kind: fc.constant("pushRight" as const), value: fc.nat() }),
      fc.record({ kind: fc.constantFrom("popLeft" as const, "popRight" as const), value: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const deque = new Deque<number>();
        const array: number[] = [];
        for (const { kind, value } of steps) {
          if (kind === "pushLeft") {
            deque.pushLeft(value);
            array.unshift(value);
          } else if (kind === "pushRight") {
            deque.pushRight(value);
            array.push(value);
          } else {
            expect(deque[kind]()).toBe(kind === "popLeft" ? array.shift() : array.pop());
          }
          expect(Array.from({ length: deque.length }, (_, i) => deque.at(i))).toEqual(array);
        }
      }),
    );
  });
});

describe("stored values", () => {
  it("pin nothing of the buffer they came from", () => {
    const received = Buffer.alloc(64 * 1024, "x");
    const small = storeBytes(received, 10, 20);
    const large = storeBytes(received, 0, SMALL_VALUE + 1);
    expect(small).toBe("xxxxxxxxxx");
    expect(large).toHaveLength(SMALL_VALUE + 1);
    expect((large as Buffer).buffer.byteLength).toBe(SMALL_VALUE + 1);
  });

  it("join to the same bytes, however they are kept", () => {
    const bytes = fc.uint8Array({ maxLength: 3 * SMALL_VALUE }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 6 }), (pieces) => {
        const stored = pieces.map((piece) => storeBytes(piece, 0, piece.length));
        const joined = stored.reduce((head, tail) => joinValues(head, tail));
        expect(valueText(joined) === Buffer.concat(pieces).toString("latin1")).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("that are large stay as they were when something is appended", () => {
    const first = storeBytes(Buffer.alloc(2 * SMALL_VALUE, "a"), 0, 2 * SMALL_VALUE);
    const second = joinValues(first, "b");
    const third = joinValues(second, "c");
    expect(valueText(first)).toBe("a".repeat(2 * SMALL_VALUE));
    expect(valueText(second)).toBe("a".repeat(2 * SMALL_VALUE) + "b");
    expect(valueText(third)).toBe("a".repeat(2 * SMALL_VALUE) + "bc");
  });
});

describe("ReplyWriter", () => {
  /** What was written, with the pieces up to 16 KiB copied and the larger ones kept, as a stream writer does. */
  function collect(write: (reply: ReplyWriter) => void): Buffer {
    const pieces: Uint8Array[] = [];
    const reply = new ReplyWriter();
    reply.begin({
      write: (data: Uint8Array) => pieces.push(data.length > 16 * 1024 ? data : Buffer.from(data)),
    });
    write(reply);
    reply.flush();
    expect(reply.size).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0));
    return Buffer.concat(pieces);
  }

  it("writes integers of every length", () => {
    for (const value of [
      0,
      9,
      10,
      99,
      100,
      12345,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 53 - 1,
      -1,
      -12345,
      2n ** 63n - 1n,
    ]) {
      expect(collect((reply) => reply.integer(value)).toString()).toBe(`:${value}\r\n`);
    }
  });

  it("writes bulk strings of every length, as text and as bytes", () => {
    for (const length of [0, 1, 23, 24, 25, 1000, 8191, 8192, 8193, 16_383, 16_384, 16_385, 100_000]) {
      const text = "\xff".repeat(length);
      for (const value of [text, Buffer.from(text, "latin1")]) {
        const written = collect((reply) => {
          reply.ok();
          reply.bulk(value);
          reply.pong();
        });
        expect(written.toString("latin1") === `+OK\r\n$${length}\r\n${text}\r\n+PONG\r\n`).toBe(true);
      }
    }
  });

  it("writes many replies that fill its buffer several times", () => {
    const values = Array.from({ length: 5000 }, (_, i) => `value ${i}`);
    expect(decodeReply(collect((reply) => reply.bulks(values)))!.reply).toEqual(values);
  });

  it("keeps an error on one line", () => {
    expect(collect((reply) => reply.error("ERR a\r\nb")).toString()).toBe("-ERR a  b\r\n");
  });

  it("cuts a message that is too long", () => {
    expect(collect((reply) => reply.error("E".repeat(100_000))).length).toBeLessThan(16 * 1024);
  });
});
