// Refuses what is given for an event loop and is none.
import { describe } from "../errors/describe-value.ts";
import { LoopCore } from "./loop-core.ts";

/** An event loop, or nothing. */
export function checkLoop(loop: unknown): asserts loop is LoopCore | undefined {
  if (loop !== undefined) requireLoop(loop);
}

export function requireLoop(loop: unknown): asserts loop is LoopCore {
  if (loop instanceof LoopCore) return;
  throw new TypeError(
    `loop must be an event loop, as getRunningLoop() and newEventLoop() give it, got ${describe(loop)}`,
  );
}
