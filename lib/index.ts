// The public door: every name of asyncio that works today, in the order of asyncio's modules. No logic lives here.
export { EventLoop } from "./runtime/event-loop.ts";
export {
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  setEventLoop,
  type NewEventLoopOptions,
} from "./runtime/loops.ts";
export { run, type RunOptions } from "./runtime/run.ts";
export { Runner, type RunnerOptions } from "./runtime/runner.ts";
export { coroutine, CoroutineObject, iscoroutine, iscoroutinefunction } from "./tasks/coroutine.ts";
export type { LoopStatistics } from "./loop/loop-core.ts";
export type { ExceptionContext, ExceptionHandler } from "./loop/exception-handler.ts";
export { Handle, TimerHandle } from "./loop/handle.ts";
export type { Clock } from "./loop/clock.ts";
export { Context, copyContext } from "./context/context.ts";
export { ContextVar, Token } from "./context/context-var.ts";
export {
  BrokenBarrierError,
  CancelledError,
  IncompleteReadError,
  InternalError,
  InvalidStateError,
  LimitOverrunError,
  NotImplementedError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  TimeoutError,
} from "./errors/asyncio-errors.ts";
export { ExceptionGroup, type ExceptionCondition } from "./errors/exception-group.ts";
export type { OSError } from "./errors/os-errors.ts";
export { Future, isfuture } from "./futures/future.ts";
export { wrapFuture } from "./futures/wrap-future.ts";
export { Task, type Coro, type TaskOptions } from "./tasks/task.ts";
export {
  createEagerTaskFactory,
  eagerTaskFactory,
  type TaskConstructor,
  type TaskFactory,
} from "./tasks/task-factory.ts";
export {
  captureCallGraph,
  formatCallGraph,
  FrameCallGraphEntry,
  futureAddToAwaitedBy,
  FutureCallGraph,
  futureDiscardFromAwaitedBy,
  printCallGraph,
  type CallGraphOptions,
  type PrintCallGraphOptions,
} from "./tasks/call-graph.ts";
export type { StackFrame } from "./tasks/stack-frames.ts";
export { allTasks, createTask, currentTask, ensureFuture } from "./tasks/create-task.ts";
export { sleep } from "./combinators/sleep.ts";
export { gather, type GatherOptions } from "./combinators/gather.ts";
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  wait,
  type WaitOptions,
} from "./combinators/wait.ts";
export { waitFor } from "./combinators/wait-for.ts";
export {
  asCompleted,
  type AsCompleted,
  type AsCompletedOptions,
  type Completed,
} from "./combinators/as-completed.ts";
export { shield } from "./combinators/shield.ts";
export {
  staggeredRace,
  type StaggeredRaceOptions,
  type StaggeredResult,
} from "./combinators/staggered-race.ts";
export { asyncWith } from "./combinators/async-with.ts";
export { aclosing } from "./combinators/aclosing.ts";
export type { Closable } from "./loop/async-generators.ts";
export { timeout, timeoutAt, Timeout } from "./combinators/timeout.ts";
export { TaskGroup } from "./combinators/task-group.ts";
export type { AsyncContextManager } from "./types/context-manager.ts";
export { Lock } from "./sync/lock.ts";
export { Event } from "./sync/event.ts";
export { Condition, type LockLike } from "./sync/condition.ts";
export { Semaphore } from "./sync/semaphore.ts";
export { BoundedSemaphore } from "./sync/bounded-semaphore.ts";
export { Barrier } from "./sync/barrier.ts";
export { Queue, type QueueItems } from "./queues/queue.ts";
export { PriorityQueue, type PriorityQueueOptions } from "./queues/priority-queue.ts";
export { LifoQueue } from "./queues/lifo-queue.ts";
export { Protocol } from "./transports/protocol.ts";
export { Server } from "./transports/server.ts";
export type { SocketInfo } from "./transports/socket-info.ts";
export type { BaseTransport, ReadTransport, Transport, WriteTransport } from "./types/transport.ts";
export { StreamReader } from "./streams/stream-reader.ts";
export { StreamWriter } from "./streams/stream-writer.ts";
export { StreamReaderProtocol, type ConnectedCallback } from "./streams/stream-protocol.ts";
export { openConnection, type OpenConnectionOptions } from "./streams/open-connection.ts";
export { startServer, type StartServerOptions } from "./streams/start-server.ts";
export type {
  Awaitable,
  AwaitableLike,
  AwaitedResult,
  Coroutine,
  CoroutineLike,
  Yieldable,
} from "./types/awaitable.ts";
export type { Address, BackendName } from "./types/backend.ts";
