// Places in the code: read from the text of a stack, without the library's own, and as Python prints them.
import { fileURLToPath } from "node:url";
import { foreignFrames, isOwn } from "../loop/own-frames.ts";

/** One place in the code. Line and column count from 1; null where nobody knows. */
export interface StackFrame {
  /** The function's name; "anonymous" for one without. */
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Whether it is known to be a coroutine or an async function. */
  readonly async?: boolean;
}

/** @internal Calls `fn` while a new Error's stack has all frames. */
export function withWholeStacks<T>(fn: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Infinity;
  try {
    return fn();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** @internal The lines of an error's stack that stand for calls, innermost first; each begins with "at". */
export function callsOf(error: unknown): string[] {
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return [];
  // A message may have lines that look like calls.
  const { message } = error as Error;
  const start = message !== "" && stack.includes(message) ? stack.indexOf(message) + message.length : 0;
  return stack
    .slice(start)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
}

/** The places that an error's stack names, innermost first. */
export function framesOfError(error: unknown): StackFrame[] {
  return framesOfCalls(callsOf(error));
}

/** @internal */
export function framesOfCalls(calls: readonly string[]): StackFrame[] {
  const frames: StackFrame[] = [];
  calls.forEach((call, i) => {
    const frame = frameOf(call, calls[i + 1] ?? "");
    if (frame !== null) frames.push(frame);
  });
  return frames;
}

/** What calls a generator is its method next(), throw() or return(), which V8 shows as a call of its own. */
const RESUMPTION = /^at (?:\S+\.)?(?:next|throw|return) \(<anonymous>\)$/;

/**
 * V8 writes `at name (place)` or `at place`, with `async ` in front of what goes on later; a place is `file:line:column`, or
 * `eval at name (place), <anonymous>:line:column`. Null for what has no place in a file: built-in functions.
 */
function frameOf(call: string, caller: string): StackFrame | null {
  const resumed = call.startsWith("at async ");
  const text = call.slice(resumed ? "at async ".length : "at ".length);
  const named = text.endsWith(")") ? text.indexOf(" (") : -1;
  const name = named < 0 ? "" : text.slice(0, named);
  const where = placeOf(named < 0 ? text : text.slice(named + 2, -1));
  if (where === null) return null;
  const async = resumed || RESUMPTION.test(caller);
  return { name: name.replace(/ \[as .*$/, "") || "anonymous", ...where, ...(async ? { async } : {}) };
}

type Place = Pick<StackFrame, "file" | "line" | "column">;

function placeOf(text: string): Place | null {
  // Code that was evaluated stands where it was evaluated: its own lines are in no file.
  const evaluated = /^eval at .*? \((.*)\)(?:, [^,]*)?$/.exec(text);
  if (evaluated !== null) return placeOf(evaluated[1]!);
  const match = /^(.+):(\d+):(\d+)$/.exec(text);
  if (match === null || match[1] === "<anonymous>") return null;
  return { file: fileOf(match[1]!), line: Number(match[2]), column: Number(match[3]) };
}

/** @internal The path of a file that V8 names by path or URL. */
export function fileOf(url: string): string {
  if (!url.startsWith("file:")) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** @internal What is left for people to see: neither the library's own frames, unless there are no others, nor Node's innards. */
export function shownFrames(frames: readonly StackFrame[]): readonly StackFrame[] {
  const known = frames.filter(({ file }) => !/^node:(?:internal\/|async_hooks$)/.test(file ?? ""));
  return foreignFrames(known, ({ file }) => file ?? "");
}

/** @internal The frames above the one in which a task resumes its coroutine; all of them where there is none. */
export function framesInTask(frames: readonly StackFrame[]): readonly StackFrame[] {
  const bottom = frames.findIndex(isDriver);
  return bottom < 0 ? frames : frames.slice(0, bottom);
}

/** `CoroutineDriver._drive()`, under the name of whatever class the task is of. */
function isDriver({ name, file }: StackFrame): boolean {
  return /(?:^|\.)_drive$/.test(name) && file !== null && isOwn(file);
}

/** @internal As Python prints a frame of a traceback. */
export function formatFrame({ name, file, line }: StackFrame): string {
  return file === null ? `in ${name}` : `File "${file}", line ${line ?? "?"}, in ${name}`;
}
