// Scenarios of timeout(), timeout_at() and Timeout.
import {
  asyncWith,
  type Coroutine,
  createTask,
  currentTask,
  sleep,
  timeout,
  timeoutAt,
} from "../../../lib/index.ts";
import { Boom, outcome, scenario, tick } from "./scenario.ts";

export const TIMEOUTS = [
  scenario(
    "in time nothing happens, out of time it is TimeoutError and the count is as before",
    `
    async def main(log, loop):
        async with asyncio.timeout(3 * tick) as t:
            log(t.when() / tick, t.expired())
            await asyncio.sleep(tick)
        log(t.when() / tick, t.expired())
        try:
            async with asyncio.timeout(tick) as t:
                await asyncio.sleep(9 * tick)
        except TimeoutError as e:
            log(e, t.expired(), asyncio.current_task().cancelling())
        await asyncio.sleep(9 * tick)
        log("undisturbed")
    `,
    function* (log) {
      let t = timeout(3 * tick);
      yield* asyncWith(t, function* (t) {
        log(t.when()! / tick, t.expired());
        yield* sleep(tick);
      });
      log(t.when()! / tick, t.expired());
      t = timeout(tick);
      const e = yield* outcome(asyncWith(t, () => sleep(9 * tick)));
      log(e, t.expired(), currentTask()!.cancelling());
      yield* sleep(9 * tick);
      log("undisturbed");
    },
  ),
  scenario(
    "no limit, a limit of nothing, a limit in the past",
    `
    async def main(log, loop):
        async with asyncio.timeout(None) as t:
            log(t.when())
            await asyncio.sleep(tick)
        for limit in (0, -1):
            async def body():
                async with asyncio.timeout(limit) as t:
                    log("begins", t.when() <= loop.time())
                    await asyncio.sleep(0)
                    log("never")
            log(await outcome(body()))
        async with asyncio.timeout_at(loop.time() - 1) as t:
            log("awaits nothing")
        log(t.expired())
        await asyncio.sleep(tick)
        log("on")
    `,
    function* (log, loop) {
      yield* asyncWith(timeout(null), function* (t) {
        log(t.when());
        yield* sleep(tick);
      });
      for (const limit of [0, -1]) {
        const body = asyncWith(timeout(limit), function* (t) {
          log("begins", t.when()! <= loop.time());
          yield* sleep(0);
          log("never");
        });
        log(yield* outcome(body));
      }
      const t = timeoutAt(loop.time() - 1);
      yield* asyncWith(t, function* () {
        log("awaits nothing");
      });
      log(t.expired());
      yield* sleep(tick);
      log("on");
    },
  ),
  scenario(
    "the inner of two runs out: the outer one is quiet",
    `
    async def main(log, loop):
        async with asyncio.timeout(5 * tick) as outer:
            try:
                async with asyncio.timeout(tick) as inner:
                    await asyncio.sleep(9 * tick)
            except TimeoutError as e:
                log("inner", e, inner.expired(), outer.expired())
            await asyncio.sleep(tick)
        log(outer.expired())
    `,
    function* (log) {
      const [outer, inner] = [timeout(5 * tick), timeout(tick)];
      yield* asyncWith(outer, function* () {
        const e = yield* outcome(
          asyncWith(inner, function* () {
            yield* sleep(9 * tick);
          }),
        );
        log("inner", e, inner.expired(), outer.expired());
        yield* sleep(tick);
      });
      log(outer.expired());
    },
  ),
  scenario(
    "the outer of two runs out: the inner one lets the cancellation pass",
    `
    async def main(log, loop):
        try:
            async with asyncio.timeout(tick) as outer:
                try:
                    async with asyncio.timeout(5 * tick) as inner:
                        await asyncio.sleep(9 * tick)
                except asyncio.CancelledError as e:
                    log("inner", e, inner.expired(), asyncio.current_task().cancelling())
                    raise
        except TimeoutError as e:
            log("outer", e, outer.expired(), asyncio.current_task().cancelling())
    `,
    function* (log) {
      const [outer, inner] = [timeout(tick), timeout(5 * tick)];
      const e = yield* outcome(
        asyncWith(outer, function* () {
          const e = yield* outcome(
            asyncWith(inner, function* () {
              yield* sleep(9 * tick);
            }),
          );
          log("inner", e, inner.expired(), currentTask()!.cancelling());
          throw e;
        }),
      );
      log("outer", e, outer.expired(), currentTask()!.cancelling());
    },
  ),
  scenario(
    "both run out at the same time",
    `
    async def main(log, loop):
        me = asyncio.current_task()
        try:
            async with asyncio.timeout(tick) as outer:
                try:
                    async with asyncio.timeout(tick) as inner:
                        await asyncio.sleep(9 * tick)
                finally:
                    log("between", inner.expired(), outer.expired(), me.cancelling())
        except TimeoutError as e:
            log("after", e, me.cancelling())
    `,
    function* (log) {
      const me = currentTask()!;
      const [outer, inner] = [timeout(tick), timeout(tick)];
      const e = yield* outcome(
        asyncWith(outer, function* () {
          try {
            yield* asyncWith(inner, function* () {
              yield* sleep(9 * tick);
            });
          } finally {
            log("between", inner.expired(), outer.expired(), me.cancelling());
          }
        }),
      );
      log("after", e, me.cancelling());
    },
  ),
  scenario(
    "a body that swallows the cancellation gets no error, though the time is up",
    `
    async def main(log, loop):
        async with asyncio.timeout(tick) as t:
            log(await outcome(asyncio.sleep(9 * tick)))
            await asyncio.sleep(tick)
        log(t.expired(), asyncio.current_task().cancelling())
    `,
    function* (log) {
      const t = timeout(tick);
      yield* asyncWith(t, function* () {
        log(yield* outcome(sleep(9 * tick)));
        yield* sleep(tick);
      });
      log(t.expired(), currentTask()!.cancelling());
    },
  ),
  scenario(
    "an outside cancellation stays one, before and after the time is up",
    `
    async def main(log, loop):
        async def body(cleanup):
            async with asyncio.timeout(2 * tick):
                try:
                    await asyncio.sleep(9 * tick)
                finally:
                    log("cleaning")
                    await asyncio.sleep(cleanup * tick)
        for when, cleanup in ((1, 0), (2, 0), (3, 3)):
            t = asyncio.create_task(body(cleanup))
            loop.call_later(when * tick, t.cancel, "out!")
            log(await outcome(t), t.cancelling())
    `,
    function* (log, loop) {
      function* body(cleanup: number): Coroutine<void> {
        yield* asyncWith(timeout(2 * tick), function* () {
          try {
            yield* sleep(9 * tick);
          } finally {
            log("cleaning");
            yield* sleep(cleanup * tick);
          }
        });
      }
      for (const [when, cleanup] of [
        [1, 0],
        [2, 0],
        [3, 3],
      ] as const) {
        const t = createTask(body(cleanup));
        loop.callLater(when * tick, () => t.cancel("out!"));
        log(yield* outcome(t), t.cancelling());
      }
    },
  ),
  scenario(
    "another error that leaves the block after the time is up is not replaced",
    `
    async def main(log, loop):
        async def body():
            async with asyncio.timeout(tick):
                try:
                    await asyncio.sleep(9 * tick)
                except asyncio.CancelledError as e:
                    raise Boom("instead!") from e
        log(await outcome(body()), asyncio.current_task().cancelling())
    `,
    function* (log) {
      const body = asyncWith(timeout(tick), function* () {
        const e = yield* outcome(sleep(9 * tick));
        throw Object.assign(new Boom("instead!"), { cause: e });
      });
      log(yield* outcome(body), currentTask()!.cancelling());
    },
  ),
  scenario(
    "an error that leaves the block in time is not touched",
    `
    async def main(log, loop):
        async def body():
            async with asyncio.timeout(tick) as t:
                try:
                    raise Boom("own!")
                finally:
                    log(t.expired())
        log(await outcome(body()))
        await asyncio.sleep(2 * tick)
        log("on")
    `,
    function* (log) {
      const body = asyncWith(timeout(tick), function* (t) {
        try {
          throw new Boom("own!");
        } finally {
          log(t.expired());
        }
      });
      log(yield* outcome(body));
      yield* sleep(2 * tick);
      log("on");
    },
  ),
];
