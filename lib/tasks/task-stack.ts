// Task.getStack() and printStack(): where a task stands, or where it has failed.
import { checkFile, checkInteger, checkOptions } from "../errors/argument-checks.ts";
import { FAILED, PENDING } from "../futures/future.ts";
import { bodyBetweenTurns } from "./async-storage.ts";
import {
  formatFrame,
  framesInTask,
  framesOfError,
  shownFrames,
  type StackFrame,
  withWholeStacks,
} from "./stack-frames.ts";
import { FrameFinder } from "./task-frames.ts";
import type { Task } from "./task.ts";

export interface StackOptions {
  /** At most so many frames; null or nothing for all. */
  limit?: number | null;
}

export interface PrintStackOptions extends StackOptions {
  /** Standard error when there is none given. */
  file?: { write(text: string): unknown } | null;
}

/** @internal Outermost first. */
export function stackOf(task: Task<unknown>, options: StackOptions): StackFrame[] {
  checkOptions(options, "getStack", ["limit"]);
  const { limit = null } = options;
  if (limit !== null) checkInteger(limit, "limit", 0, Number.MAX_SAFE_INTEGER);
  if (task._state === PENDING) {
    const frames = framesOfPending(task);
    return (limit === null ? frames : frames.slice(0, limit)).reverse();
  }
  // Looking is not retrieving: the exception is still reported when nobody asks the task for it.
  const frames = task._state === FAILED ? framesOfFailure(task._outcome) : [];
  return limit === null ? frames : frames.slice(0, limit);
}

/** Innermost first. */
function framesOfPending(task: Task<unknown>): StackFrame[] {
  const finder = new FrameFinder();
  try {
    const current = task._loop._currentTask ?? bodyBetweenTurns()?.task;
    if (current !== task) return [...finder.framesOf(task)];
    // As in Python, what the running coroutine has called is left out.
    const here = withWholeStacks(() => framesOfError(new Error()));
    return [...finder.framesOfCurrent(task, here, 1)];
  } finally {
    finder.close();
  }
}

/** As a traceback: outermost first. */
function framesOfFailure(error: unknown): StackFrame[] {
  return [...shownFrames(framesInTask(framesOfError(error)))].reverse();
}

/** @internal */
export function printStackOf(task: Task<unknown>, options: PrintStackOptions): void {
  checkOptions(options, "printStack", ["limit", "file"]);
  const file = options.file ?? process.stderr;
  checkFile(file);
  const frames = stackOf(task, { limit: options.limit });
  const failed = task._state === FAILED;
  const lines =
    frames.length === 0
      ? [`No stack for ${task.toString()}`]
      : [
          `${failed ? "Traceback" : "Stack"} for ${task.toString()} (most recent call last):`,
          ...frames.map((frame) => `  ${formatFrame(frame)}`),
        ];
  if (failed) lines.push(String(task._outcome));
  file.write(`${lines.join("\n")}\n`);
}
