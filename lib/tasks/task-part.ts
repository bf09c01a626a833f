// The parts of a task that can be cancelled apart: each coroutine that an async function awaits is one, a Strand.
//
// A function may await several at once, as in Promise.all(). So a timeout() or TaskGroup in one of them interrupts that one, and
// its requests are counted there; task.cancel() reaches them all. Code in a part sees its own requests and those from outside.
//
//   task ──waits for──> async function ──awaits──> Strand ──waits for──> async function ──awaits──> Strand
//    └──────────────host of <──────────────────────┘ └───────────────host of <──────────────────────┘
import { runningLoop } from "../loop/running-loop.ts";
import { bodyBetweenTurns } from "./async-storage.ts";
import type { Task } from "./task.ts";

/** The innermost strand whose step runs. */
let stepping: Task<unknown> | null = null;

/** @internal Takes a step of a strand. */
export function stepOf(strand: Task<unknown>, step: () => void): void {
  const outer = stepping;
  stepping = strand;
  try {
    step();
  } finally {
    stepping = outer;
  }
}

/** @internal The part of `task` that the caller runs in: `task` itself where it is no part, or one of another task. */
export function partOf(task: Task<unknown>): Task<unknown> {
  const part = runningPart();
  return part?._actsFor() === task ? part : task;
}

function runningPart(): Task<unknown> | null {
  const current = runningLoop()?._currentTask ?? null;
  if (current === null) return bodyBetweenTurns()?.host ?? null;
  // A task that the strand has started eagerly may have its step inside the strand's.
  return stepping?._actsFor() === current ? stepping : (current as Task<unknown>);
}
