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
import { partOf } from "./task-part.ts";

/** @internal Finds frames of any number of tasks at one moment; `close()` it. */
export class FrameFinder {
  readonly #inspection = new Inspection();

  close(): void {
    this.#inspection.close();
  }

  /** The frames of a task that is not the current one, innermost first. */
  framesOf(task: Task<unknown>): readonly StackFrame[] {
    return named(task, this.#framesIn(task));
  }

  /**
   * The frames of the current task, innermost first; `here` is the real stack. Of what the running coroutine has called, with its
   * own frame, the outermost `calls`.
   */
  framesOfCurrent(task: Task<unknown>, here: readonly StackFrame[], calls = Infinity): readonly StackFrame[] {
    const inTask = framesInTask(here);
    const part = partOf(task);
    // Between turns no coroutine is on the stack, but an async function that the part has called and waits for.
    const around = inTask.length < here.length ? this.#outerCoroutines(part) : this.#coroutines(part);
    return shownFrames([...shownFrames(inTask).slice(-calls), ...around, ...this.#framesAround(part)]);
  }

  /** What a part of a task is a part of. */
  #framesAround(part: Task<unknown>): StackFrame[] {
    const by = part._awaitingFunction();
    if (by === null) return [];
    return [this.#frameOfFunction(by._fn), ...this.#coroutines(by.host), ...this.#framesAround(by.host)];
  }

  #framesIn(task: Task<unknown>): StackFrame[] {
    if (task.done()) return [];
    const awaited = task._awaited();
    if (awaited === null || !isBody(awaited) || !isPending(awaited)) return this.#coroutines(task);
    const strand = awaited._onlyStrand();
    const inside = strand === null ? [] : this.#framesIn(strand);
    return [...inside, this.#frameOfFunction(awaited._fn), ...this.#coroutines(task)];
  }

  #coroutines(task: Task<unknown>): StackFrame[] {
    const awaited = task._awaited();
    const innermost = task._generators().at(-1)!;
    const frames =
      awaited !== null && isPending(awaited)
        ? this.#framesOfWaiting(innermost, awaited)
        : [this.#inspection.placeOfGenerator(innermost)];
    return [...frames, ...this.#outerCoroutines(task)];
  }

  /** These wait for the coroutine object that is driven on their behalf. */
  #outerCoroutines(task: Task<unknown>): StackFrame[] {
    const outer = task._generators().slice(0, -1).reverse();
    return outer.flatMap((generator) => this.#framesOfWaiting(generator, null));
  }

  #framesOfWaiting(generator: Coroutine<unknown>, awaited: Future<unknown> | null): StackFrame[] {
    const frames = framesIn(generator, awaited);
    return frames.length > 0 ? frames : [this.#inspection.placeOfGenerator(generator)];
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

function isPending(future: Future<unknown>): boolean {
  return future._state === PENDING;
}

function isBody(future: Future<unknown>): future is AsyncBody {
  return "_onlyStrand" in future;
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
