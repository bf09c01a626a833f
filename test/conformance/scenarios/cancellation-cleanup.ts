// Scenarios of what a task does with a cancellation: cleaning up, refusing, failing.
import { CancelledError, createTask, currentTask, sleep } from "../../../lib/index.ts";
import { attempt, Boom, isCancellation, outcome, scenario, tick } from "./scenario.ts";

export const CANCELLATION_CLEANUP = [
  scenario(
    "a cancellation during the cleanup of another is thrown there",
    `
    async def main(log, loop):
        async def t():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError as e:
                log("first", e)
                try:
                    await asyncio.sleep(9 * tick)
                except asyncio.CancelledError as e2:
                    log("second", e2)
                raise
        u = asyncio.create_task(t())
        await asyncio.sleep(tick)
        u.cancel("a!")
        await asyncio.sleep(tick)
        u.cancel("b!")
        log(await outcome(u), u.cancelling())
    `,
    function* (log) {
      const u = createTask(function* () {
        const e = yield* outcome(sleep(9 * tick));
        log("first", e);
        log("second", yield* outcome(sleep(9 * tick)));
        throw e;
      });
      yield* sleep(tick);
      u.cancel("a!");
      yield* sleep(tick);
      u.cancel("b!");
      log(yield* outcome(u), u.cancelling());
    },
  ),
  scenario(
    "an error thrown while being cancelled is the task's error",
    `
    async def main(log, loop):
        async def t():
            try:
                await asyncio.sleep(9 * tick)
            finally:
                raise Boom("instead!")
        u = asyncio.create_task(t())
        await asyncio.sleep(tick)
        u.cancel()
        log(await outcome(u), u.cancelled(), u.cancelling())
    `,
    function* (log) {
      const u = createTask(function* () {
        try {
          yield* sleep(9 * tick);
        } finally {
          throw new Boom("instead!");
        }
      });
      yield* sleep(tick);
      u.cancel();
      log(yield* outcome(u), u.cancelled(), u.cancelling());
    },
  ),
  scenario(
    "a CancelledError that nobody asked for makes the task cancelled",
    `
    async def main(log, loop):
        async def t():
            raise asyncio.CancelledError("own!")
        u = asyncio.create_task(t())
        log(await outcome(u), u.cancelled(), u.cancelling(), attempt(u.exception))
    `,
    function* (log) {
      const u = createTask(function* () {
        throw new CancelledError("own!");
      });
      log(
        yield* outcome(u),
        u.cancelled(),
        u.cancelling(),
        attempt(() => u.exception()),
      );
    },
  ),
  scenario(
    "a done task cannot be cancelled, and counts nothing",
    `
    async def main(log, loop):
        u = asyncio.create_task(asyncio.sleep(0, "v"))
        await u
        log(u.cancel("no!"), u.cancelling(), u.cancelled(), u.result())
    `,
    function* (log) {
      const u = createTask(sleep(0, "v"));
      yield* u;
      log(u.cancel("no!"), u.cancelling(), u.cancelled(), u.result());
    },
  ),
  scenario(
    "cancelling a sleeper wakes it at once and leaves no timer that matters",
    `
    async def main(log, loop):
        u = asyncio.create_task(asyncio.sleep(64 * tick))
        await asyncio.sleep(tick)
        u.cancel()
        log(await outcome(u))
        await asyncio.sleep(tick)
        log("on")
    `,
    function* (log) {
      const u = createTask(sleep(64 * tick));
      yield* sleep(tick);
      u.cancel();
      log(yield* outcome(u));
      yield* sleep(tick);
      log("on");
    },
  ),
  scenario(
    "main itself can be cancelled by a callback, and refuse",
    `
    async def main(log, loop):
        loop.call_later(tick, asyncio.current_task().cancel, "cb!")
        try:
            await asyncio.sleep(9 * tick)
        except asyncio.CancelledError as e:
            log(e)
        await asyncio.sleep(tick)
        log("on", asyncio.current_task().cancelling())
    `,
    function* (log, loop) {
      const me = currentTask()!;
      loop.callLater(tick, () => me.cancel("cb!"));
      const e = yield* outcome(sleep(9 * tick));
      if (isCancellation(e)) log(e);
      yield* sleep(tick);
      log("on", me.cancelling());
    },
  ),
];
