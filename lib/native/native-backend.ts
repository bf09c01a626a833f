// The native engine of a loop: the addon's turn driver, its timers and its sockets behind the Backend interface.
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
import { NativeListener, NativeSockets } from "./native-streams.ts";
import { NativeStream } from "./native-stream.ts";
import { NativeTimers } from "./native-timers.ts";
import { createSharedArrays } from "./shared-state.ts";
import type { Binding, NativeLoop } from "./surface.ts";

export class NativeBackend implements Backend {
  readonly name = "native";
  readonly timers: NativeTimers;
  readonly #binding: Binding;
  readonly #native: NativeLoop;
  readonly #sockets: NativeSockets;
  #closed = false;

  constructor(binding: Binding) {
    const arrays = createSharedArrays(binding.layout);
    const native = binding.createLoop(arrays, performance.now());
    if (native === null) {
      throw new RuntimeError(
        "the native loop could not be made: out of file descriptors, or the thread is ending",
      );
    }
    this.#binding = binding;
    this.#native = native;
    this.timers = new NativeTimers(binding.layout, arrays, native);
    this.#sockets = new NativeSockets(
      binding.layout,
      arrays,
      native,
      (sockets, id) => new NativeStream(sockets, id),
    );
  }

  start(turn: () => boolean): void {
    if (this.#native.start(turn) !== 0) throw new RuntimeError("the native loop could not be started");
  }

  stop(): void {
    this.#native.stop();
  }

  wake(): void {
    this.#native.wake();
  }

  ref(): void {
    this.#native.setRef(true);
  }

  unref(): void {
    this.#native.setRef(false);
  }

  collect(sink: ReadySink): void {
    this.#sockets.collect(sink);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.timers.clear();
    this.#sockets.close();
    this.#native.close();
  }

  statistics(): BackendStatistics {
    const { state } = this.#binding.layout;
    const numbers = this.#sockets.state;
    return {
      streams: numbers[state.STREAMS]!,
      listeners: numbers[state.LISTENERS]!,
      turns: numbers[state.TURNS]! >>> 0,
    };
  }

  bindTcp(host: string, port: number, options: ListenOptions): ListenerHandle | number {
    const { bindIpv6Only, bindReusePort } = this.#binding.layout;
    const flags = (options.ipv6Only ? bindIpv6Only : 0) | (options.reusePort ? bindReusePort : 0);
    const id = this.#native.bindTcp(host, port, flags);
    return id < 0 ? id : new NativeListener(this.#sockets, id);
  }

  connectTcp(
    host: string,
    port: number,
    local: readonly [host: string, port: number] | null,
    callback: ConnectCallback,
  ): PendingConnect | number {
    const id = this.#native.connectTcp(
      host,
      port,
      local === null ? null : local[0],
      local === null ? 0 : local[1],
    );
    if (id < 0) return id;
    const stream = new NativeStream(this.#sockets, id);
    stream.connecting = callback;
    return { cancel: () => stream.close(false) };
  }
}
