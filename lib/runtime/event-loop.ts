// EventLoop: the loop that users hold. It adds to the core what stands on the floors above, one line a method.
import { type ConnectOptions, createConnection } from "../endpoints/connect.ts";
import { createServer, type Hosts, type ListenTcpOptions } from "../endpoints/listen.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { Future } from "../futures/future.ts";
import { LoopCore } from "../loop/loop-core.ts";
import type { Runnable } from "../types/runnable.ts";
import type { CoroutineObject } from "../tasks/coroutine.ts";
import { createTaskOn, ensureFuture } from "../tasks/create-task.ts";
import type { Task, TaskOptions } from "../tasks/task.ts";
import type { Server } from "../transports/server.ts";
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import type { Protocol } from "../types/protocol.ts";
import type { Transport } from "../types/transport.ts";

/** Stops the loop when the future that runUntilComplete() waits for is done. */
class StopWhenDone implements Runnable {
  readonly #loop: LoopCore;

  constructor(loop: LoopCore) {
    this.#loop = loop;
  }

  run(): void {
    this.#loop.stop();
  }
}

/** asyncio's event loop object. Make one with `newEventLoop()`; most programs need only `run()`. */
export class EventLoop extends LoopCore {
  /**
   * Runs until `awaitable` is done and gives its result. RuntimeError when the loop was stopped before.
   * In Python it blocks; here it gives a promise, because the loop rides on Node's own.
   */
  async runUntilComplete<C extends CoroutineLike<unknown>>(awaitable: C): Promise<AwaitedResult<C>> {
    this._checkClosed();
    // Refused before a task is made of it: the coroutine can then still be used.
    this._checkNotRunning();
    const future = ensureFuture(awaitable, { loop: this });
    const stopper = new StopWhenDone(this);
    future._addCallback(stopper);
    try {
      await this.runForever();
    } finally {
      future._removeCallback(stopper);
    }
    if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
    return future.result();
  }

  createFuture<T>(): Future<T> {
    return new Future<T>({ loop: this });
  }

  createTask<C extends CoroutineLike<unknown>>(coro: C, options?: TaskOptions): Task<AwaitedResult<C>> {
    return createTaskOn(this, coro, options);
  }

  /** Connects to a TCP server; gives `[transport, protocol]`. */
  createConnection<P extends Protocol>(
    protocolFactory: () => P,
    host: string,
    port: number,
    options: ConnectOptions = {},
  ): CoroutineObject<[Transport, P]> {
    return createConnection(this, protocolFactory, host, port, options) as CoroutineObject<[Transport, P]>;
  }

  /** Listens on `host` (a name, several, or null for all interfaces) and `port` (0 for a free one). */
  createServer(
    protocolFactory: () => Protocol,
    host?: Hosts,
    port = 0,
    options: ListenTcpOptions = {},
  ): CoroutineObject<Server> {
    return createServer(this, protocolFactory, host, port, options);
  }

  override toString(): string {
    const state = this.isClosed() ? "closed" : this.isRunning() ? "running" : "stopped";
    return `<EventLoop ${state} backend=${this._backend.name}>`;
  }
}
