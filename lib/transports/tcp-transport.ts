// The TCP transport: asyncio's rules for one connection, on whatever byte stream the backend gives.
//
//   OPEN ──close()──> CLOSING ──buffer sent──> LOST     `connectionLost` is called exactly once, through the ready queue,
//     │ ──abort(), error─────────────────────> LOST     and is the last call the protocol gets.
import { LOST_WRITES_BEFORE_WARNING } from "../constants.ts";
import { type Context, copyContext, enterContext } from "../context/context.ts";
import { checkBound, checkBytes, checkIterable } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { isOSError, osError } from "../errors/os-errors.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import type { Address, StreamHandle, StreamOwner } from "../types/backend.ts";
import type { Protocol } from "../types/protocol.ts";
import type { Runnable } from "../types/runnable.ts";
import type { Transport } from "../types/transport.ts";
import { WaterMarks, type WriteBufferLimits } from "./flow-control.ts";
import { borrowsData, checkProtocol } from "./protocol.ts";
import { SocketInfo } from "./socket-info.ts";

/** Who counts connections: a server, told when one is gone. */
export interface ConnectionOwner {
  _detach(transport: TcpTransport): void;
}

export class TcpTransport implements Transport, StreamOwner {
  readonly #loop: LoopCore;
  readonly #stream: StreamHandle;
  readonly #context: Context;
  readonly #server: ConnectionOwner | null;
  readonly #marks = new WaterMarks();
  #protocol: Protocol;
  #protocolPaused = false;
  #paused = false;
  #reading = false;
  #closing = false;
  #lost = false;
  #eofReceived = false;
  #eofWritten = false;
  #lostWrites = 0;
  #sockname: Address | null | undefined = undefined;
  #peername: Address | null | undefined = undefined;

