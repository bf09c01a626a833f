// Where a task stands, from the innermost place outwards.
//
//   a coroutine that waits      its frames come from looking into it: see lookInto()
//   one that waits no longer    (woken, or not begun): its outermost frame, from the inspector
//   one that runs               its frames are on the real stack, those of the coroutine objects around it are not
//   an async function           nobody can tell where it stands; but what it awaits can be a coroutine of ours: a strand
import { type Future, PENDING } from "../futures/future.ts";
import { lookInto } from "../futures/suspension.ts";
import { isOwn } from "../loop/own-frames.ts";
import type { Coroutine } from "../types/awaitable.ts";
import type { AsyncBody } from "./async-body.ts";
import { Inspection } from "./generator-frames.ts";
import {
  callsOf,
  framesInTask,
  framesOfCalls,
  shownFrames,
  type StackFrame,
  withWholeStacks,
} from "./stack-frames.ts";
import type { Task } from "./task.ts";

/** Whose code runs while somebody looks: not the task's, or a coroutine's of it, or an async function's of it. */
type Running = null | "coroutine" | "async function";

/** @internal Finds frames of any number of tasks at one moment; `close()` it. */
export class FrameFinder {
  readonly #inspection = new Inspection();

  close(): void {
    this.#inspection.close();
  }

  /** The frames of a task that is not the current one, innermost first. */
  framesOf(task: Task<unknown>): readonly StackFrame[] {
    return named(task, this.#framesIn(task, null));
  }

  /**
   * The frames of the current task, innermost first; `here` is the real stack. Of what the running coroutine has called, with its
   * own frame, the outermost `calls`.
   */
  framesOfCurrent(task: Task<unknown>, here: readonly StackFrame[], calls = Infinity): readonly StackFrame[] {
    const inTask = framesInTask(here);
    const around = this.#framesIn(task, inTask.length < here.length ? "coroutine" : "async function");
    return shownFrames([...shownFrames(inTask).slice(-calls), ...around]);
  }

  /** Without those on the real stack, where the task is the one that runs. */
  #framesIn(task: Task<unknown>, running: Running): StackFrame[] {
    if (task.done()) return [];
    const frames: StackFrame[] = [];
    const awaited = task._awaited();
    const [innermost, ...outer] = task._generators().reverse();
    if (waits(awaited)) {
      if (isBody(awaited)) frames.push(...this.#framesInBody(awaited, running));
      frames.push(...this.#framesOfWaiting(innermost!, awaited));
    } else if (running === null) {
      frames.push(this.#inspection.placeOfGenerator(innermost!));
    }
    // These wait for the coroutine object that runs on their behalf.
    for (const generator of outer) frames.push(...this.#framesOfWaiting(generator, null));
    return frames;
  }

  #framesOfWaiting(generator: Coroutine<unknown>, awaited: Future<unknown> | null): readonly StackFrame[] {
    const frames = framesIn(generator, awaited);
    return frames.length > 0 ? frames : [this.#inspection.placeOfGenerator(generator)];
  }

  #framesInBody(body: AsyncBody, running: Running): StackFrame[] {
    const strand = body._onlyStrand();
    const fn = this.#frameOfFunction(body._fn);
    if (strand !== null && (running === null || mayRun(strand)))
      return [...this.#framesIn(strand, running), fn];
    return running === "async function" ? [] : [fn];
  }

  #frameOfFunction(fn: { readonly name: string }): StackFrame {
    const file = this.#inspection.fileOfFunction(fn);
    return { name: fn.name || "anonymous", file, line: null, column: null, async: true };
  }
}

/** What stands on the stack above this function once the coroutine has been resumed as far as what it waits for. */
function framesIn(generator: Coroutine<unknown>, awaited: Future<unknown> | null): StackFrame[] {
  let calls: string[] = [];
  const below = withWholeStacks(() => {
    lookInto(generator, awaited, () => (calls = callsOf(new Error())));
    return callsOf(new Error()).length;
  });
  const frames = framesOfCalls(calls.slice(0, Math.max(0, calls.length - below)));
  // The rest is how the library came to look.
  return frames.filter(({ async, file }) => async === true || !isOwn(file ?? ""));
}

function waits(awaited: Future<unknown> | null): awaited is Future<unknown> {
  return awaited !== null && awaited._state === PENDING;
}

function isBody(future: Future<unknown>): future is AsyncBody {
  return "_onlyStrand" in future;
}

function mayRun(strand: Task<unknown>): boolean {
  const awaited = strand._awaited();
  return !waits(awaited) || isBody(awaited);
}

/** A coroutine that is all the library's is known by the name of what was called. */
function named(task: Task<unknown>, frames: readonly StackFrame[]): readonly StackFrame[] {
  const shown = shownFrames(frames);
  const outermost = shown.at(-1);
  const name = task._coroutineName() ?? outermost?.name;
  if (outermost === undefined || name === undefined) return shown;
  if (outermost.name === name || !isOwn(outermost.file ?? "")) return shown;
  return [...shown.slice(0, -1), { name, file: null, line: null, column: null, async: true }];
}
