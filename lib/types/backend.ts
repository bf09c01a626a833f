// What a loop asks of the engine below it: a turn driver, a timer store and byte streams. Native and pure both implement it.
import type { ReadySink, Runnable } from "./runnable.ts";

export type BackendName = "native" | "pure";

/** An address as Python's tuples: [host, port], or [host, port, flowinfo, scopeId] for IPv6; a path for unix sockets. */
export type Address =
  [host: string, port: number] | [host: string, port: number, flowinfo: number, scopeId: number];

/** A timer as the store sees it. `when` is in seconds of the loop's clock; `slot` belongs to the store. */
export interface TimerEntry extends Runnable {
  readonly _when: number;
  _slot: number;
}

/** Names a call that was scheduled; its meaning belongs to the store. */
export type TimerTicket = number | object;

/** Keeps deadlines in order. Equal deadlines come due in the order they were added. */
export interface TimerStore {
  /** Number of timers that are neither due nor cancelled. */
  readonly size: number;
  /** A time in seconds no later than the first deadline; Infinity when there is none. */
  readonly nextDeadline: number;
  /** The time of a loop whose clock is not the engine's own, in seconds; null where it is. */
  foreignTime: number | null;
  /** Told of errors that scheduled calls throw. */
  onError: (error: unknown, call: () => unknown) => void;
  add(entry: TimerEntry): void;
  remove(entry: TimerEntry): void;
  /** Schedules a bare call, which runs in an empty context. Nothing but the call is kept: whoever wants a handle holds the ticket. */
  schedule(when: number, call: () => unknown): TimerTicket;
  /** Keeps the call from being made, also when it is due already but has not run. */
  unschedule(ticket: TimerTicket): void;
  /** Moves every timer with `when <= now` to the sink, earliest first. */
  takeDue(now: number, sink: ReadySink): void;
  /** Forgets all timers without running them. */
  clear(): void;
}

/** Whoever uses a byte stream. Each method is called from the ready queue, never inline. Errors are libuv's negative codes. */
export interface StreamOwner {
  onData(data: Buffer): void;
  onEnd(): void;
  onReadError(code: number): void;
  onWriteError(code: number): void;
  /** The kernel took more of what was queued; `handle.queued` is up to date. */
  onDrain(): void;
  onShutdown(code: number): void;
}

/** One connected byte stream, as the engine gives it. After close() every method does nothing. */
export interface StreamHandle {
  owner: StreamOwner | null;
  /** Bytes that write() has accepted and that the kernel has not: corked in this turn or queued behind a full socket. */
  readonly queued: number;
  /** `borrow`: data given to onData is valid only during the call. Returns 0 or a negative code. */
  readStart(borrow: boolean): number;
  readStop(): void;
  /** Small data is copied at once; data above COPY_LIMIT is kept by reference until it is sent and must not change. */
  write(data: Uint8Array): void;
  /** Hands corked bytes to the kernel now instead of at the end of the turn. */
  flush(): void;
  /** Ends the sending side after all that was written; onShutdown follows. */
  shutdown(): void;
  /** Frees the stream at once; what is queued is dropped. `reset` sends RST instead of FIN. */
  close(reset: boolean): void;
  sockname(): Address | null;
  peername(): Address | null;
  /** The file descriptor, or -1. */
  fileno(): number;
  setNoDelay(on: boolean): void;
  setKeepAlive(on: boolean, delay: number): void;
}

/** A listening socket. */
export interface ListenerHandle {
  onConnection: ((stream: StreamHandle) => void) | null;
  /** Accepting failed with this libuv code; the listener goes on. */
  onAcceptError: ((code: number) => void) | null;
  sockname(): Address | null;
  fileno(): number;
  /** Starts accepting. Returns 0 or a negative code. */
  listen(backlog: number): number;
  close(): void;
}

export interface ListenOptions {
  ipv6Only: boolean;
  reusePort: boolean;
}

/** Called once with a connected stream, or with a negative code. From the ready queue. */
export type ConnectCallback = (stream: StreamHandle | null, code: number) => void;

/** A connect in progress; cancel() closes the socket and the callback is not called. */
export interface PendingConnect {
  cancel(): void;
}

/** Numbers for people and for leak tests. */
export interface BackendStatistics {
  streams: number;
  listeners: number;
  /** Times the engine has entered the turn function. */
  turns: number;
}

export interface Backend extends EventSource {
  readonly name: BackendName;
  readonly timers: TimerStore;
  /** Begins to call `turn` once per iteration that has something to do; it returns whether ready work is left. */
  start(turn: () => boolean): void;
  /** Ends it. From inside the turn: after the turn. */
  stop(): void;
  /** Asks for a turn: something was made ready, or a timer was added, outside one. */
  wake(): void;
  ref(): void;
  unref(): void;
  /** Closes every handle. Idempotent. */
  close(): void;
  statistics(): BackendStatistics;

  /** Binds a TCP socket to a literal address; a negative code on failure. */
  bindTcp(host: string, port: number, options: ListenOptions): ListenerHandle | number;
  connectTcp(
    host: string,
    port: number,
    local: readonly [host: string, port: number] | null,
    callback: ConnectCallback,
  ): PendingConnect | number;
}

/** I/O events that wait for the next pass. */
export interface EventSource {
  /** Puts the pending events, as one entry that dispatches them in order, in the ready queue. */
  collect(sink: ReadySink): void;
}
