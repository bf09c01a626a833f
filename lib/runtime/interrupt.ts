// SIGINT while a main task runs: the task is asked to stop, and once it has, the process ends by the signal.
import { isMainThread } from "node:worker_threads";
import type { Task } from "../tasks/task.ts";

/** The first SIGINT cancels the main task; from then on the signal has its default effect again. */
export class Interrupt {
  readonly #task: Task<unknown>;
  #received = false;
  #installed = false;
  readonly #onSigint = (): void => {
    this.remove();
    if (this.#task.done()) {
      endBySigint();
      return;
    }
    this.#received = true;
    this.#task.cancel();
  };

  constructor(task: Task<unknown>) {
    this.#task = task;
    // As Python's Runner: only in the main thread, and only where nobody else handles the signal.
    if (!isMainThread || process.listenerCount("SIGINT") > 0) return;
    try {
      process.on("SIGINT", this.#onSigint);
      this.#installed = true;
    } catch {
      // The system refuses to watch the signal: it keeps its default effect.
    }
  }

  remove(): void {
    if (!this.#installed) return;
    this.#installed = false;
    process.removeListener("SIGINT", this.#onSigint);
  }

  /**
   * Whether the cancellation that ended the task is the signal's alone, and the signal still nobody else's. To be asked once:
   * it takes the request back.
   */
  isTheReason(): boolean {
    if (!this.#received) return false;
    // What a task factory makes may be unable to take a request back.
    const left = (this.#task as Partial<Task<unknown>>).uncancel?.();
    return left === 0 && process.listenerCount("SIGINT") === 0;
  }
}

/** Python raises KeyboardInterrupt; for Node that is the signal itself. */
export function endBySigint(): void {
  process.kill(process.pid, "SIGINT");
}
