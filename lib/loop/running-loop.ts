// Which loop runs in this thread, and which one is set for it. Each worker thread has a copy of this module, so its own.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import type { LoopCore } from "./loop-core.ts";

let running: LoopCore | null = null;
let current: LoopCore | null = null;

/** @internal The running loop, or null. */
export function runningLoop(): LoopCore | null {
  return running;
}

/** @internal */
export function setRunningLoop(loop: LoopCore | null): void {
  running = loop;
}

/** @internal The running loop; RuntimeError that says what to do when there is none. */
export function requireRunningLoop(): LoopCore {
  if (running === null) {
    throw new RuntimeError(
      "no running event loop: call this from a coroutine or callback of run(main), or while a loop runs",
    );
  }
  return running;
}

/** @internal The loop that was set for this thread, or null. */
export function currentLoop(): LoopCore | null {
  return current;
}

/** @internal */
export function setCurrentLoop(loop: LoopCore | null): void {
  current = loop;
}
