// LoopBound: the base of what belongs to the first loop in which somebody has to wait for it.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";

export abstract class LoopBound {
  #loop: LoopCore | null = null;

  /** @internal The running loop, to which this belongs from now on. RuntimeError when it belongs to another one already. */
  _bindLoop(): LoopCore {
    const running = requireRunningLoop();
    this.#loop ??= running;
    if (this.#loop !== running) {
      throw new RuntimeError(
        `${String(this)} is bound to a different event loop: it was first waited for in ${String(this.#loop)}, ` +
          `and now ${String(running)} runs. Make one for each loop`,
      );
    }
    return running;
  }
}
