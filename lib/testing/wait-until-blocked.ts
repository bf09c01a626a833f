// waitUntilBlocked(): lets a test look when everything that could happen by itself has happened.
import { sleep } from "../combinators/sleep.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { coroutine, type CoroutineObject } from "../tasks/coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";

/** How many wait on each loop. They are always in the queue, all but the one that looks. */
const waiting = new WeakMap<LoopCore, number>();

/**
 * Waits until every other task is blocked: nothing is ready, promises that could settle without I/O have done so, and nothing
 * can happen before a timer comes due or data arrives. No time passes on a VirtualClock meanwhile. Several may wait at once.
 *
 * @example
 * const getting = createTask(queue.get());
 * yield* waitUntilBlocked(); // now it waits for an item
 */
export const waitUntilBlocked = coroutine(function* (): Generator<Suspension, void> {
  const loop = requireRunningLoop();
  waiting.set(loop, (waiting.get(loop) ?? 0) + 1);
  try {
    // Twice: what is found empty may be filled by the reactions of promises, which run between two turns.
    for (let quiet = 0; quiet < 2;) {
      loop._endTurn = true;
      yield* sleep(0);
      quiet = loop._ready.length < waiting.get(loop)! ? quiet + 1 : 0;
    }
  } finally {
    waiting.set(loop, waiting.get(loop)! - 1);
  }
}) as () => CoroutineObject<void>;
