// What protocols see of transports, as asyncio.BaseTransport and its kin.
import type { Protocol } from "./protocol.ts";

export interface BaseTransport {
  /** `peername`, `sockname`, `socket`: what the transport knows by that name, else `fallback` (null). */
  getExtraInfo(name: string, fallback?: unknown): unknown;
  /** Stops reading, sends what is buffered, then calls `connectionLost(null)`. Idempotent. */
  close(): void;
  isClosing(): boolean;
  setProtocol(protocol: Protocol): void;
  getProtocol(): Protocol;
}

export interface ReadTransport extends BaseTransport {
  isReading(): boolean;
  pauseReading(): void;
  resumeReading(): void;
}

export interface WriteTransport extends BaseTransport {
  /** Bytes, or a string that is sent as UTF-8. */
  write(data: Uint8Array | string): void;
  writelines(chunks: Iterable<Uint8Array | string>): void;
  /** Half-closes once what is buffered has been sent. */
  writeEof(): void;
  canWriteEof(): boolean;
  /** Drops what is buffered, then calls `connectionLost(null)`. */
  abort(): void;
  /** Marks in bytes: writing pauses strictly above `high` and resumes at or below `low`. */
  setWriteBufferLimits(limits?: { high?: number; low?: number }): void;
  /** Bytes written that the kernel has not taken. */
  getWriteBufferSize(): number;
  /** [low, high] in bytes. */
  getWriteBufferLimits(): [low: number, high: number];
}

export interface Transport extends ReadTransport, WriteTransport {}
