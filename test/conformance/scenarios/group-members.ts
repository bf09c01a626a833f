// What the scenarios of task groups share: a member that works for a while, and ways to look at the parent.
import { asyncWith, type Coroutine, currentTask, sleep, TaskGroup } from "../../../lib/index.ts";
import { isCancellation, type Log, outcome, tick } from "./scenario.ts";

export const PYTHON = `
    async def work(log, n, end=None):
        try:
            await asyncio.sleep(n * tick)
        except asyncio.CancelledError as e:
            log("stopped", n, e)
            if end is not None:
                raise end
            raise
        log("worked", n)
        if end is not None:
            raise end
        return n
    def cancelling():
        return asyncio.current_task().cancelling()
`;

export function* work(log: Log, n: number, end?: Error): Coroutine<number> {
  const e = yield* outcome(sleep(n * tick));
  if (isCancellation(e)) {
    log("stopped", n, e);
    throw end ?? e;
  }
  log("worked", n);
  if (end !== undefined) throw end;
  return n;
}

export const cancelling = (): number => currentTask()!.cancelling();

/** `async with TaskGroup()` and what it throws. */
export const grouped = (body: (group: TaskGroup) => Coroutine<unknown>): Coroutine<unknown> =>
  outcome(asyncWith(new TaskGroup(), body));
