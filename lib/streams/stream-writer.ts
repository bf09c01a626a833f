// StreamWriter: writes to a transport, and lets a coroutine wait until the peer keeps up.
import { checkBound } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import type { Future } from "../futures/future.ts";
import { PENDING } from "../futures/future.ts";
import { awaitedAlready, RESUMED, suspendOn, suspendOnce } from "../futures/suspension.ts";
import { requireLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import { LibraryCoroutine } from "../tasks/library-coroutine.ts";
import type { Coroutine, Suspension } from "../types/awaitable.ts";
import type { EventLoop } from "../types/event-loop.ts";
import type { Transport } from "../types/transport.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamReaderProtocol } from "./stream-protocol.ts";

/** `drain()`: a state machine, because most of the time there is nothing to wait for. */
class Drain extends LibraryCoroutine<void> {
  /** Null once it is over. */
  #writer: StreamWriter | null;
  #yielded = false;
  #waiter: Future<void> | null = null;

  constructor(writer: StreamWriter) {
    super();
    this.#writer = writer;
  }

  override next(value?: unknown): IteratorResult<Suspension, void> {
    const writer = this.#writer;
    if (writer === null) throw new RuntimeError("cannot reuse already awaited coroutine");
    if (this.#waiter !== null) {
      if (value !== RESUMED) return awaitedAlready();
      if (this.#waiter._state === PENDING) return suspendOn(this.#waiter as Future<unknown>);
      this.#writer = null;
      return { done: true, value: this.#waiter.result() };
    }
    if (!this.#yielded) {
      writer._checkReader();
      if (writer.isClosing()) {
        // One pass, so that the loss of the connection is seen instead of writing into the void for ever.
        this.#yielded = true;
        return suspendOnce();
      }
    }
    this.#waiter = writer._drainWaiter();
    if (this.#waiter !== null) return suspendOn(this.#waiter as Future<unknown>);
    this.#writer = null;
    return DRAINED;
  }
}

const DRAINED: IteratorResult<Suspension, void> = Object.freeze({ done: true, value: undefined });

export class StreamWriter {
  readonly transport: Transport;
  readonly #protocol: StreamReaderProtocol;
  readonly #reader: StreamReader | null;
  readonly #loop: LoopCore;

  /** Made by `openConnection()` and `startServer()`. */
  constructor(
    transport: Transport,
    protocol: StreamReaderProtocol,
    reader: StreamReader | null,
    loop: LoopCore,
  ) {
    if (typeof (transport as Partial<Transport> | null | undefined)?.write !== "function") {
      throw new TypeError(`transport must be a transport to write to, got ${describe(transport)}`);
    }
    requireLoop(loop);
    this.transport = transport;
    this.#protocol = protocol;
    this.#reader = reader;
    this.#loop = loop;
  }

  getLoop(): EventLoop {
    return this.#loop as EventLoop;
  }

  /** Sends bytes, or a string as UTF-8; what the kernel does not take is buffered. Follow it with `drain()`. Large data must not change until sent. */
  write(data: Uint8Array | string): void {
    checkBound(this, "writer.write(data)");
    this.transport.write(data);
  }

  writelines(chunks: Iterable<Uint8Array | string>): void {
    this.transport.writelines(chunks);
  }

  /** Half-closes: the peer sees the end of the stream, and can still send. */
  writeEof(): void {
    this.transport.writeEof();
  }

  canWriteEof(): boolean {
    return this.transport.canWriteEof();
  }

  /** Sends what is buffered, then closes; `waitClosed()` waits for that. */
  close(): void {
    checkBound(this, "writer.close()");
    this.transport.close();
  }

  isClosing(): boolean {
    return this.transport.isClosing();
  }

  /** Waits until the connection is closed; throws the error it was lost with. */
  waitClosed(): CoroutineObject<void> {
    return new CoroutineObject(this.#waitClosed(), "waitClosed");
  }

  *#waitClosed(): Coroutine<void> {
    yield* this.#protocol._closeWaiter();
  }

  getExtraInfo(name: string, fallback: unknown = null): unknown {
    return this.transport.getExtraInfo(name, fallback);
  }

  /** Waits while the write buffer is above its mark. Throws the reader's error, or ECONNRESET when the connection is lost. */
  drain(): LibraryCoroutine<void> {
    checkBound(this, "writer.drain()");
    return new Drain(this);
  }

  /** @internal */
  _checkReader(): void {
    const exception = this.#reader?.exception() ?? null;
    if (exception !== null) throw exception;
  }

  /** @internal */
  _drainWaiter(): Future<void> | null {
    return this.#protocol._drainWaiter();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed();
  }

  toString(): string {
    return `<StreamWriter transport=${String(this.transport)}>`;
  }
}
