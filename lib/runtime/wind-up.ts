// What is done with a loop before it is closed, so that nothing which was begun on it is left unfinished.
import { gather } from "../combinators/gather.ts";
import { allTasks } from "../tasks/create-task.ts";
import type { EventLoop } from "./event-loop.ts";

/** Cancels and awaits the tasks that are left, then closes the async generators. */
export async function windUp(loop: EventLoop): Promise<void> {
  await cancelLeftovers(loop);
  await loop.runUntilComplete(loop.shutdownAsyncgens());
}

async function cancelLeftovers(loop: EventLoop): Promise<void> {
  const left = [...allTasks(loop)];
  if (left.length === 0) return;
  for (const task of left) task.cancel();
  await loop.runUntilComplete(gather(left, { returnExceptions: true }));
  for (const task of left) {
    if (task.cancelled() || task.exception() === null) continue;
    loop.callExceptionHandler({
      message: "unhandled exception during asyncio.run() shutdown",
      exception: task.exception(),
      task,
    });
  }
}
