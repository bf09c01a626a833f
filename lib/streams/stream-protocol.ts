// StreamReaderProtocol: the protocol that feeds a StreamReader and tells writers when to wait.
import { checkCallback } from "../errors/argument-checks.ts";
import { describe } from "../errors/describe-value.ts";
import { errnoOf, osError } from "../errors/os-errors.ts";
import { Future, PENDING } from "../futures/future.ts";
import { isPromiseLike } from "../futures/wrap-future.ts";
import { requireLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { createTaskOn } from "../tasks/create-task.ts";
import { iscoroutine } from "../tasks/coroutine.ts";
import { Protocol } from "../transports/protocol.ts";
import type { CoroutineLike } from "../types/awaitable.ts";
import type { Transport } from "../types/transport.ts";
import { StreamReader } from "./stream-reader.ts";
import { StreamWriter } from "./stream-writer.ts";

/** Called with each new connection: a coroutine function, an async function or a plain one. */
export type ConnectedCallback = (reader: StreamReader, writer: StreamWriter) => unknown;

export class StreamReaderProtocol extends Protocol {
  readonly #reader: StreamReader;
  readonly #loop: LoopCore;
  readonly #connected: ConnectedCallback | null;
  #paused = false;
  #lost = false;
  #lostError: Error | null = null;
  readonly #drainWaiters: Future<void>[] = [];
  readonly #closeWaiters: Future<void>[] = [];

  constructor(reader: StreamReader, connected: ConnectedCallback | null, loop: LoopCore) {
    super();
    if (!(reader instanceof StreamReader)) {
      throw new TypeError(`reader must be a StreamReader, got ${describe(reader)}`);
    }
    if (connected !== null) checkCallback(connected, "StreamReaderProtocol");
    requireLoop(loop);
    this.#reader = reader;
    this.#connected = connected;
    this.#loop = loop;
  }

  override connectionMade(transport: Transport): void {
    this.#reader.setTransport(transport);
    if (this.#connected === null) return;
    const writer = new StreamWriter(transport, this, this.#reader, this.#loop);
    this.#start(this.#connected, writer, transport);
  }

  #start(connected: ConnectedCallback, writer: StreamWriter, transport: Transport): void {
    let made: unknown;
    try {
      made = connected(this.#reader, writer);
    } catch (error) {
      this.#failed(error, transport);
      return;
    }
    if (!iscoroutine(made) && !isPromiseLike(made)) return;
    const task = createTaskOn(this.#loop, made as CoroutineLike<unknown>);
    task.addDoneCallback(() => {
      if (task.cancelled()) {
        transport.close();
        return;
      }
      const exception = task.exception();
      if (exception === null) return;
      this.#failed(exception, transport);
    });
  }

  #failed(exception: unknown, transport: Transport): void {
    this.#loop.callExceptionHandler({
      message: "Unhandled exception in client_connected_cb",
      exception,
      transport,
    });
    transport.close();
  }

  override connectionLost(exception: Error | null): void {
    this.#lost = true;
    this.#lostError = exception;
    if (exception === null) this.#reader.feedEof();
    else this.#reader.setException(exception);
    settleAll(this.#closeWaiters, exception);
    settleAll(this.#drainWaiters, exception);
  }

  override dataReceived(data: Buffer): void {
    this.#reader.feedData(data);
  }

  override eofReceived(): boolean {
    this.#reader.feedEof();
    // The sending side stays open: a client may half-close after its last request.
    return true;
  }

  override pauseWriting(): void {
    this.#paused = true;
  }

  override resumeWriting(): void {
    this.#paused = false;
    settleAll(this.#drainWaiters, null);
  }

  /** @internal A future for the moment when writing may go on, or null when it may now. Any number may wait (gh-74116). */
  _drainWaiter(): Future<void> | null {
    if (this.#lost) throw osError(errnoOf("ECONNRESET"), "write");
    if (!this.#paused) return null;
    const waiter = new Future<void>({ loop: this.#loop });
    this.#drainWaiters.push(waiter);
    return waiter;
  }

  /** @internal A future for the end of the connection, with the error it ended with; one per waiter, so each can be cancelled. */
  _closeWaiter(): Future<void> {
    const waiter = new Future<void>({ loop: this.#loop });
    this.#closeWaiters.push(waiter);
    if (this.#lost) settleAll(this.#closeWaiters, this.#lostError);
    return waiter;
  }
}

/** Empties the list and settles what is still pending. */
function settleAll(waiters: Future<void>[], exception: Error | null): void {
  for (const waiter of waiters.splice(0)) {
    if (waiter._state !== PENDING) continue;
    if (exception === null) waiter.setResult();
    else waiter.setException(exception);
  }
}
