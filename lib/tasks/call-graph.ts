// The call graph: what a task is doing, who waits for it, and who waits for those, as asyncio's introspection of 3.14.
//
// Who waits is not written down anywhere: it follows from the callbacks of the future. A waiting task is such a callback itself.
import { checkFile, checkInteger, checkOptions } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { Future } from "../futures/future.ts";
import { runningLoop } from "../loop/running-loop.ts";
import { currentTask } from "./create-task.ts";
import { framesOfError, type StackFrame, withWholeStacks } from "./stack-frames.ts";
import { FrameFinder } from "./task-frames.ts";
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
  /** How many frames to leave out of the current task's: 1, where not given, is the call itself; 2, its caller too. */
  depth?: number;
  /** At most so many frames of each stack: the outermost, or with a negative number the innermost. 0: none; null: all. */
  limit?: number | null;
}

export interface PrintCallGraphOptions extends CallGraphOptions {
  /** Standard output when there is none given. */
  file?: { write(text: string): unknown } | null;
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

/** Who waits for a future. A combinator, which is a callback of the futures it waits for, stands for those who wait for it. */
function* waitersOf(future: Future<unknown>): Generator<Future<unknown>, void> {
  yield* declared.get(future) ?? [];
  const entries = future._callbacks;
  for (const entry of entries === null ? [] : Array.isArray(entries) ? entries : [entries]) {
    const waiter: unknown = entry instanceof Future ? entry : entry.awaiter;
    if (waiter instanceof Task) yield waiter._actsFor();
    else if (waiter instanceof Future) yield* waitersOf(waiter);
  }
}

/**
 * The call graph of a future or task; without one, of the current task. Null when there is none: in a plain callback.
 *
 * RuntimeError outside a running loop when no future is given. Unlike in Python, who has called gather() or shield() and does
 * not await it yet is not shown as waiting, and a circle of waiters is shown once round instead of failing.
 *
 * The library's own frames are left out. Of an async function that waits, JavaScript tells no more than its file.
 *
 * @example
 * const graph = captureCallGraph(task);
 * for (const { frame } of graph.callStack) console.log(frame.name, frame.line);
 */
export function captureCallGraph(
  future?: Future<unknown> | null,
  options: CallGraphOptions = {},
): FutureCallGraph | null {
  return capture(future, options);
}

/** To be called by public functions themselves. */
function capture(
  future: Future<unknown> | null | undefined,
  options: CallGraphOptions,
): FutureCallGraph | null {
  checkOptions(options, "captureCallGraph", ["depth", "limit"]);
  const { depth = 1, limit = null } = options;
  checkInteger(depth, "depth", 0, Number.MAX_SAFE_INTEGER);
  if (limit !== null) checkInteger(limit, "limit", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const current = runningLoop() === null ? null : currentTask();
  const shown = future ?? current;
  if (shown === null) {
    if (runningLoop() !== null) return null;
    throw new RuntimeError(
      "captureCallGraph() is called outside of a running event loop and no future to introspect was provided",
    );
  }
  if (!(shown instanceof Future)) {
    throw new TypeError(`captureCallGraph() takes a future or a task, got ${describe(shown)}`);
  }
  const here = withWholeStacks(() => framesOfError(new Error())).slice(3);
  const survey = new Survey(current, here, depth, limit);
  try {
    return survey.graphOf(shown);
  } finally {
    survey.close();
  }
}

/** A future that is still to be put in the graph, and the way by which it was come to. */
interface Place {
  readonly future: Future<unknown>;
  readonly waitsFor: Place | null;
  readonly among: FutureCallGraph[];
}

class Survey {
  readonly #finder = new FrameFinder();
  readonly #stacks = new Map<Future<unknown>, readonly FrameCallGraphEntry[]>();
  readonly #current: Task<unknown> | null;
  /** The real stack, from the public function outwards. */
  readonly #here: readonly StackFrame[];
  readonly #depth: number;
  readonly #limit: number | null;

  constructor(
    current: Task<unknown> | null,
    here: readonly StackFrame[],
    depth: number,
    limit: number | null,
  ) {
    this.#current = current;
    this.#here = here;
    this.#depth = depth;
    this.#limit = limit;
  }

  close(): void {
    this.#finder.close();
  }

  /** Without recursion: thousands of tasks may wait for each other in a row. */
  graphOf(future: Future<unknown>): FutureCallGraph {
    const roots: FutureCallGraph[] = [];
    const places: Place[] = [{ future, waitsFor: null, among: roots }];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const awaitedBy: FutureCallGraph[] = [];
      place.among.push(new FutureCallGraph(place.future, this.#stackOf(place.future), awaitedBy));
      for (const waiter of [...new Set(waitersOf(place.future))].reverse()) {
        if (!isOnTheWay(place, waiter)) places.push({ future: waiter, waitsFor: place, among: awaitedBy });
      }
    }
    return roots[0]!;
  }

  #stackOf(future: Future<unknown>): readonly FrameCallGraphEntry[] {
    let stack = this.#stacks.get(future);
    if (stack === undefined) {
      stack = this.#cut(this.#framesOf(future)).map((frame) => new FrameCallGraphEntry(frame));
      this.#stacks.set(future, stack);
    }
    return stack;
  }

  #framesOf(future: Future<unknown>): readonly StackFrame[] {
    if (!(future instanceof Task) || this.#limit === 0) return [];
    if (future !== this.#current) return this.#finder.framesOf(future);
    const [own, ...calls] = this.#here;
    return [own!, ...this.#finder.framesOfCurrent(future, calls)].slice(this.#depth);
  }

  #cut(frames: readonly StackFrame[]): readonly StackFrame[] {
    const limit = this.#limit;
    if (limit === null) return frames;
    return limit > 0 ? frames.slice(-limit) : frames.slice(0, -limit);
  }
}

function isOnTheWay(place: Place, future: Future<unknown>): boolean {
  for (let at: Place | null = place; at !== null; at = at.waitsFor) if (at.future === future) return true;
  return false;
}

/** The call graph as text; "" where `captureCallGraph()` gives null. */
export function formatCallGraph(future?: Future<unknown> | null, options: CallGraphOptions = {}): string {
  return format(capture(future, options));
}

/** Writes the call graph and a line end to `file`; standard output when there is none given. */
export function printCallGraph(future?: Future<unknown> | null, options: PrintCallGraphOptions = {}): void {
  checkOptions(options, "printCallGraph", ["depth", "limit", "file"]);
  const { depth, limit } = options;
  const file = options.file ?? process.stdout;
  checkFile(file);
  file.write(`${format(capture(future, { depth, limit }))}\n`);
}

function format(graph: FutureCallGraph | null): string {
  const lines: string[] = [];
  const left = graph === null ? [] : [{ graph, indent: "" }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { indent } = next;
    const { future, callStack, awaitedBy } = next.graph;
    lines.push(
      `${indent}* ${future instanceof Task ? `Task(name=${JSON.stringify(future.getName())})` : "Future()"}`,
    );
    if (callStack.length > 0) lines.push(`${indent}  + Call stack:`);
    for (const { frame } of callStack) lines.push(`${indent}  |   ${formatCall(frame)}`);
    if (awaitedBy.length > 0) lines.push(`${indent}  + Awaited by:`);
    for (const waiter of [...awaitedBy].reverse()) left.push({ graph: waiter, indent: `${indent}    ` });
  }
  return lines.join("\n");
}

function formatCall({ name, file, line, async }: StackFrame): string {
  const place = file === null ? "" : `File "${file}", line ${line ?? "?"}, `;
  return `${place}in ${async === true ? "async " : ""}${name}()`;
}
