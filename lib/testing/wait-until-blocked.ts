// waitUntilBlocked(): lets a test look when everything that could happen by itself has happened.
import { sleep } from "../combinators/sleep.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { coroutine, type CoroutineObject } from "../tasks/coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";

/**
 * Waits until every other task is blocked: nothing is ready, promises that could settle without I/O have done so, and nothing
 * can happen before a timer comes due or data arrives. No time passes on a VirtualClock meanwhile.
 *
 * @example
 * const getting = createTask(queue.get());
 * yield* waitUntilBlocked(); // now it waits for an item
 */
export const waitUntilBlocked = coroutine(function* (): Generator<Suspension, void> {
  const loop = requireRunningLoop();
  // Twice: what is found empty may be filled by the reactions of promises, which run between two turns.
  for (let quiet = 0; quiet < 2;) {
    loop._endTurn = true;
    yield* sleep(0);
    quiet = loop._ready.length === 0 ? quiet + 1 : 0;
  }
}) as () => CoroutineObject<void>;
