// Scenarios of timeouts that are moved, misused, or meet other cancellations.
import { asyncWith, createTask, currentTask, sleep, timeout, TimeoutError } from "../../../lib/index.ts";
import { attempt, isCancellation, outcome, scenario, tick } from "./scenario.ts";

export const RESCHEDULED_TIMEOUTS = [
  scenario(
    "rescheduling: later, earlier, to the past, to never",
    `
    async def main(log, loop):
        for first, second in ((1, 3), (3, 1), (3, -1), (1, None), (None, 2)):
            async def body():
                async with asyncio.timeout(None if first is None else first * tick) as t:
                    t.reschedule(None if second is None else loop.time() + second * tick)
                    log(None if t.when() is None else (t.when() - start) / tick)
                    await asyncio.sleep(4 * tick)
                    log("slept")
            start = loop.time()
            log(await outcome(body()), (loop.time() - start) / tick)
    `,
    function* (log, loop) {
      for (const [first, second] of [
        [1, 3],
        [3, 1],
        [3, -1],
        [1, null],
        [null, 2],
      ] as const) {
        const start = loop.time();
        const body = asyncWith(timeout(first === null ? null : first * tick), function* (t) {
          t.reschedule(second === null ? null : loop.time() + second * tick);
          log(t.when() === null ? null : (t.when()! - start) / tick);
          yield* sleep(4 * tick);
          log("slept");
        });
        log(yield* outcome(body), (loop.time() - start) / tick);
      }
    },
  ),
  scenario(
    "a block is entered once, in a task, and rescheduled while it runs",
    `
    async def main(log, loop):
        t = asyncio.timeout(tick)
        log(attempt(lambda: t.reschedule(1)), t.expired(), t.when() / tick)
        async with t:
            pass
        log(attempt(lambda: t.reschedule(1)))
        log(await outcome(t.__aenter__()))
        u = asyncio.timeout(0)
        async def body():
            async with u:
                try:
                    await asyncio.sleep(tick)
                finally:
                    log(attempt(lambda: u.reschedule(1)))
        log(await outcome(body()))
        log(attempt(lambda: u.reschedule(1)))
        def callback():
            try:
                asyncio.timeout(1).__aenter__().send(None)
            except RuntimeError as e:
                log("callback", e)
        loop.call_soon(callback)
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const t = timeout(tick);
      log(
        attempt(() => t.reschedule(1)),
        t.expired(),
        t.when()! / tick,
      );
      yield* asyncWith(t, () => undefined);
      log(attempt(() => t.reschedule(1)));
      log(yield* outcome(t.aenter()));
      const u = timeout(0);
      const body = asyncWith(u, function* () {
        try {
          yield* sleep(tick);
        } finally {
          log(attempt(() => u.reschedule(1)));
        }
      });
      log(yield* outcome(body));
      log(attempt(() => u.reschedule(1)));
      loop.callSoon(() =>
        log(
          "callback",
          attempt(() => timeout(1).aenter()[Symbol.iterator]().next()),
        ),
      );
      yield* sleep(0);
    },
  ),
  scenario(
    "a cancellation that was pending on entry is not taken for the block's own (gh-134471)",
    `
    async def main(log, loop):
        async def body():
            asyncio.current_task().cancel("pending!")
            async with asyncio.timeout(0):
                await asyncio.sleep(tick)
        t = asyncio.create_task(body())
        log(await outcome(t), t.cancelled(), t.cancelling())
    `,
    function* (log) {
      const t = createTask(function* () {
        currentTask()!.cancel("pending!");
        yield* asyncWith(timeout(0), function* () {
          yield* sleep(tick);
        });
      });
      log(yield* outcome(t), t.cancelled(), t.cancelling());
    },
  ),
  scenario(
    "a block in a finally of a cancelled task works, whatever was asked before",
    `
    async def main(log, loop):
        async def body():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError as e:
                try:
                    async with asyncio.timeout(tick):
                        await asyncio.sleep(9 * tick)
                except TimeoutError as te:
                    log(te, asyncio.current_task().cancelling())
                raise
        t = asyncio.create_task(body())
        await asyncio.sleep(tick)
        t.cancel("c!")
        log(await outcome(t), t.cancelling())
    `,
    function* (log) {
      const t = createTask(function* () {
        const e = yield* outcome(sleep(9 * tick));
        if (isCancellation(e)) {
          const te = yield* outcome(
            asyncWith(timeout(tick), function* () {
              yield* sleep(9 * tick);
            }),
          );
          if (te instanceof TimeoutError) log(te, currentTask()!.cancelling());
        }
        throw e;
      });
      yield* sleep(tick);
      t.cancel("c!");
      log(yield* outcome(t), t.cancelling());
    },
  ),
  scenario(
    "a busy body is stopped at its first await after the time",
    `
    async def main(log, loop):
        async def body():
            async with asyncio.timeout(0) as t:
                for n in range(3):
                    log(n, t.expired())
                    await asyncio.sleep(0)
        log(await outcome(body()))
    `,
    function* (log) {
      const body = asyncWith(timeout(0), function* (t) {
        for (let n = 0; n < 3; n++) {
          log(n, t.expired());
          yield* sleep(0);
        }
      });
      log(yield* outcome(body));
    },
  ),
];
