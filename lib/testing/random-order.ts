// randomOrder(): runs the tasks of each pass in an order drawn from a seed, to find programs that depend on asyncio's order.
import { checkInteger } from "../errors/argument-checks.ts";
import { requireLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { Task } from "../tasks/task.ts";

/**
 * From now on the tasks that are ready in the same pass of `loop` run in an order that depends on `seed` alone. Callbacks and
 * I/O keep their places among them. A program that is right in one order only will fail with some seed, and again with it.
 *
 * @example
 * const loop = newEventLoop();
 * randomOrder(loop, seed);
 */
export function randomOrder(loop: LoopCore, seed: number): void {
  requireLoop(loop);
  checkInteger(seed, "seed", 0, 2 ** 32 - 1);
  const below = generator(seed);
  loop._beforePass = (count) => {
    const ready = loop._ready;
    const places: number[] = [];
    for (let index = 0; index < count; index++) if (ready.peek(index) instanceof Task) places.push(index);
    for (let left = places.length - 1; left > 0; left--) {
      const [a, b] = [places[left]!, places[below(left + 1)]!];
      const entry = ready.peek(a);
      ready.replace(a, ready.peek(b));
      ready.replace(b, entry);
    }
  };
}

/** The mulberry32 generator: small, and good enough to shuffle with. Gives integers below a limit. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
