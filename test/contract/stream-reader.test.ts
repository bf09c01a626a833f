// StreamReader fed by hand: read(), readexactly(), readInto().
import { expect, it } from "vitest";
import { createTask, IncompleteReadError, sleep, StreamReader } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf } from "../support/outcomes.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

function fed(chunks: string[], options: { limit?: number; eof?: boolean } = {}): StreamReader {
  const reader = new StreamReader({ limit: options.limit });
  for (const chunk of chunks) reader.feedData(bytes(chunk));
  if (options.eof) reader.feedEof();
  return reader;
}

describeBackends("StreamReader.read()", (backend) => {
  it("gives up to n bytes as soon as there is one, and leaves the rest", () =>
    onLoop(backend, function* () {
      const reader = fed(["abc", "def"]);
      const parts = [yield* reader.read(2), yield* reader.read(3), yield* reader.read(100)];
      expect(Buffer.concat(parts).toString()).toBe("abcdef");
      expect(parts[0].toString()).toBe("ab");
      expect(parts.every((part) => Buffer.isBuffer(part) && part.length > 0)).toBe(true);
    }));

  it("waits for the first byte", () =>
    onLoop(backend, function* ({ loop }) {
      const reader = fed([]);
      const task = createTask(reader.read(10));
      yield* passes(3);
      expect(task.done()).toBe(false);
      loop.callSoon(() => reader.feedData(bytes("x")));
      expect((yield* task).toString()).toBe("x");
    }));

  it("gives nothing at once for 0, and everything until the end for -1", () =>
    onLoop(backend, function* ({ loop }) {
      const reader = fed(["abc"]);
      expect((yield* reader.read(0)).length).toBe(0);
      loop.callSoon(() => reader.feedData(bytes("def")));
      loop.callLater(0.001, () => reader.feedEof());
      expect((yield* reader.read()).toString()).toBe("abcdef");
      expect((yield* reader.read()).length).toBe(0);
      expect((yield* reader.read(5)).length).toBe(0);
      expect((yield* reader.read(0)).length).toBe(0);
    }));

  it("does not obey the limit", () =>
    onLoop(backend, function* () {
      expect((yield* fed(["x".repeat(1000)], { limit: 4, eof: true }).read()).length).toBe(1000);
      expect((yield* fed(["x".repeat(1000)], { limit: 4 }).readexactly(1000)).length).toBe(1000);
    }));

  it("is atEof() only when the end was fed and all was read", () =>
    onLoop(backend, function* () {
      const reader = fed(["ab"], { eof: true });
      expect(reader.atEof()).toBe(false);
      yield* reader.read(1);
      expect(reader.atEof()).toBe(false);
      yield* reader.read(1);
      expect(reader.atEof()).toBe(true);
      expect(fed(["a"]).atEof()).toBe(false);
    }));
});

describeBackends("StreamReader.readexactly()", (backend) => {
  it("waits for exactly n bytes, across chunks", () =>
    onLoop(backend, function* ({ loop }) {
      const reader = fed(["ab"]);
      const task = createTask(reader.readexactly(5));
      yield* sleep(0);
      reader.feedData(bytes("cd"));
      yield* passes(3);
      expect(task.done()).toBe(false);
      loop.callSoon(() => reader.feedData(bytes("efg")));
      expect((yield* task).toString()).toBe("abcde");
      expect((yield* reader.readexactly(2)).toString()).toBe("fg");
      expect((yield* reader.readexactly(0)).length).toBe(0);
    }));

  it("throws IncompleteReadError with what there was, which is then gone", () =>
    onLoop(backend, function* () {
      const reader = fed(["abc"], { eof: true });
      const error = (yield* errorOf(reader.readexactly(5))) as IncompleteReadError;
      expect(error).toBeInstanceOf(IncompleteReadError);
      expect([error.partial.toString(), error.expected]).toEqual(["abc", 5]);
      expect((yield* reader.read()).length).toBe(0);
      const empty = (yield* errorOf(reader.readexactly(1))) as IncompleteReadError;
      expect([empty.partial.length, empty.expected]).toEqual([0, 1]);
    }));
});

describeBackends("StreamReader.readInto()", (backend) => {
  it("fills the beginning of the caller's buffer and gives the count, 0 at the end", () =>
    onLoop(backend, function* ({ loop }) {
      const reader = fed(["abcdef"]);
      const target = Buffer.alloc(4, "-");
      expect(yield* reader.readInto(target)).toBe(4);
      expect(target.toString()).toBe("abcd");
      expect(yield* reader.readInto(target)).toBe(2);
      expect(target.toString()).toBe("efcd");
      loop.callSoon(() => reader.feedData(bytes("g")));
      expect(yield* reader.readInto(target)).toBe(1);
      expect(target.toString()).toBe("gfcd");
      reader.feedEof();
      expect(yield* reader.readInto(target)).toBe(0);
    }));

  it("takes any Uint8Array", () =>
    onLoop(backend, function* () {
      const backing = new Uint8Array(10);
      const reader = fed(["xyz"]);
      expect(yield* reader.readInto(backing.subarray(2, 4))).toBe(2);
      expect([...backing.subarray(0, 5)]).toEqual([0, 0, 120, 121, 0]);
    }));
});
