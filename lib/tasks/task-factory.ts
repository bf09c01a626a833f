// Task factories: who makes the tasks of a loop, and the one that starts them eagerly.
import { describe } from "../errors/describe-value.ts";
import { requireLoop } from "../loop/check-loop.ts";
import type { EventLoop } from "../types/event-loop.ts";
import { type Coro, Task, type TaskOptions } from "./task.ts";

/** Makes a task of `coro`. The options are what createTask() was given, those it does not know included. */
export type TaskFactory = <T>(loop: EventLoop, coro: Coro<T>, options?: TaskOptions) => Task<T>;

/** What `createEagerTaskFactory()` takes: Task, or a class that is made like it. */
export type TaskConstructor = new <T>(coro: Coro<T>, options: TaskOptions & { loop: EventLoop }) => Task<T>;

/**
 * A task factory that makes tasks with `new constructor(coro, options)` and runs their first step at once, inside
 * createTask(). A coroutine that ends without waiting gives a task that is done already and never was in the queue.
 */
export function createEagerTaskFactory(constructor: TaskConstructor): TaskFactory {
  if (!isConstructor(constructor)) {
    throw new TypeError(
      `createEagerTaskFactory() takes Task or a class that is made like it, got ${describe(constructor)}`,
    );
  }
  return (loop, coro, options) => {
    requireLoop(loop);
    return new constructor(coro, { eagerStart: true, ...options, loop });
  };
}

/** Whether it can be called with `new`. JavaScript tells only by trying, which here calls nothing of its own. */
function isConstructor(value: unknown): boolean {
  try {
    Reflect.construct(Object, [], value as () => void);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs the first step of every task at once: `loop.setTaskFactory(eagerTaskFactory)`. Fewer turns for coroutines that mostly
 * need not wait; but the order of events is another.
 */
export const eagerTaskFactory: TaskFactory = createEagerTaskFactory(Task);
