// The call graph: what a task is doing, who waits for it, and who waits for those, as asyncio's introspection of 3.14.
//
// Who waits is not written down anywhere: it follows from the callbacks of the future. A waiting task is such a callback itself.
import { checkInstance, checkInteger } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { Future, isfuture } from "../futures/future.ts";
import { runningLoop } from "../loop/running-loop.ts";
import { currentTask } from "./create-task.ts";
import { formatFrame, framesOfError, framesOfGenerators, type StackFrame } from "./generator-frames.ts";
import { Task } from "./task.ts";

/** One frame of a call graph. */
export class FrameCallGraphEntry {
  readonly frame: StackFrame;

  constructor(frame: StackFrame) {
    this.frame = frame;
  }
}

/** A future or task, the frames it stands in (innermost first), and the same of everything that waits for it. */
export class FutureCallGraph {
  readonly future: Future<unknown>;
  readonly callStack: readonly FrameCallGraphEntry[];
  readonly awaitedBy: readonly FutureCallGraph[];

  constructor(
    future: Future<unknown>,
    callStack: readonly FrameCallGraphEntry[],
    awaitedBy: readonly FutureCallGraph[],
  ) {
    this.future = future;
    this.callStack = callStack;
    this.awaitedBy = awaitedBy;
  }
}

export interface CallGraphOptions {
  /** How many of the caller's own frames to leave out, when it is the current task that is shown; 1 when not given. */
  depth?: number;
  /** At most so many frames of each stack: those nearest the call, or with a negative number the outermost; 0: none. */
  limit?: number | null;
}

/** Whoever said by hand that it waits for a future. */
const declared = new WeakMap<Future<unknown>, Set<Future<unknown>>>();

/** Tells the call graph that `waiter` waits for `future`, for combinators that do so in a way of their own. */
export function futureAddToAwaitedBy(future: Future<unknown>, waiter: Future<unknown>): void {
  if (!(future instanceof Future) || !(waiter instanceof Future)) return;
  const waiters = declared.get(future);
  if (waiters === undefined) declared.set(future, new Set([waiter]));
  else waiters.add(waiter);
}

/** Takes back what `futureAddToAwaitedBy()` said. */
export function futureDiscardFromAwaitedBy(future: Future<unknown>, waiter: Future<unknown>): void {
  if (future instanceof Future) declared.get(future)?.delete(waiter);
}

/**
 * The call graph of a future or task; without one, of the current task. Null when there is none: in a plain callback.
 * RuntimeError outside a running loop when no future is given.
 */
export function captureCallGraph(
  future?: Future<unknown> | null,
  options: CallGraphOptions = {},
): FutureCallGraph | null {
  const { depth = 1, limit = null } = options;
  checkInteger(depth, "depth", 0, Number.MAX_SAFE_INTEGER);
  if (limit !== null) checkInteger(limit, "limit", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (future !== undefined && future !== null && !isfuture(future)) {
    throw new TypeError("captureCallGraph() takes a future or a task");
  }
  if ((future ?? null) === null && runningLoop() === null) {
    throw new RuntimeError(
      "captureCallGraph() is called outside of a running event loop and no future to introspect was provided",
    );
  }
  const current = runningLoop() === null ? null : currentTask();
  const shown = future ?? current;
  if (shown === null) return null;
  checkInstance(shown, Future, "future");
  if (shown !== current) return graphOf(shown, limit, new Set());
  // The caller's own frames are on the real stack, under this function's and those the caller wants left out.
  const stack = framesOfError(new Error()).slice(1 + depth);
  const bottom = stack.findIndex(({ file }) => file !== null && isOurs(file));
  const frames = cut(bottom < 0 ? stack : stack.slice(0, bottom), limit);
  return new FutureCallGraph(shown, frames, waitersOf(shown, limit, new Set([shown])));
}

function graphOf(future: Future<unknown>, limit: number | null, seen: Set<Future<unknown>>): FutureCallGraph {
  seen.add(future);
  const frames =
    future instanceof Task && !future.done() ? framesOfGenerators(future._generators()).reverse() : [];
  return new FutureCallGraph(future, cut(frames, limit), waitersOf(future, limit, seen));
}

function waitersOf(
  future: Future<unknown>,
  limit: number | null,
  seen: Set<Future<unknown>>,
): FutureCallGraph[] {
  const waiters = new Set<Future<unknown>>(declared.get(future));
  const entries = future._callbacks;
  for (const entry of entries === null ? [] : Array.isArray(entries) ? entries : [entries]) {
    const waiter: unknown = entry instanceof Future ? entry : entry.awaiter;
    if (waiter instanceof Future) waiters.add(waiter);
  }
  // A circle of waiters is a deadlock; it is drawn once round.
  return [...waiters].filter((waiter) => !seen.has(waiter)).map((waiter) => graphOf(waiter, limit, seen));
}

/** Innermost first: a positive limit keeps the frames nearest the call, a negative one the outermost. */
function cut(frames: readonly StackFrame[], limit: number | null): FrameCallGraphEntry[] {
  const kept =
    limit === null ? frames : limit > 0 ? frames.slice(0, limit) : limit === 0 ? [] : frames.slice(limit);
  return kept.map((frame) => new FrameCallGraphEntry(frame));
}

function isOurs(file: string): boolean {
  return file.startsWith(__dirname);
}

/** The call graph as text; "" where `captureCallGraph()` gives null. */
export function formatCallGraph(future?: Future<unknown> | null, options: CallGraphOptions = {}): string {
  const graph = captureCallGraph(future, { ...options, depth: (options.depth ?? 1) + 1 });
  return graph === null ? "" : linesOf(graph, "").join("\n");
}

function linesOf({ future, callStack, awaitedBy }: FutureCallGraph, indent: string): string[] {
  const name = future instanceof Task ? `(name=${JSON.stringify(future.getName())})` : "()";
  const lines = [`${indent}* ${future.constructor.name}${name}`];
  if (callStack.length > 0) lines.push(`${indent}  + Call stack:`);
  for (const { frame } of callStack) lines.push(`${indent}  |   ${formatFrame(frame)}()`);
  if (awaitedBy.length > 0) lines.push(`${indent}  + Awaited by:`);
  for (const waiter of awaitedBy) lines.push(...linesOf(waiter, `${indent}     `));
  return lines;
}

/** Writes the call graph and a line end to `file`; standard output when there is none given. */
export function printCallGraph(
  future?: Future<unknown> | null,
  options: CallGraphOptions & { file?: { write(text: string): unknown } } = {},
): void {
  const { file = process.stdout, ...rest } = options;
  file.write(`${formatCallGraph(future, { ...rest, depth: (rest.depth ?? 1) + 1 })}\n`);
}
