// Task.getStack() and printStack(): where a task waits, or where it has failed.
import { checkInteger } from "../errors/argument-checks.ts";
import { FAILED, PENDING } from "../futures/future.ts";
import { formatFrame, framesOfError, framesOfGenerators, type StackFrame } from "./generator-frames.ts";
import type { Task } from "./task.ts";

export interface PrintStackOptions {
  /** At most so many frames; null or nothing for all. */
  limit?: number | null;
  file?: { write(text: string): unknown };
}

/** @internal */
export function stackOf(task: Task<unknown>, { limit = null }: { limit?: number | null }): StackFrame[] {
  if (limit !== null) checkInteger(limit, "limit", 0, Number.MAX_SAFE_INTEGER);
  if (task._state === PENDING) {
    const frames = framesOfGenerators(task._generators());
    return limit === null ? frames : frames.slice(Math.max(0, frames.length - limit));
  }
  // Looking is not retrieving: the exception is still reported when nobody asks the task for it.
  const frames = task._state === FAILED ? framesOfError(task._outcome).reverse() : [];
  return limit === null ? frames : frames.slice(0, limit);
}

/** @internal */
export function printStackOf(
  task: Task<unknown>,
  { limit = null, file = process.stderr }: PrintStackOptions,
): void {
  const frames = stackOf(task, { limit });
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
