// One TCP stream of the native backend: records in, corked or direct writes out.
import { COPY_LIMIT } from "../constants.ts";
import type { Address, ConnectCallback, StreamHandle, StreamOwner } from "../types/backend.ts";
import type { NativeSocket, NativeSockets } from "./native-streams.ts";

/** Bytes of a large slab that are copied out rather than cut: a small view would keep the whole megabyte alive. */
const COPY_OUT_OF_LARGE = 16 * 1024;

/** Bytes that C++ takes in one call; must equal kMaxDirectWrite in native/driver/loop_exports.cc. */
const MAX_DIRECT_WRITE = 2 ** 30;

type Held = { data: Buffer } | { end: true } | { error: number };

export class NativeStream implements NativeSocket, StreamHandle {
  readonly id: number;
  owner: StreamOwner | null = null;
  /** Set while a connect is in progress. */
  connecting: ConnectCallback | null = null;
  readonly #sockets: NativeSockets;
  #open = true;
  #reading = false;
  #borrow = false;
  /** The end or an error was reported: libuv would only report it again. */
  #ended = false;
  /** Bytes that C++ has queued behind a full socket, as far as it has told. */
  #backlog = 0;
  /** Bytes written since the flush numbered #corkedEpoch began. */
  #corked = 0;
  #corkedEpoch = 0;
  /** What was read before readStop() took effect. */
  #held: Held[] | null = null;

  constructor(sockets: NativeSockets, id: number) {
    this.#sockets = sockets;
    this.id = id;
    sockets.add(this);
  }

  get queued(): number {
    return this.#corkedEpoch === this.#sockets.state[this.#sockets.layout.state.FLUSH_EPOCH]
      ? this.#backlog + this.#corked
      : this.#backlog;
  }