  /** @internal `connectionMade`, the start of reading and `onReady` follow, one pass entry each. */
  constructor(
    loop: LoopCore,
    stream: StreamHandle,
    protocol: Protocol,
    server: ConnectionOwner | null,
    onReady: (() => void) | null,
  ) {
    this.#loop = loop;
    this.#stream = stream;
    this.#protocol = protocol;
    this.#server = server;
    // Every callback of one connection runs in one context, its own (gh-140947).
    this.#context = copyContext();
    stream.owner = this;
    loop._push(
      new Deferred(this.#context, loop, "connectionMade", () => this.#protocol.connectionMade(this)),
    );
    loop._push(new Deferred(this.#context, loop, "startReading", () => this.#startReading()));
    if (onReady !== null) loop._push(new Deferred(this.#context, loop, "onReady", onReady));
  }

  // --- as BaseTransport ---------------------------------------------------------------------------------------------------

  getExtraInfo(name: string, fallback: unknown = null): unknown {
    if (name === "peername") return this.#peer() ?? fallback;
    if (name === "sockname") return this.#sock() ?? fallback;
    if (name === "socket") return new SocketInfo(this.#stream, this.#sock(), this.#peer());
    return fallback;
  }

  isClosing(): boolean {
    return this.#closing;
  }

  setProtocol(protocol: Protocol): void {
    checkProtocol(protocol, "setProtocol() takes a protocol");
    const borrowed = borrowsData(this.#protocol);
    this.#protocol = protocol;
    if (this.#reading && borrowsData(protocol) !== borrowed) this.#stream.readStart(!borrowed);
  }

  getProtocol(): Protocol {
    return this.#protocol;
  }

  close(): void {
    checkBound(this, "transport.close()");
    if (this.#closing) return;
    this.#closing = true;
    this.#stopReading();
    this.#stream.flush();
    if (this.#stream.queued === 0) this.#scheduleLost(null);
  }

  abort(): void {
    checkBound(this, "transport.abort()");
    this.#forceClose(null);
  }

  // --- as ReadTransport ---------------------------------------------------------------------------------------------------

  isReading(): boolean {
    return !this.#closing && !this.#paused;
  }

  pauseReading(): void {
    if (this.#closing || this.#paused) return;
    this.#paused = true;
    this.#stopReading();
  }

  resumeReading(): void {
    if (this.#closing || !this.#paused) return;
    this.#paused = false;
    this.#startReading();
  }

  #startReading(): void {
    if (this.#closing || this.#paused || this.#reading || this.#eofReceived) return;
    this.#reading = true;
    const code = this.#stream.readStart(borrowsData(this.#protocol));
    if (code < 0) this.#fail(osError(code, "read"), "Fatal read error on TCP transport");
  }

  #stopReading(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#stream.readStop();
  }

  // --- as WriteTransport --------------------------------------------------------------------------------------------------

  write(data: Uint8Array | string): void {
    checkBound(this, "transport.write(data)");
    if (typeof data === "string") data = Buffer.from(data);
    else checkBytes(data, "data");
    if (this.#eofWritten) throw new RuntimeError("Cannot call write() after writeEof()");
    if (data.length === 0) return;
    if (this.#lost) {
      this.#countLostWrite();
      return;
    }
    const stream = this.#stream;
    stream.write(data);
    if (stream.queued > this.#marks.high && !this.#protocolPaused) {
      // Only what the kernel refuses counts: corked bytes get their chance before anybody is paused.
      stream.flush();
      this.#maybePause();
    }
  }

  writelines(chunks: Iterable<Uint8Array | string>): void {
    checkIterable(chunks, "chunks");
    // Corked anyway: one system call for all, where they are small.
    for (const chunk of chunks) this.write(chunk);
  }

  writeEof(): void {
    if (this.#closing || this.#eofWritten) return;
    this.#eofWritten = true;
    this.#stream.shutdown();
  }

  canWriteEof(): boolean {
    return true;
  }

  setWriteBufferLimits(limits?: WriteBufferLimits): void {
    this.#marks.set(limits);
    this.#maybePause();
  }

  getWriteBufferSize(): number {
    return this.#stream.queued;
  }

  getWriteBufferLimits(): [low: number, high: number] {
    return [this.#marks.low, this.#marks.high];
  }

  #countLostWrite(): void {
    this.#lostWrites++;
    if (this.#lostWrites === LOST_WRITES_BEFORE_WARNING) {
      process.emitWarning(
        "transport.write() was called several times after the connection was lost; the data is dropped",
        {
          type: "AsyncioUvWarning",
          code: "ASYNCIO_UV_LOST_WRITES",
        },
      );
    }
  }

  #maybePause(): void {
    if (this.#protocolPaused || this.#lost || this.#stream.queued <= this.#marks.high) return;
    this.#protocolPaused = true;
    this.#guard("pauseWriting", () => this.#protocol.pauseWriting());
  }

  #maybeResume(): void {
    if (!this.#protocolPaused || this.#lost || this.#stream.queued > this.#marks.low) return;
    this.#protocolPaused = false;
    this.#guard("resumeWriting", () => this.#protocol.resumeWriting());
  }

  /** Errors in flow-control callbacks are reported and change nothing. */
  #guard(what: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#report(`protocol.${what}() failed`, error);
    }
  }

  // --- as StreamOwner: called from the ready queue ------------------------------------------------------------------------

  onData(data: Buffer): void {
    if (this.#closing) return;
    enterContext(this.#context);
    try {
      this.#protocol.dataReceived(data);
    } catch (error) {
      this.#fail(error, "Fatal error: protocol.dataReceived() call failed.");
    }
  }

  onEnd(): void {
    if (this.#closing) return;
    enterContext(this.#context);
    this.#reading = false;
    this.#eofReceived = true;
    let keepOpen: unknown;
    try {
      keepOpen = this.#protocol.eofReceived();
    } catch (error) {
      this.#fail(error, "Fatal error: protocol.eofReceived() call failed.");
      return;
    }
    if (!keepOpen) this.close();
  }

  onReadError(code: number): void {
    if (!this.#lost) this.#fail(osError(code, "read"), "Fatal read error on TCP transport");
  }

  onWriteError(code: number): void {
    if (!this.#lost) this.#fail(osError(code, "write"), "Fatal write error on TCP transport");
  }

  onDrain(): void {
    if (this.#lost) return;
    enterContext(this.#context);
    this.#maybePause();
    this.#maybeResume();
    if (this.#closing && this.#stream.queued === 0) this.#scheduleLost(null);
  }

  onShutdown(code: number): void {
    if (code < 0 && !this.#lost)
      this.#fail(osError(code, "shutdown"), "Fatal error while half-closing a TCP transport");
  }

  // --- the end --------------------------------------------------------------------------------------------------------------

  /** Errors of the network are the peer's business and end the connection quietly; others are reported too. */
  #fail(error: unknown, message: string): void {
    if (!isOSError(error) || this.#loop._debug) this.#report(message, error);
    this.#forceClose(error instanceof Error ? error : new RuntimeError(String(error)));
  }

  #report(message: string, exception: unknown): void {
    this.#loop.callExceptionHandler({ message, exception, transport: this, protocol: this.#protocol });
  }

  #forceClose(exception: Error | null): void {
    if (this.#lost) return;
    this.#closing = true;
    this.#stopReading();
    this.#scheduleLost(exception);
  }

  #scheduleLost(exception: Error | null): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#loop._push(
      new Deferred(this.#context, this.#loop, "connectionLost", () => this.#callLost(exception)),
    );
  }

  #callLost(exception: Error | null): void {
    // The names outlive the socket.
    this.#sock();
    this.#peer();
    try {
      this.#protocol.connectionLost(exception);
    } finally {
      this.#stream.close(false);
      this.#server?._detach(this);
    }
  }

  #sock(): Address | null {
    return (this.#sockname ??= this.#stream.sockname());
  }

  #peer(): Address | null {
    return (this.#peername ??= this.#stream.peername());
  }

  toString(): string {
    const state = this.#lost ? "closed" : this.#closing ? "closing" : "open";
    return `<TcpTransport ${state} peername=${JSON.stringify(this.#peername ?? null)}>`;
  }
}

/** One scheduled call of a connection, in its context. */
class Deferred implements Runnable {
  readonly #context: Context;
  readonly #loop: LoopCore;
  readonly #what: string;
  readonly #call: () => void;

  constructor(context: Context, loop: LoopCore, what: string, call: () => void) {
    this.#context = context;
    this.#loop = loop;
    this.#what = what;
    this.#call = call;
  }

  run(): void {
    enterContext(this.#context);
    try {
      this.#call();
    } catch (error) {
      this.#loop.callExceptionHandler({ message: `Exception in callback ${this.#what}`, exception: error });
    }
  }
}
