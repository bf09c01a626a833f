// One TCP stream on node:net: events in through the queue, corked or direct writes out.
import type { Socket } from "node:net";
import { COPY_LIMIT } from "../constants.ts";
import type { Address, ConnectCallback, StreamHandle, StreamOwner } from "../types/backend.ts";
import { errorCode, uvCode } from "./error-codes.ts";
import type { EventKind, EventTarget } from "./event-queue.ts";
import type { PureSockets } from "./pure-sockets.ts";
import { toAddress } from "./socket-address.ts";

/** Bytes read and not delivered, from which on the socket is paused: the loop may be stopped while a peer goes on sending. */
const MAX_UNDELIVERED = 1024 * 1024;

/** A chunk of data, an error code, or nothing. */
type EventValue = Buffer | number | null;

interface Held {
  readonly kind: EventKind;
  readonly value: EventValue;
}

export class PureStream implements StreamHandle, EventTarget<EventValue> {
  owner: StreamOwner | null = null;
  /** Set while a connect is in progress. */
  connecting: ConnectCallback | null = null;
  readonly #sockets: PureSockets;
  readonly #socket: Socket;
  #sockname: Address | null = null;
  #peername: Address | null = null;
  #open = true;
  #connected = false;
  #ended = false;
  #reading = false;
  #undelivered = 0;
  /** What was read before readStop() took effect. */
  #held: Held[] = [];
  #releaseQueued = false;
  #corked: Buffer[] = [];
  #corkedBytes = 0;
  /** The kernel did not take all of the last write: somebody waits for onDrain. */
  #behind = false;
  #drainQueued = false;
  readonly #onWritten = (): void => {
    if (!this.#behind) return;
    this.#behind = this.#socket.writableLength > 0;
    if (this.#drainQueued) return;
    this.#drainQueued = true;
    this.#push("drain", null);
  };

  /** `socket` must be paused, must allow to be half open, and is connected or will be. */
  constructor(sockets: PureSockets, socket: Socket) {
    this.#sockets = sockets;
    this.#socket = socket;
    sockets.streams.add(this);
    socket.unref();
    socket.on("data", (chunk) => this.#received(chunk));
    socket.on("end", () => this.#push("end", null));
    socket.on("finish", () => this.#push("shutdown", 0));
    // Stays for good: an error that comes after the close must find somebody too.
    socket.on("error", (error) => this.#failed(error));
    socket.on("close", () => sockets.streams.delete(this));
    if (socket.connecting) socket.once("connect", () => this.#onConnect());
    else this.#keepNames();
  }

  get queued(): number {
    return this.#open && !this.#socket.destroyed ? this.#corkedBytes + this.#socket.writableLength : 0;
  }

  onEvent(kind: EventKind, value: EventValue): void {
    if (!this.#open) return;
    if (kind === "data" || kind === "end" || kind === "readError") {
      if (this.#reading && this.#held.length === 0) this.#deliver(kind, value);
      else this.#held.push({ kind, value });
    } else if (kind === "release") {
      this.#releaseHeld();
    } else if (kind === "drain") {
      this.#drainQueued = false;
      this.owner?.onDrain();
    } else if (kind === "writeError") {
      this.owner?.onWriteError(value as number);
    } else if (kind === "shutdown") {
      this.owner?.onShutdown(value as number);
    } else if (kind === "connect") {
      this.#finishConnect(value as number);
    }
  }

  /** Nothing is ever lent here: node:net gives every chunk its own memory. */
  readStart(_borrow: boolean): number {
    if (!this.#open || this.#reading) return 0;
    this.#reading = true;
    if (this.#held.length > 0 && !this.#releaseQueued) {
      this.#releaseQueued = true;
      this.#push("release", null);
    }
    this.#resume();
    return 0;
  }

  readStop(): void {
    if (!this.#reading) return;
    this.#reading = false;
    if (this.#open) this.#socket.pause();
  }

  write(data: Uint8Array): void {
    const length = data.length;
    if (length === 0 || !this.#open) return;
    if (this.#ended || this.#socket.destroyed) {
      // An error that was read and is held until somebody reads again must not be the only word of it.
      this.#push("writeError", uvCode("EPIPE"));
      return;
    }
    if (length > COPY_LIMIT) {
      this.flush();
      this.#send([isResizable(data.buffer) ? ownCopy(data) : data]);
      return;
    }
    if (this.#corkedBytes === 0) this.#sockets.cork.add(this);
    this.#corkedBytes += length;
    if (this.#behind) {
      // It may lie here for long, and must not keep a slab alive meanwhile.
      this.#corked.push(ownCopy(data));
      return;
    }
    const before = this.#corked.pop();
    const view = this.#sockets.cork.append(before, data);
    if (before !== undefined && view.length === length) this.#corked.push(before);
    this.#corked.push(view);
  }

  flush(): void {
    if (this.#corkedBytes === 0) return;
    const chunks = this.#corked;
    this.#corked = [];
    this.#corkedBytes = 0;
    this.#send(chunks);
  }

  shutdown(): void {
    if (!this.#open || this.#ended) return;
    this.flush();
    this.#ended = true;
    this.#socket.end();
  }

  close(reset: boolean): void {
    if (!this.#open) return;
    this.#open = this.#reading = false;
    this.#held = [];
    this.#corked = [];
    this.#corkedBytes = 0;
    this.owner = null;
    this.connecting = null;
    const socket = this.#socket;
    // libuv refuses to reset what is half-closed; an ordinary close is right then.
    if (reset && !this.#ended && !socket.connecting && !socket.destroyed) socket.resetAndDestroy();
    socket.destroy();
  }

  sockname(): Address | null {
    return this.#open ? this.#sockname : null;
  }

  peername(): Address | null {
    return this.#open ? this.#peername : null;
  }

  /** node:net shows no descriptors. */
  fileno(): number {
    return -1;
  }

  setNoDelay(on: boolean): void {
    if (this.#open) this.#socket.setNoDelay(on);
  }

  setKeepAlive(on: boolean, delay: number): void {
    if (this.#open) this.#socket.setKeepAlive(on, Math.max(1, Math.round(delay)) * 1000);
  }

  #push(kind: EventKind, value: EventValue): void {
    if (this.#open) this.#sockets.events.push(this, kind, value);
  }

  #onConnect(): void {
    this.#keepNames();
    this.#push("connect", 0);
  }

  /** Asked early: Node closes the socket by itself once both sides have ended or one has failed. */
  #keepNames(): void {
    const socket = this.#socket;
    this.#connected = true;
    this.#sockname = toAddress(socket.localAddress, socket.localFamily, socket.localPort);
    this.#peername = toAddress(socket.remoteAddress, socket.remoteFamily, socket.remotePort);
  }

  #finishConnect(code: number): void {
    const callback = this.connecting;
    this.connecting = null;
    if (code === 0) {
      callback?.(this, 0);
    } else {
      this.close(false);
      callback?.(null, code);
    }
  }

  #received(chunk: Buffer): void {
    this.#undelivered += chunk.length;
    if (this.#undelivered > MAX_UNDELIVERED) this.#socket.pause();
    this.#push("data", chunk);
  }

  #deliver(kind: EventKind, value: EventValue): void {
    if (kind === "data") {
      const chunk = value as Buffer;
      this.#undelivered -= chunk.length;
      this.owner?.onData(chunk);
      this.#resume();
    } else if (kind === "end") {
      this.owner?.onEnd();
    } else {
      this.owner?.onReadError(value as number);
    }
  }

  #resume(): void {
    if (!this.#reading || this.#undelivered > MAX_UNDELIVERED) return;
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  #releaseHeld(): void {
    this.#releaseQueued = false;
    // What is delivered may stop the reading or close the stream.
    while (this.#reading && this.#held.length > 0) {
      const { kind, value } = this.#held.shift()!;
      this.#deliver(kind, value);
    }
  }

  #send(chunks: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) socket.write(chunk, this.#onWritten);
    if (chunks.length > 1) socket.uncork();
    this.#behind = socket.writableLength > 0;
  }

  /** Node gives up both directions at the first error. */
  #failed(error: NodeJS.ErrnoException): void {
    const code = errorCode(error);
    if (!this.#connected) this.#push("connect", code);
    else if (error.syscall === "shutdown") this.#push("shutdown", code);
    // Whoever waits for a drain must hear of it even while not reading.
    else if (error.syscall === "read" && !this.#behind) this.#push("readError", code);
    else this.#push("writeError", code);
  }
}

function ownCopy(data: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(data.length);
  copy.set(data);
  return copy;
}

/** Memory that can shrink must not be handed to a call in progress. */
function isResizable(buffer: ArrayBufferLike): boolean {
  return (buffer as { resizable?: boolean }).resizable === true;
}
