// EventLoop: the loop that users hold. It adds to the core what stands on the floors above, one line a method.
import { shutdownAsyncgens } from "../combinators/shutdown-asyncgens.ts";
import { type ConnectOptions, createConnection } from "../endpoints/connect.ts";
import { createServer, type Hosts, type ListenTcpOptions } from "../endpoints/listen.ts";
import { checkBound, checkFunction } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { Future } from "../futures/future.ts";
import type { Clock } from "../loop/clock.ts";
import { LoopCore } from "../loop/loop-core.ts";
import { noteClosed, noteOpened } from "../loop/unclosed.ts";
import { closeCoroutine } from "../tasks/close-coroutine.ts";
import { CoroutineObject, iscoroutine, iscoroutinefunction } from "../tasks/coroutine.ts";
import { createTaskOn, ensureFuture, type NoFuture } from "../tasks/create-task.ts";
import { keepQuiet, reportDestroyed } from "../tasks/registry.ts";
import { Task, type TaskOptions } from "../tasks/task.ts";
import type { TaskFactory } from "../tasks/task-factory.ts";
import type { Server } from "../transports/server.ts";
import type { AwaitedResult, CoroutineLike } from "../types/awaitable.ts";
import type { Backend } from "../types/backend.ts";
import type { Protocol } from "../types/protocol.ts";
import type { Runnable } from "../types/runnable.ts";
import type { Transport } from "../types/transport.ts";

/** Stops the loop when the future that runUntilComplete() waits for is done. */
class StopWhenDone implements Runnable {
  #loop: LoopCore | null;

  constructor(loop: LoopCore) {
    this.#loop = loop;
  }

  run(): void {
    this.#loop?.stop();
  }

  /** The run is over: should this be in the queue already, it must not stop the next one. */
  disarm(): void {
    this.#loop = null;
  }
}

/** Only newEventLoop() knows the engines. */
function ofNewEventLoop(backend: Backend): Backend {
  if (typeof (backend as Partial<Backend> | undefined)?.bindTcp === "function") return backend;
  throw new TypeError("event loops are made with newEventLoop()");
}

/** asyncio's event loop object. Make one with `newEventLoop()`; most programs need only `run()`. */
export class EventLoop extends LoopCore {
  constructor(backend: Backend, clock: Clock) {
    super(ofNewEventLoop(backend), clock);
    noteOpened(this, `<EventLoop backend=${backend.name}>`);
  }

  override close(): void {
    super.close();
    reportDestroyed(this);
    noteClosed(this);
  }

  /**
   * Runs until `awaitable` is done and gives its result. RuntimeError when the loop was stopped before.
   * In Python it blocks; here it gives a promise, because the loop rides on Node's own.
   */
  async runUntilComplete<C extends CoroutineLike<unknown>>(awaitable: C): Promise<AwaitedResult<C>> {
    checkBound(this, "loop.runUntilComplete(awaitable)");
    // No other run can follow, so the coroutine is not left over as one that was never awaited.
    if (this.isClosed()) closeCoroutine(awaitable);
    this._checkClosed();
    // Refused before a task is made of it: the coroutine can then still be used.
    this._checkNotRunning();
    const future = ensureFuture(awaitable, { loop: this });
    const made: unknown = future;
    if (made !== awaitable && made instanceof Task) keepQuiet(made as Task<unknown>);
    const stopper = new StopWhenDone(this);
    future._addCallback(stopper);
    try {
      await this.runForever();
    } finally {
      future._removeCallback(stopper);
      stopper.disarm();
    }
    if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
    return future.result();
  }

  /**
   * Closes all async generators that were entered with `aclosing()` and are still open. Errors go to the exception handler.
   * Entering one afterwards warns. `run()` and Runner do this at their end.
   */
  shutdownAsyncgens(): CoroutineObject<void> {
    checkBound(this, "loop.shutdownAsyncgens()");
    return new CoroutineObject(shutdownAsyncgens(this), "shutdownAsyncgens");
  }

  createFuture<T>(): Future<T> {
    checkBound(this, "loop.createFuture()");
    return new Future<T>(undefined, this);
  }

  createTask<C extends CoroutineLike<unknown>>(
    coro: C & NoFuture<C>,
    options?: TaskOptions,
  ): Task<AwaitedResult<C>> {
    checkBound(this, "loop.createTask(coro)");
    return createTaskOn<C>(this, coro, options);
  }

  /** Sets who makes the tasks of this loop, called as `factory(loop, coro, options)`; null for the ordinary way. */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null) checkFunction(factory, "setTaskFactory");
    this._taskFactory = factory;
  }

  getTaskFactory(): TaskFactory | null {
    return this._taskFactory as TaskFactory | null;
  }

  /** Connects to a TCP server; gives `[transport, protocol]`. */
  createConnection<P extends Protocol>(
    protocolFactory: () => P,
    host: string,
    port: number,
    options: ConnectOptions = {},
  ): CoroutineObject<[Transport, P]> {
    checkBound(this, "loop.createConnection(...)");
    return createConnection(this, protocolFactory, host, port, options) as CoroutineObject<[Transport, P]>;
  }

  /** Listens on `host` (a name, several, or null for all interfaces) and `port` (0 for a free one). */
  createServer(
    protocolFactory: () => Protocol,
    host?: Hosts,
    port = 0,
    options: ListenTcpOptions = {},
  ): CoroutineObject<Server> {
    checkBound(this, "loop.createServer(...)");
    return createServer(this, protocolFactory, host, port, options);
  }

  /** @internal A coroutine that is called as a callback would never run, and an async function's errors would be lost. */
  override _checkNoCoroutine(callback: unknown, method: string): void {
    if (iscoroutine(callback) || iscoroutinefunction(callback)) {
      throw new TypeError(`coroutines cannot be used with ${method}(); use createTask()`);
    }
  }

  override toString(): string {
    const state = this.isClosed() ? "closed" : this.isRunning() ? "running" : "stopped";
    return `<EventLoop ${state} backend=${this._backend.name}>`;
  }
}
