// StreamReader: takes bytes as they come and gives them in the pieces that are asked for.
import { DEFAULT_STREAM_LIMIT } from "../constants.ts";
import { checkBound, checkBytes, checkInteger, checkOptions } from "../errors/argument-checks.ts";
import { IncompleteReadError, LimitOverrunError, RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { isError } from "../errors/exception-group.ts";
import { FINISHED, Future, PENDING } from "../futures/future.ts";
import { awaitedAlready, RESUMED, suspendOn } from "../futures/suspension.ts";
import { checkLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { currentLoop, requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Coroutine, Suspension } from "../types/awaitable.ts";
import type { ReadTransport } from "../types/transport.ts";
import { ByteQueue } from "./byte-queue.ts";

const EMPTY = Buffer.alloc(0);
const NEWLINE = Buffer.from("\n");

/** `read(n)`: a state machine instead of a generator, because every request of a server goes through it. */
class Read extends LibraryCoroutine<Buffer> {
  /** Null once it is over. */
  #reader: StreamReader | null;
  readonly #most: number;
  #waiter: Future<void> | null = null;

  constructor(reader: StreamReader, most: number) {
    super();
    this.#reader = reader;
    this.#most = most;
  }

  override next(value?: unknown): IteratorResult<Suspension, Buffer> {
    const reader = this.#reader;
    if (reader === null) throw new RuntimeError("cannot reuse already awaited coroutine");
    const waiter = this.#waiter;
    if (waiter !== null) {
      if (value !== RESUMED) return awaitedAlready();
      if (waiter._state === PENDING) return suspendOn(waiter as Future<unknown>);
      this.#waiter = null;
      reader._stopWaiting(waiter);
      if (waiter._state !== FINISHED) waiter.result();
    } else {
      reader._checkException();
    }
    if (this.#most > 0 && reader._mustWait()) {
      const next = reader._startWaiting("read");
      this.#waiter = next;
      return suspendOn(next as Future<unknown>);
    }
    this.#reader = null;
    return { done: true, value: this.#most === 0 ? EMPTY : reader._take(this.#most) };
  }

  override throw(error: unknown): never {
    if (this.#waiter !== null) this.#reader?._stopWaiting(this.#waiter);
    this.#reader = null;
    throw error;
  }
}

function bytesOf(separator: Uint8Array | string): Buffer {
  if (typeof separator !== "string") checkBytes(separator, "separator");
  return Buffer.from(separator as Uint8Array);
}

/** @internal */
export function checkLimit(limit: unknown): void {
  if (limit !== undefined) checkInteger(limit, "limit", 1, Number.MAX_SAFE_INTEGER);
}

const OPTIONS = ["limit", "loop"];

export class StreamReader {
  readonly #limit: number;
  readonly #loop: LoopCore;
  readonly #buffer = new ByteQueue();
  #eof = false;
  #exception: Error | null = null;
  #waiter: Future<void> | null = null;
  #transport: ReadTransport | null = null;
  #paused = false;

  /** `limit` in bytes: reading from the transport pauses above twice as much, and separators must lie within it. */
  constructor(options: { limit?: number; loop?: LoopCore } = {}) {
    checkOptions(options, "StreamReader", OPTIONS);
    checkLimit(options.limit);
    checkLoop(options.loop);
    this.#limit = options.limit ?? DEFAULT_STREAM_LIMIT;
    this.#loop = options.loop ?? runningLoop() ?? currentLoop() ?? requireRunningLoop();
  }

  // --- reading ------------------------------------------------------------------------------------------------------------

  /**
   * Up to `n` bytes, as soon as there is one; empty at the end of the stream. With -1 everything until the end.
   * Negative numbers other than -1 are taken as -1.
   */
  read(n = -1): LibraryCoroutine<Buffer> {
    checkBound(this, "reader.read(n)");
    if (typeof n !== "number") throw new TypeError(`n must be a number of bytes, got ${describe(n)}`);
    if (Number.isNaN(n)) throw new RangeError("n must be a number of bytes, got NaN");
    return n < 0 ? new CoroutineObject(this.#readAll(), "read") : new Read(this, Math.floor(n));
  }

  /** Exactly `n` bytes. IncompleteReadError with what there was when the stream ends before. */
  readexactly(n: number): CoroutineObject<Buffer> {
    checkInteger(n, "n", 0, Number.MAX_SAFE_INTEGER);
    return new CoroutineObject(this.#readExactly(n), "readexactly");
  }

  /** A line with its newline; at the end of the stream what is left. RangeError when it is longer than the limit. */
  readline(): CoroutineObject<Buffer> {
    return new CoroutineObject(this.#readLine(), "readline");
  }

  /**
   * Bytes up to and with a separator, or the first of several to end. LimitOverrunError when none lies within the limit (the
   * bytes stay), IncompleteReadError when the stream ends before.
   */
  readuntil(
    separator: Uint8Array | string | readonly (Uint8Array | string)[] = NEWLINE,
  ): CoroutineObject<Buffer> {
    const separators = (Array.isArray(separator) ? separator : [separator]) as (Uint8Array | string)[];
    const bytes = separators.map(bytesOf);
    if (bytes.length === 0) throw new RangeError("Separator should contain at least one element");
    if (bytes.some((one) => one.length === 0))
      throw new RangeError("Separator should be at least one-byte string");
    return new CoroutineObject(this.#readUntil(bytes), "readuntil");
  }

  /** Fills the beginning of `target` as soon as there is a byte; the number of bytes, 0 at the end of the stream. */
  readInto(target: Uint8Array): CoroutineObject<number> {
    checkBytes(target, "target");
    return new CoroutineObject(this.#readInto(target), "readInto");
  }

  /** The end has come and everything was read. */
  atEof(): boolean {
    return this.#eof && this.#buffer.length === 0;
  }

  /** Line by line, without an empty one at the end. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (;;) {
      const line = await this.readline();
      if (line.length === 0) return;
      yield line;
    }
  }

  *#readAll(): Coroutine<Buffer> {
    const parts: Buffer[] = [];
    for (;;) {
      const part = yield* this.read(this.#limit);
      if (part.length === 0) return Buffer.concat(parts);
      parts.push(part);
    }
  }

  *#readExactly(n: number): Coroutine<Buffer> {
    this._checkException();
    while (this.#buffer.length < n) {
      if (this.#eof) throw new IncompleteReadError(this._take(this.#buffer.length), n);
      yield* this.#wait("readexactly");
    }
    return this._take(n);
  }

  *#readLine(): Coroutine<Buffer> {
    try {
      return yield* this.#readUntil([NEWLINE]);
    } catch (error) {
      if (error instanceof IncompleteReadError) return error.partial;
      if (!(error instanceof LimitOverrunError)) throw error;
      // The line is given up: through its newline where that has come, else all there is.
      const newlineFound = this.#buffer.indexOf(NEWLINE, error.consumed) === error.consumed;
      this._take(newlineFound ? error.consumed + 1 : this.#buffer.length);
      throw new RangeError(error.message, { cause: error });
    }
  }

  *#readUntil(separators: readonly Buffer[]): Coroutine<Buffer> {
    this._checkException();
    const longest = Math.max(...separators.map((one) => one.length));
    let searched = 0;
    for (;;) {
      let end = Infinity;
      let start = 0;
      for (const separator of separators) {
        const at = this.#buffer.indexOf(separator, Math.max(0, searched));
        if (at >= 0 && at + separator.length < end) {
          end = at + separator.length;
          start = at;
        }
      }
      if (end !== Infinity) {
        if (start > this.#limit) {
          throw new LimitOverrunError("Separator is found, but chunk is longer than limit", start);
        }
        return this._take(end);
      }
      // A separator may begin in what has come and end in what has not.
      searched = Math.max(0, this.#buffer.length + 1 - longest);
      if (searched > this.#limit) {
        throw new LimitOverrunError("Separator is not found, and chunk exceed the limit", searched);
      }
      if (this.#eof) throw new IncompleteReadError(this._take(this.#buffer.length), null);
      yield* this.#wait("readuntil");
    }
  }

  *#readInto(target: Uint8Array): Coroutine<number> {
    this._checkException();
    if (target.length === 0) return 0;
    while (this._mustWait()) yield* this.#wait("readInto");
    const data = this._take(target.length);
    target.set(data);
    return data.length;
  }

  *#wait(method: string): Coroutine<void> {
    const waiter = this._startWaiting(method);
    try {
      yield* waiter;
    } finally {
      this._stopWaiting(waiter);
    }
  }

  /** @internal */
  _mustWait(): boolean {
    return this.#buffer.length === 0 && !this.#eof;
  }

  /** @internal */
  _checkException(): void {
    if (this.#exception !== null) throw this.#exception;
  }

  /** @internal One reader at a time: two would get arbitrary pieces of the stream. */
  _startWaiting(method: string): Future<void> {
    if (this.#waiter !== null) {
      throw new RuntimeError(
        `${method}() called while another coroutine is already waiting for incoming data`,
      );
    }
    // Waiting with reading paused would wait for ever.
    if (this.#paused) this.#resume();
    return (this.#waiter = new Future<void>({ loop: this.#loop }));
  }

  /** @internal */
  _stopWaiting(waiter: Future<void>): void {
    if (this.#waiter === waiter) this.#waiter = null;
  }

  /** @internal Takes up to `most` bytes out of the buffer. */
  _take(most: number): Buffer {
    const data = this.#buffer.take(most);
    if (this.#paused && this.#buffer.length <= this.#limit) this.#resume();
    return data;
  }

  #resume(): void {
    this.#paused = false;
    this.#transport?.resumeReading();
  }

  // --- feeding: for protocols ---------------------------------------------------------------------------------------------

  exception(): Error | null {
    return this.#exception;
  }

  /** Makes every read from now on throw `exception`. */
  setException(exception: Error): void {
    if (!isError(exception)) throw new TypeError(`setException() takes an Error, got ${describe(exception)}`);
    this.#exception = exception;
    const waiter = this.#waiter;
    if (waiter === null) return;
    this.#waiter = null;
    if (waiter._state === PENDING) waiter.setException(exception);
  }

  setTransport(transport: ReadTransport): void {
    this.#transport = transport;
  }

  feedEof(): void {
    checkBound(this, "reader.feedEof()");
    this.#eof = true;
    this.#wakeUp();
  }

  /** Takes `data` over: it must not be changed afterwards. */
  feedData(data: Buffer): void {
    checkBound(this, "reader.feedData(data)");
    checkBytes(data, "data");
    if (this.#eof) throw new RuntimeError("feedData after feedEof");
    if (data.length === 0) return;
    this.#buffer.push(data);
    this.#wakeUp();
    if (this.#transport !== null && !this.#paused && this.#buffer.length > 2 * this.#limit) {
      this.#paused = true;
      this.#transport.pauseReading();
    }
  }

  #wakeUp(): void {
    const waiter = this.#waiter;
    if (waiter === null) return;
    this.#waiter = null;
    if (waiter._state === PENDING) waiter._settle(FINISHED, undefined);
  }

  toString(): string {
    return `<StreamReader ${this.#buffer.length} bytes${this.#eof ? " eof" : ""}>`;
  }
}