  onRecord(kind: number, a: number, b: number, slab: number): void {
    const { kinds } = this.#sockets.layout;
    if (kind === kinds.READ) {
      const data = this.#view(slab, a, b);
      if (this.#reading && this.#held === null) this.owner?.onData(data);
      else this.#hold({ data: slab === this.#sockets.layout.borrowedSlab ? Buffer.from(data) : data });
    } else if (kind === kinds.END) {
      this.#ended = true;
      if (this.#reading && this.#held === null) this.owner?.onEnd();
      else this.#hold({ end: true });
    } else if (kind === kinds.BACKLOG) {
      // Asked for, not read from the record: what was written since counts too, and a stale 0 would end a closing
      // transport before its last bytes are out.
      this.#backlog = this.#sockets.native.queuedBytes(this.id);
      this.owner?.onDrain();
    } else if (kind === kinds.READ_ERROR) {
      this.#ended = true;
      if (this.#reading && this.#held === null) this.owner?.onReadError(a);
      else this.#hold({ error: a });
    } else if (kind === kinds.WRITE_ERROR) {
      this.owner?.onWriteError(a);
    } else if (kind === kinds.SHUTDOWN) {
      this.owner?.onShutdown(a);
    } else if (kind === kinds.CONNECT) {
      this.#connected(a);
    }
  }

  readStart(borrow: boolean): number {
    if (!this.#open) return 0;
    this.#reading = true;
    this.#borrow = borrow;
    // Never inline: whoever resumes is not ready for data before it has returned.
    if (this.#held !== null) this.#sockets.resume(this);
    return this.#ended ? 0 : this.#sockets.native.readStart(this.id, borrow);
  }

  readStop(): void {
    if (!this.#reading) return;
    this.#reading = false;
    if (this.#open) this.#sockets.native.readStop(this.id);
  }

  write(data: Uint8Array): void {
    const length = data.length;
    if (length === 0 || !this.#open) return;
    if (length > COPY_LIMIT) {
      this.#writeDirect(data);
      return;
    }
    const { state, layout, requests, out } = this.#sockets;
    const slots = layout.state;
    let used = state[slots.OUT_USED]!;
    let count = state[slots.REQUEST_COUNT]!;
    if (used + length > layout.outCapacity || count === layout.requestCapacity) {
      this.flush();
      used = 0;
      count = 0;
    }
    out.set(data, used);
    state[slots.OUT_USED] = used + length;
    const last = (count - 1) * layout.requestStride;
    if (count > 0 && requests[last] === this.id) {
      requests[last + 2]! += length;
    } else {
      const at = count * layout.requestStride;
      requests[at] = this.id;
      requests[at + 1] = used;
      requests[at + 2] = length;
      state[slots.REQUEST_COUNT] = count + 1;
    }
    const epoch = state[slots.FLUSH_EPOCH]!;
    this.#corked = this.#corkedEpoch === epoch ? this.#corked + length : length;
    this.#corkedEpoch = epoch;
  }

  flush(): void {
    if (!this.#open) return;
    this.#backlog = this.#sockets.native.flushStream(this.id);
    this.#corked = 0;
  }

  shutdown(): void {
    if (!this.#open) return;
    const code = this.#sockets.native.shutdown(this.id);
    if (code < 0) this.owner?.onShutdown(code);
  }

  close(reset: boolean): void {
    if (!this.#open) return;
    this.#open = this.#reading = false;
    this.#held = null;
    this.#backlog = this.#corked = 0;
    this.#sockets.remove(this);
    this.#sockets.native.closeSocket(this.id, reset);
    this.owner = null;
    this.connecting = null;
  }

  sockname(): Address | null {
    return this.#open ? this.#sockets.native.sockname(this.id) : null;
  }

  peername(): Address | null {
    return this.#open ? this.#sockets.native.peername(this.id) : null;
  }

  fileno(): number {
    return this.#open ? this.#sockets.native.fileno(this.id) : -1;
  }

  setNoDelay(on: boolean): void {
    if (this.#open) this.#sockets.native.setNoDelay(this.id, on);
  }

  setKeepAlive(on: boolean, delay: number): void {
    if (this.#open) this.#sockets.native.setKeepAlive(this.id, on, Math.max(1, Math.round(delay)));
  }

  #view(slab: number, offset: number, length: number): Buffer {
    const { layout, slabs } = this.#sockets;
    const view = slabs[slab]!.subarray(offset, offset + length);
    if (slab >= layout.firstLargeSlab && length < COPY_OUT_OF_LARGE) return Buffer.from(view);
    // Read on loan, but the owner has since asked for data to keep.
    if (slab === layout.borrowedSlab && !this.#borrow) return Buffer.from(view);
    return view;
  }

  #writeDirect(data: Uint8Array): void {
    // Lent bytes are somebody else's after the turn, so what the kernel leaves of them is copied.
    const lent = data.buffer === this.#sockets.slabs[this.#sockets.layout.borrowedSlab]!.buffer;
    const copy = lent || isResizable(data.buffer);
    this.#corked = 0;
    for (let at = 0; at < data.length; at += MAX_DIRECT_WRITE) {
      const piece = data.length <= MAX_DIRECT_WRITE ? data : data.subarray(at, at + MAX_DIRECT_WRITE);
      const left = this.#sockets.native.writeDirect(this.id, piece, copy);
      if (left < 0) {
        this.owner?.onWriteError(left);
        return;
      }
      this.#backlog = left;
    }
  }

  #connected(code: number): void {
    const callback = this.connecting;
    this.connecting = null;
    if (code === 0) {
      callback?.(this, 0);
    } else {
      this.close(false);
      callback?.(null, code);
    }
  }

  #hold(what: Held): void {
    (this.#held ??= []).push(what);
  }

  /** Delivers what came while nobody read, until somebody stops reading again. */
  releaseHeld(): void {
    while (this.#held !== null && this.#reading) {
      const next = this.#held.shift();
      if (this.#held.length === 0) this.#held = null;
      if (next === undefined) return;
      if ("data" in next) this.owner?.onData(next.data);
      else if ("error" in next) this.owner?.onReadError(next.error);
      else this.owner?.onEnd();
    }
  }
}

/** Memory that can shrink under C++ must not be pinned. */
function isResizable(buffer: ArrayBufferLike): boolean {
  return (buffer as { resizable?: boolean; growable?: boolean }).resizable === true;
}
