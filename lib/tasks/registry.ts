// The unfinished tasks of a loop: a chain through the tasks themselves, so that adding and removing one is a few stores.
//
// Tasks are held strongly until they are done. CPython's loop holds them weakly, and tasks vanish (gh-91887).
import { PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { originOf } from "../loop/origins.ts";
import type { Task } from "./task.ts";

type AnyTask = Task<unknown>;

/** @internal */
export function register(task: AnyTask): void {
  const last = task._loop._lastTask as AnyTask | null;
  task._before = last;
  if (last !== null) last._after = task;
  task._loop._lastTask = task;
}

/** @internal */
export function unregister(task: AnyTask): void {
  const { _before: before, _after: after } = task;
  if (before !== null) before._after = after;
  if (after !== null) after._before = before;
  else task._loop._lastTask = before;
  task._before = task._after = null;
}

/** @internal The unfinished tasks of a loop, oldest first. */
export function unfinishedTasks(loop: LoopCore): AnyTask[] {
  const tasks: AnyTask[] = [];
  for (let task = loop._lastTask as AnyTask | null; task !== null; task = task._before) {
    if (task._state === PENDING) tasks.push(task);
  }
  return tasks.reverse();
}

/** Tasks that the library has made for itself. */
const quiet = new WeakSet<AnyTask>();

/** @internal Nobody is to hear of this task when its loop is closed before it is done. */
export function keepQuiet(task: AnyTask): void {
  quiet.add(task);
}

/** @internal The loop is closed: tells its exception handler of the tasks that will never be done. */
export function reportDestroyed(loop: LoopCore): void {
  const destroyed = unfinishedTasks(loop);
  loop._lastTask = null;
  for (const task of destroyed) {
    task._forsake();
    if (quiet.has(task)) continue;
    const origin = originOf(task);
    loop.callExceptionHandler({
      message: "Task was destroyed but it is pending!",
      task,
      ...(origin === undefined ? {} : { sourceTraceback: origin }),
    });
  }
}
