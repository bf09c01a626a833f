// The pure engine of a loop: Node's own timers, immediates and sockets behind the Backend interface.
import { isIP, Socket } from "node:net";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import type {
  Backend,
  BackendStatistics,
  ConnectCallback,
  ListenerHandle,
  ListenOptions,
  PendingConnect,
} from "../types/backend.ts";
import type { ReadySink } from "../types/runnable.ts";
import { uvCode } from "./error-codes.ts";
import { bindListener } from "./pure-listener.ts";
import { PureSockets } from "./pure-sockets.ts";
import { PureStream } from "./pure-stream.ts";
import { TimerHeap } from "./timer-heap.ts";
import { TurnDriver } from "./turn-driver.ts";

export class PureBackend implements Backend {
  readonly name = "pure";
  readonly timers = new TimerHeap();
  readonly #driver: TurnDriver;
  readonly #sockets: PureSockets;
  #closed = false;

  constructor() {
    const sockets: PureSockets = new PureSockets(
      () => driver.wake(),
      () => driver.inTurn,
    );
    const driver: TurnDriver = new TurnDriver({
      now: () => this.timers.foreignTime ?? performance.now() / 1000,
      nextDeadline: () => this.timers.nextDeadline,
      hasEvents: () => sockets.events.length > 0,
      afterTurn: () => sockets.cork.flush(),
    });
    this.#driver = driver;
    this.#sockets = sockets;
  }

  start(turn: () => boolean): void {
    if (this.#closed) throw new RuntimeError("the backend is closed");
    this.#driver.start(turn);
  }

  stop(): void {
    this.#driver.stop();
  }

  wake(): void {
    this.#driver.wake();
  }

  ref(): void {
    this.#driver.setReferenced(true);
  }

  unref(): void {
    this.#driver.setReferenced(false);
  }

  collect(sink: ReadySink): void {
    this.#sockets.events.collect(sink);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#driver.stop();
    this.timers.clear();
    this.#sockets.close();
  }

  statistics(): BackendStatistics {
    const { streams, listeners } = this.#sockets;
    return { streams: streams.size, listeners: listeners.size, turns: this.#driver.turns };
  }

  bindTcp(host: string, port: number, options: ListenOptions): ListenerHandle | number {
    return this.#closed ? uvCode("EBADF") : bindListener(this.#sockets, host, port, options);
  }

  connectTcp(
    host: string,
    port: number,
    local: readonly [host: string, port: number] | null,
    callback: ConnectCallback,
  ): PendingConnect | number {
    if (this.#closed) return uvCode("EBADF");
    // Names would go to Node's resolver here; they have been resolved above.
    if (isIP(host) === 0 || (local !== null && isIP(local[0]) === 0)) return uvCode("EINVAL");
    const socket = new Socket({ allowHalfOpen: true });
    socket.setNoDelay(true);
    socket.pause();
    socket.connect({ host, port, localAddress: local?.[0], localPort: local?.[1] });
    const stream = new PureStream(this.#sockets, socket);
    stream.connecting = callback;
    return { cancel: () => stream.close(false) };
  }
}
