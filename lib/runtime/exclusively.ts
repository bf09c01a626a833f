// Keeps the runs of a thread apart: one may take several runs of its loop, and nobody may start another loop between them.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { runningLoop } from "../loop/running-loop.ts";

let occupied = false;

/** Does `work` as the only run of this thread until its promise settles. RuntimeError while there is another. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (occupied || runningLoop() !== null) {
    throw new RuntimeError(
      `${name} cannot be called from a running event loop, nor before another run of this thread has ended`,
    );
  }
  occupied = true;
  try {
    return await work();
  } finally {
    occupied = false;
  }
}
