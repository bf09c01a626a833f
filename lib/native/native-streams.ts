// The sockets of one native loop by slot, and the dispatch of the records that C++ reports about them.
import { forgetStores } from "../context/async-scope.ts";
import { turnStores } from "../context/stores.ts";
import type { ReadySink, Runnable } from "../types/runnable.ts";
import type { ListenerHandle, StreamHandle } from "../types/backend.ts";
import { createSlab } from "./shared-state.ts";
import type { Layout, NativeLoop, SharedArrays } from "./surface.ts";

/** A socket as the dispatch sees it. `id` carries a generation, so a late record for a closed socket finds nobody. */
export interface NativeSocket {
  readonly id: number;
  /** `slab` is the slab number of a READ and 0 otherwise. */
  onRecord(kind: number, a: number, b: number, slab: number): void;
  close(reset: boolean): void;
}

/** What the sockets of one loop share. */
export class NativeSockets implements Runnable {
  readonly native: NativeLoop;
  readonly layout: Layout;
  readonly state: Int32Array;
  readonly requests: Int32Array;
  readonly out: Buffer;
  /** The buffers that C++ reads into now, by slab number. */
  readonly slabs: Buffer[] = [];
  /** Connections that C++ has accepted are wrapped by whoever made this. */
  readonly wrap: (id: number) => NativeSocket & StreamHandle;
  readonly #records: Int32Array;
  readonly #bySlot: (NativeSocket | undefined)[] = [];
  readonly #indexMask: number;
  /** Streams that read again and still hold what came before; served before any new record. */
  readonly #resumed: { releaseHeld(): void }[] = [];
  #queued = false;

  constructor(
    layout: Layout,
    arrays: SharedArrays,
    native: NativeLoop,
    wrap: (sockets: NativeSockets, id: number) => NativeSocket & StreamHandle,
  ) {
    this.native = native;
    this.layout = layout;
    this.state = arrays.state;
    this.requests = arrays.requests;
    this.out = arrays.out;
    this.#records = arrays.records;
    this.#indexMask = (1 << layout.slotIndexBits) - 1;
    this.wrap = (id) => wrap(this, id);
  }

  add(socket: NativeSocket): void {
    if (this.slabs.length === 0) this.#provideSlabs();
    this.#bySlot[socket.id & this.#indexMask] = socket;
  }

  remove(socket: NativeSocket): void {
    const index = socket.id & this.#indexMask;
    if (this.#bySlot[index] === socket) this.#bySlot[index] = undefined;
  }

  /** Has a stream deliver what it holds in the next pass. */
  resume(stream: { releaseHeld(): void }): void {
    this.#resumed.push(stream);
    this.native.wake();
  }

  /** Puts the records that wait, as one entry, in the ready queue. */
  collect(sink: ReadySink): void {
    if (this.#queued || (this.state[this.layout.state.RECORD_COUNT] === 0 && this.#resumed.length === 0))
      return;
    this.#queued = true;
    sink.push(this);
  }

  /** Dispatches every record, in the order in which C++ saw the events. */
  run(): void {
    this.#queued = false;
    if (this.#resumed.length > 0) for (const stream of this.#resumed.splice(0)) stream.releaseHeld();
    const { state, layout } = this;
    const records = this.#records;
    const { recordStride, kindBits } = layout;
    const recordCount = layout.state.RECORD_COUNT;
    const kindMask = (1 << kindBits) - 1;
    let i = 0;
    try {
      // The count is read anew each time: a direct write from a callback may report an error behind the last record.
      while (i < state[recordCount]!) {
        if (turnStores.dirty) forgetStores();
        const at = i++ * recordStride;
        const id = records[at]!;
        const socket = this.#bySlot[id & this.#indexMask];
        const kind = records[at + 1]!;
        if (socket !== undefined && socket.id === id) {
          socket.onRecord(kind & kindMask, records[at + 2]!, records[at + 3]!, kind >> kindBits);
        } else if (kind === layout.kinds.ACCEPT) {
          // The listener was closed after C++ had accepted for it.
          this.native.closeSocket(records[at + 2]!, false);
        }
      }
    } finally {
      // Owners report their errors themselves; should one throw all the same, the records behind it must not be lost.
      this.#drop(i);
      if (state[layout.state.SLABS_WANTED] !== 0 && state[recordCount] === 0) this.#replaceSlabs();
    }
  }

  /** Takes the first `count` records off. */
  #drop(count: number): void {
    const { state, layout } = this;
    const left = state[layout.state.RECORD_COUNT]! - count;
    if (left > 0)
      this.#records.copyWithin(0, count * layout.recordStride, (count + left) * layout.recordStride);
    state[layout.state.RECORD_COUNT] = Math.max(0, left);
  }

  /** Closes what is left. */
  close(): void {
    for (const socket of this.#bySlot) socket?.close(false);
    this.#bySlot.length = 0;
  }

  /** With the first socket: a loop that has none needs no memory for reads. */
  #provideSlabs(): void {
    for (const [index, bytes] of this.layout.slabBytes.entries()) {
      const slab = createSlab(bytes);
      this.native.provideSlab(index, slab);
      this.slabs.push(slab);
    }
  }

  #replaceSlabs(): void {
    const wanted = this.state[this.layout.state.SLABS_WANTED]!;
    for (let index = 0; index < this.slabs.length; index++) {
      if ((wanted & (1 << index)) === 0) continue;
      const slab = createSlab(this.layout.slabBytes[index]!);
      if (this.native.provideSlab(index, slab) === 0) this.slabs[index] = slab;
    }
  }
}

/** A listening socket of the native backend. */
export class NativeListener implements NativeSocket, ListenerHandle {
  readonly id: number;
  onConnection: ((stream: StreamHandle) => void) | null = null;
  onAcceptError: ((code: number) => void) | null = null;
  readonly #sockets: NativeSockets;

  constructor(sockets: NativeSockets, id: number) {
    this.#sockets = sockets;
    this.id = id;
    sockets.add(this);
  }

  onRecord(kind: number, a: number): void {
    const { kinds } = this.#sockets.layout;
    if (kind === kinds.ACCEPT) {
      const stream = this.#sockets.wrap(a);
      if (this.onConnection === null) stream.close(false);
      else this.onConnection(stream);
    } else if (kind === kinds.ACCEPT_ERROR) {
      this.onAcceptError?.(a);
    }
  }

  listen(backlog: number): number {
    return this.#sockets.native.listen(this.id, backlog);
  }

  sockname(): ReturnType<NativeLoop["sockname"]> {
    return this.#sockets.native.sockname(this.id);
  }

  fileno(): number {
    return this.#sockets.native.fileno(this.id);
  }

  close(): void {
    this.#sockets.remove(this);
    this.#sockets.native.closeSocket(this.id, false);
  }
}
