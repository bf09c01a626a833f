// A StreamReader's state: one reader at a time, cancelled reads, stored exceptions, flow control, the end.
import { expect, it } from "vitest";
import {
  CancelledError,
  createTask,
  type ReadTransport,
  RuntimeError,
  sleep,
  StreamReader,
  type Task,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, thrownBy } from "../support/outcomes.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

function fed(chunks: string[], options: { limit?: number; eof?: boolean } = {}): StreamReader {
  const reader = new StreamReader({ limit: options.limit });
  for (const chunk of chunks) reader.feedData(bytes(chunk));
  if (options.eof) reader.feedEof();
  return reader;
}

/** Writes down when reading was paused and resumed. */
class PausableTransport implements ReadTransport {
  readonly log: string[] = [];
  pauseReading(): void {
    this.log.push("pause");
  }
  resumeReading(): void {
    this.log.push("resume");
  }
  isReading = (): boolean => this.log.at(-1) !== "pause";
  isClosing = (): boolean => false;
  close(): void {}
  getExtraInfo = (): null => null;
  setProtocol(): void {}
  getProtocol(): never {
    throw new Error("not in this test");
  }
}

describeBackends("a StreamReader", (backend) => {
  it("refuses a second reader that would have to wait, and the first goes on", () =>
    onLoop(backend, function* () {
      const reader = fed([]);
      const first = createTask(reader.read(5));
      yield* sleep(0);
      for (const second of [
        reader.read(5),
        reader.readexactly(1),
        reader.readline(),
        reader.readuntil("x"),
        reader.read(),
      ]) {
        expect(yield* errorOf(second)).toBeInstanceOf(RuntimeError);
      }
      expect(yield* errorOf(reader.readInto(Buffer.alloc(1)))).toBeInstanceOf(RuntimeError);
      reader.feedData(bytes("hello"));
      expect((yield* first).toString()).toBe("hello");
    }));

  it("loses nothing when a read is cancelled, and can be read again at once", () =>
    onLoop(backend, function* () {
      const reader = fed(["ab"]);
      const starts = [() => reader.readexactly(10), () => reader.readline(), () => reader.readuntil("|")];
      for (const start of starts) {
        const task: Task<Buffer> = createTask(start());
        yield* passes(2);
        task.cancel();
        expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      }
      const waiting = createTask(fed([]).read(1));
      yield* sleep(0);
      waiting.cancel();
      yield* errorOf(waiting);
      expect((yield* reader.readexactly(2)).toString()).toBe("ab");
    }));

  it("wakes its waiter with an exception, and every later read too, even with data buffered", () =>
    onLoop(backend, function* () {
      const reader = fed([]);
      expect(reader.exception()).toBe(null);
      const waiting = createTask(reader.readline());
      yield* sleep(0);
      const broken = new Error("broken");
      reader.setException(broken);
      expect(yield* errorOf(waiting)).toBe(broken);
      expect(reader.exception()).toBe(broken);
      reader.feedData(bytes("data\n"));
      for (const read of [
        reader.read(),
        reader.read(1),
        reader.readline(),
        reader.readexactly(1),
        reader.readuntil("\n"),
      ]) {
        expect(yield* errorOf(read)).toBe(broken);
      }
      expect(yield* errorOf(reader.readInto(Buffer.alloc(1)))).toBe(broken);
    }));

  it("pauses its transport strictly above twice the limit, and resumes it at the limit", () =>
    onLoop(backend, function* () {
      const reader = new StreamReader({ limit: 10 });
      const transport = new PausableTransport();
      reader.setTransport(transport);
      reader.feedData(bytes("x".repeat(20)));
      expect(transport.log).toEqual([]);
      reader.feedData(bytes("x"));
      expect(transport.log).toEqual(["pause"]);
      reader.feedData(bytes("x"));
      expect(transport.log).toEqual(["pause"]);
      yield* reader.readexactly(11);
      expect(transport.log).toEqual(["pause"]);
      yield* reader.readexactly(1);
      expect(transport.log).toEqual(["pause", "resume"]);
    }));

  it("resumes its transport whenever a read has to wait", () =>
    onLoop(backend, function* () {
      const reader = new StreamReader({ limit: 10 });
      const transport = new PausableTransport();
      reader.setTransport(transport);
      reader.feedData(bytes("x".repeat(30)));
      const task = createTask(reader.readexactly(40));
      yield* sleep(0);
      expect(transport.log).toEqual(["pause", "resume"]);
      reader.feedData(bytes("x".repeat(10)));
      expect((yield* task).length).toBe(40);
    }));

  it("wakes its waiter at the end of the stream", () =>
    onLoop(backend, function* () {
      const reader = fed([]);
      const waiting = createTask(reader.read(3));
      yield* sleep(0);
      reader.feedEof();
      expect((yield* waiting).length).toBe(0);
      expect(reader.atEof()).toBe(true);
    }));

  it("ignores empty data, and refuses data after the end", () =>
    onLoop(backend, function* () {
      const reader = fed([""]);
      const waiting = createTask(reader.read(1));
      yield* sleep(0);
      reader.feedData(bytes(""));
      yield* passes(2);
      expect(waiting.done()).toBe(false);
      reader.feedEof();
      yield* waiting;
      expect(thrownBy(() => reader.feedData(bytes("late"))).message).not.toMatch(/instead of throwing/);
    }));
});
