// The typed face of the addon: exactly what native/addon.cc and native/driver/loop_exports.cc export.
import type { Address } from "../types/backend.ts";

/** Numbers that both sides share; their meaning stands in native/shared_layout.h. */
export interface Layout {
  state: Record<
    | "RECORD_COUNT"
    | "REQUEST_COUNT"
    | "OUT_USED"
    | "FLUSH_EPOCH"
    | "STAGED_COUNT"
    | "CANCELLED_COUNT"
    | "TIMER_FREE_HEAD"
    | "SLABS_WANTED"
    | "TURNS"
    | "STREAMS"
    | "LISTENERS",
    number
  >;
  stateSlots: number;
  times: Record<"NEXT_DEADLINE" | "FOREIGN_TIME", number>;
  timeSlots: number;
  kinds: Record<
    | "READ"
    | "END"
    | "READ_ERROR"
    | "WRITE_ERROR"
    | "BACKLOG"
    | "SHUTDOWN"
    | "CONNECT"
    | "ACCEPT"
    | "ACCEPT_ERROR",
    number
  >;
  kindBits: number;
  recordStride: number;
  recordCapacity: number;
  requestStride: number;
  requestCapacity: number;
  outCapacity: number;
  stagedCapacity: number;
  dueCapacity: number;
  slotIndexBits: number;
  timerEnd: number;
  timerLive: number;
  timerCancelled: number;
  bindIpv6Only: number;
  bindReusePort: number;
  slabBytes: number[];
  borrowedSlab: number;
  firstLargeSlab: number;
}

/** The memory of one loop that both sides see. */
export interface SharedArrays {
  state: Int32Array;
  times: Float64Array;
  records: Int32Array;
  requests: Int32Array;
  out: Buffer;
  stagedWhen: Float64Array;
  stagedSlots: Int32Array;
  due: Int32Array;
  links: Int32Array;
}

/** The functions of one native loop. Numbers below 0 are libuv's error codes. No call of them ever throws. */
export interface NativeLoop {
  start(turn: () => boolean): number;
  stop(): void;
  wake(): void;
  setRef(ref: boolean): void;
  close(): void;
  provideSlab(index: number, slab: Uint8Array): number;
  absorbTimers(): number;
  takeDueTimers(now: number): number;
  attachTimerLinks(links: Int32Array): number;
  clearTimers(): void;
  bindTcp(host: string, port: number, flags: number): number;
  listen(id: number, backlog: number): number;
  connectTcp(host: string, port: number, localHost: string | null, localPort: number): number;
  readStart(id: number, borrow: boolean): number;
  readStop(id: number): void;
  flushStream(id: number): number;
  queuedBytes(id: number): number;
  writeDirect(id: number, bytes: Uint8Array, copy: boolean): number;
  shutdown(id: number): number;
  closeSocket(id: number, reset: boolean): void;
  sockname(id: number): Address | null;
  peername(id: number): Address | null;
  fileno(id: number): number;
  setNoDelay(id: number, on: boolean): number;
  setKeepAlive(id: number, on: boolean, delaySeconds: number): number;
}

/** What loading the addon gives. */
export interface Binding {
  readonly abi: number;
  readonly uvVersion: string;
  readonly uvFits: boolean;
  readonly layout: Layout;
  /** Null when the environment is ending or out of descriptors. */
  createLoop(arrays: SharedArrays, performanceNow: number): NativeLoop | null;
}
