// StreamReader.readline() and readuntil(): separators, limits, the end of the stream.
import { expect, it } from "vitest";
import { createTask, IncompleteReadError, LimitOverrunError, sleep, StreamReader } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf } from "../support/outcomes.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

function fed(chunks: string[], options: { limit?: number; eof?: boolean } = {}): StreamReader {
  const reader = new StreamReader({ limit: options.limit });
  for (const chunk of chunks) reader.feedData(bytes(chunk));
  if (options.eof) reader.feedEof();
  return reader;
}

describeBackends("StreamReader.readline()", (backend) => {
  it("gives lines with their newline, at the end what is left, then nothing", () =>
    onLoop(backend, function* () {
      const reader = fed(["one\ntw", "o\n\nlast"], { eof: true });
      const lines: string[] = [];
      for (let i = 0; i < 5; i++) lines.push((yield* reader.readline()).toString());
      expect(lines).toEqual(["one\n", "two\n", "\n", "last", ""]);
    }));

  it("over the limit with the newline found: RangeError, and only that line is dropped", () =>
    onLoop(backend, function* () {
      const reader = fed(["line1\nline2\n"], { limit: 3 });
      expect(yield* errorOf(reader.readline())).toBeInstanceOf(RangeError);
      expect((yield* reader.readexactly(6)).toString()).toBe("line2\n");
    }));

  it("over the limit without a newline: RangeError, and all that is buffered is dropped", () =>
    onLoop(backend, function* () {
      const reader = fed(["no newline here"], { limit: 3 });
      expect(yield* errorOf(reader.readline())).toBeInstanceOf(RangeError);
      reader.feedData(bytes("ok\n"));
      expect((yield* reader.readline()).toString()).toBe("ok\n");
    }));

  it("takes a line of exactly the limit, newline not counted", () =>
    onLoop(backend, function* () {
      expect((yield* fed(["abc\n"], { limit: 3 }).readline()).toString()).toBe("abc\n");
      expect(yield* errorOf(fed(["abcd\n"], { limit: 3 }).readline())).toBeInstanceOf(RangeError);
    }));

  it("finds the limit passed while it waits", () =>
    onLoop(backend, function* () {
      const reader = fed([], { limit: 3 });
      const task = createTask(reader.readline());
      yield* sleep(0);
      reader.feedData(bytes("li"));
      yield* passes(2);
      expect(task.done()).toBe(false);
      reader.feedData(bytes("ne1\nrest"));
      expect(yield* errorOf(task)).toBeInstanceOf(RangeError);
      reader.feedEof();
      expect((yield* reader.read()).toString()).toBe("rest");
    }));

  it("is what async iteration goes by", () =>
    onLoop(backend, function* () {
      const reader = fed(["a\nb\n", "c"], { eof: true });
      const task = createTask(async () => {
        const lines: string[] = [];
        for await (const line of reader) lines.push(line.toString());
        return lines;
      });
      expect(yield* task).toEqual(["a\n", "b\n", "c"]);
    }));
});

describeBackends("StreamReader.readuntil()", (backend) => {
  it("gives bytes up to and with the separator, a newline by default", () =>
    onLoop(backend, function* () {
      const reader = fed(["a\r", "\nbc\r\n\r\nrest\n"]);
      expect((yield* reader.readuntil(bytes("\r\n"))).toString()).toBe("a\r\n");
      expect((yield* reader.readuntil("\r\n\r\n")).toString()).toBe("bc\r\n\r\n");
      expect((yield* reader.readuntil()).toString()).toBe("rest\n");
    }));

  it("finds a separator that comes a byte at a time, and false starts of it", () =>
    onLoop(backend, function* () {
      const reader = fed([]);
      const task = createTask(reader.readuntil("aab"));
      for (const char of "xaaaab") {
        yield* passes(2);
        expect(task.done()).toBe(false);
        reader.feedData(bytes(char));
      }
      expect((yield* task).toString()).toBe("xaaaab");
    }));

  it("with several separators takes the match that ends first, whatever their order", () =>
    onLoop(backend, function* () {
      for (const separators of [
        ["\r\n", "\n", "END"],
        ["END", "\n", "\r\n"],
      ]) {
        const reader = fed(["a\r\nbEND", "c\nxEN\n"]);
        const parts: string[] = [];
        for (let i = 0; i < 4; i++) parts.push((yield* reader.readuntil(separators)).toString());
        expect(parts).toEqual(["a\r\n", "bEND", "c\n", "xEN\n"]);
      }
      expect((yield* fed(["xabcd"]).readuntil(["abcd", "bc"])).toString()).toBe("xabc");
      expect((yield* fed(["xabc"]).readuntil(["c", "abc"])).toString()).toBe("xabc");
    }));

  it("over the limit without a match: LimitOverrunError, and the data stays", () =>
    onLoop(backend, function* () {
      const reader = fed(["some long data"], { limit: 4 });
      const error = (yield* errorOf(reader.readuntil("XY"))) as LimitOverrunError;
      expect(error).toBeInstanceOf(LimitOverrunError);
      expect(error.consumed).toBe("some long data".length - 1);
      expect((yield* reader.readexactly(error.consumed)).toString()).toBe("some long dat");
      reader.feedData(bytes("XY"));
      expect((yield* reader.readuntil("XY")).toString()).toBe("aXY");
    }));

  it("over the limit with a match: LimitOverrunError up to the separator, and the data stays", () =>
    onLoop(backend, function* () {
      const reader = fed(["12345XYrest"], { limit: 4 });
      const error = (yield* errorOf(reader.readuntil("XY"))) as LimitOverrunError;
      expect(error).toBeInstanceOf(LimitOverrunError);
      expect(error.consumed).toBe(5);
      expect((yield* reader.readexactly(5)).toString()).toBe("12345");
      expect((yield* reader.readuntil("XY")).toString()).toBe("XY");
    }));

  it("counts the limit without the separator", () =>
    onLoop(backend, function* () {
      expect((yield* fed(["1234XYZ"], { limit: 4 }).readuntil("XYZ")).toString()).toBe("1234XYZ");
    }));

  it("at the end of the stream: IncompleteReadError with everything", () =>
    onLoop(backend, function* () {
      const reader = fed(["abc"], { eof: true });
      const error = (yield* errorOf(reader.readuntil("|"))) as IncompleteReadError;
      expect(error).toBeInstanceOf(IncompleteReadError);
      expect([error.partial.toString(), error.expected]).toEqual(["abc", null]);
      expect((yield* reader.read()).length).toBe(0);
    }));

  it("refuses an empty separator and an empty list", () =>
    onLoop(backend, function* () {
      const attempt = function* (separator: unknown) {
        return yield* fed(["abc"]).readuntil(separator as string);
      };
      for (const empty of ["", Buffer.alloc(0), [], ["\n", ""]]) {
        expect(yield* errorOf(attempt(empty))).toBeInstanceOf(RangeError);
      }
    }));
});
