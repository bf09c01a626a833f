// Server: listening sockets, the connections they have made, and the ways to end both.
import { ACCEPT_RETRY_SECONDS } from "../constants.ts";
import { copyContext, enterContext } from "../context/context.ts";
import { checkBound } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { errorName, osError } from "../errors/os-errors.ts";
import { Future } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { Coroutine } from "../types/awaitable.ts";
import type { EventLoop } from "../types/event-loop.ts";
import type { ListenerHandle, StreamHandle } from "../types/backend.ts";
import type { Protocol } from "../types/protocol.ts";
import { checkProtocol } from "./protocol.ts";
import { SocketInfo } from "./socket-info.ts";
import { TcpTransport } from "./tcp-transport.ts";

/** Codes that mean the process ran out of something: accepting pauses instead of spinning. */
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);

export class Server {
  readonly #loop: LoopCore;
  readonly #protocolFactory: () => Protocol;
  readonly #backlog: number;
  readonly #context = copyContext();
  #listeners: ListenerHandle[] | null;
  readonly #transports = new Set<TcpTransport>();
  #serving = false;
  #closedWaiters: Future<void>[] | null = [];
  #forever: Future<void> | null = null;

  /** @internal */
  constructor(loop: LoopCore, listeners: ListenerHandle[], protocolFactory: () => Protocol, backlog: number) {
    this.#loop = loop;
    this.#listeners = listeners;
    this.#protocolFactory = protocolFactory;
    this.#backlog = backlog;
  }

  /** The listening sockets; empty once closed. */
  get sockets(): readonly SocketInfo[] {
    return (this.#listeners ?? []).map((listener) => new SocketInfo(listener, listener.sockname(), null));
  }

  getLoop(): EventLoop {
    return this.#loop as EventLoop;
  }

  isServing(): boolean {
    return this.#serving;
  }

  /** Starts to accept connections. Idempotent. */
  startServing(): CoroutineObject<void> {
    return new CoroutineObject(this.#startServing(), "startServing");
  }

  *#startServing(): Coroutine<void> {
    this._listen();
    // As asyncio: one pass, so that connections made before are seen by whoever awaits this.
    yield undefined as never;
  }

  /** @internal */
  _listen(): void {
    if (this.#serving) return;
    if (this.#listeners === null) throw new RuntimeError("server is closed");
    this.#serving = true;
    for (const listener of this.#listeners) {
      listener.onConnection = (stream) => this.#accept(stream);
      listener.onAcceptError = (code) => this.#acceptFailed(listener, code);
      const code = listener.listen(this.#backlog);
      if (code < 0) {
        const address = listener.sockname();
        this.close();
        throw osError(code, "listen", address?.[0], address?.[1]);
      }
    }
  }

  /** Accepts until it is cancelled, then closes the server and its clients and waits for them. */
  serveForever(): CoroutineObject<void> {
    return new CoroutineObject(this.#serveForever(), "serveForever");
  }

  *#serveForever(): Coroutine<void> {
    if (this.#forever !== null) throw new RuntimeError("server is already being awaited on serveForever()");
    if (this.#listeners === null) throw new RuntimeError("server is closed");
    this._listen();
    const forever = new Future<void>({ loop: this.#loop });
    this.#forever = forever;
    try {
      yield* forever;
    } finally {
      this.#forever = null;
      this.close();
      this.closeClients();
      yield* this.waitClosed();
    }
  }

  /** Stops listening at once; connections go on. Ends `serveForever()`. Idempotent. */
  close(): void {
    checkBound(this, "server.close()");
    const listeners = this.#listeners;
    if (listeners === null) return;
    this.#listeners = null;
    this.#serving = false;
    for (const listener of listeners) listener.close();
    this.#forever?.cancel();
    this.#wakeIfClosed();
  }

  /** Closes every connection after its buffer has been sent. */
  closeClients(): void {
    for (const transport of [...this.#transports]) transport.close();
  }

  /** Closes every connection now, dropping what is buffered. */
  abortClients(): void {
    for (const transport of [...this.#transports]) transport.abort();
  }

  /** Waits until the server is closed and its last connection is gone, in either order. */
  waitClosed(): CoroutineObject<void> {
    return new CoroutineObject(this.#waitClosed(), "waitClosed");
  }

  *#waitClosed(): Coroutine<void> {
    if (this.#closedWaiters === null) return;
    const waiter = new Future<void>({ loop: this.#loop });
    this.#closedWaiters.push(waiter);
    yield* waiter;
  }

  /** For `asyncWith()`: entering gives the server, leaving closes it and waits. */
  aenter(): CoroutineObject<this> {
    return new CoroutineObject(this.#enter(), "aenter");
  }

  // eslint-disable-next-line require-yield -- entering a server waits for nothing
  *#enter(): Coroutine<this> {
    return this;
  }

  aexit(_error: unknown): CoroutineObject<void> {
    this.close();
    return this.waitClosed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed();
  }

  #accept(stream: StreamHandle): void {
    // Each connection runs in its own copy of the context that the server was made in.
    enterContext(this.#context.copy());
    let protocol: Protocol;
    try {
      protocol = this.#protocolFactory();
      checkProtocol(protocol);
    } catch (error) {
      stream.close(false);
      this.#loop.callExceptionHandler({
        message: "Error on transport creation for incoming connection",
        exception: error,
      });
      return;
    }
    this.#transports.add(new TcpTransport(this.#loop, stream, protocol, this, null));
  }

  #acceptFailed(listener: ListenerHandle, code: number): void {
    const exhausted = EXHAUSTED.has(errorName(code));
    if (exhausted || this.#loop._debug) {
      this.#loop.callExceptionHandler({
        message: "accept failed; the server goes on",
        exception: osError(code, "accept"),
      });
    }
    if (!exhausted) return;
    listener.onConnection = (stream) => stream.close(true);
    this.#loop.callLater(ACCEPT_RETRY_SECONDS, () => {
      listener.onConnection = (stream) => this.#accept(stream);
    });
  }

  /** @internal */
  _detach(transport: TcpTransport): void {
    this.#transports.delete(transport);
    this.#wakeIfClosed();
  }

  #wakeIfClosed(): void {
    if (this.#listeners !== null || this.#transports.size > 0 || this.#closedWaiters === null) return;
    const waiters = this.#closedWaiters;
    this.#closedWaiters = null;
    for (const waiter of waiters) if (!waiter.done()) waiter.setResult();
  }

  toString(): string {
    return `<Server sockets=${JSON.stringify(this.sockets.map((socket) => socket.getsockname()))}>`;
  }
}
