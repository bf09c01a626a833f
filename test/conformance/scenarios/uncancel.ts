// Scenarios of taking cancellations back.
import { type Coroutine, createTask, currentTask, sleep } from "../../../lib/index.ts";
import { outcome, scenario, tick } from "./scenario.ts";

export const UNCANCEL = [
  scenario(
    "cancel and uncancel before an await leave nothing to be thrown",
    `
    async def main(log, loop):
        me = asyncio.current_task()
        me.cancel()
        log(me.cancelling(), me.uncancel(), me.cancelling())
        await asyncio.sleep(tick)
        log("undisturbed")
    `,
    function* (log) {
      const me = currentTask()!;
      me.cancel();
      log(me.cancelling(), me.uncancel(), me.cancelling());
      yield* sleep(tick);
      log("undisturbed");
    },
  ),
  scenario(
    "of two requests one taken back leaves one to be thrown",
    `
    async def main(log, loop):
        me = asyncio.current_task()
        me.cancel("a!")
        me.cancel("b!")
        log(me.uncancel())
        log(await outcome(asyncio.sleep(tick)), me.cancelling(), me.uncancel(), me.uncancel())
    `,
    function* (log) {
      const me = currentTask()!;
      me.cancel("a!");
      me.cancel("b!");
      log(me.uncancel());
      log(yield* outcome(sleep(tick)), me.cancelling(), me.uncancel(), me.uncancel());
    },
  ),
  scenario(
    "a task cancelled and uncancelled before its first step runs",
    `
    async def main(log, loop):
        async def t():
            log("runs")
            await asyncio.sleep(tick)
            return 1
        u = asyncio.create_task(t())
        u.cancel()
        log(u.uncancel())
        log(await u, u.cancelling())
    `,
    function* (log) {
      const u = createTask(function* () {
        log("runs");
        yield* sleep(tick);
        return 1;
      });
      u.cancel();
      log(u.uncancel());
      log(yield* u, u.cancelling());
    },
  ),
  scenario(
    "uncancel comes too late for what a waited-for future has been told",
    `
    async def main(log, loop):
        u = asyncio.create_task(asyncio.sleep(9 * tick))
        await asyncio.sleep(tick)
        u.cancel("m!")
        log(u.uncancel(), u.cancelling())
        log(await outcome(u), u.cancelled(), u.cancelling())
    `,
    function* (log) {
      const u = createTask(sleep(9 * tick));
      yield* sleep(tick);
      u.cancel("m!");
      log(u.uncancel(), u.cancelling());
      log(yield* outcome(u), u.cancelled(), u.cancelling());
    },
  ),
  scenario(
    "uncancel does not reach into a task that is awaited",
    `
    async def main(log, loop):
        async def inner():
            log("inner runs")
        async def outer():
            i = asyncio.create_task(inner())
            loop.call_soon(lambda: (o.cancel(), log(o.uncancel(), i.cancelling())))
            await i
        o = asyncio.create_task(outer())
        loop.call_soon(lambda: None)
        log(await outcome(o), o.cancelled())
    `,
    function* (log, loop) {
      const o = createTask(function* () {
        const i = createTask(function* () {
          log("inner runs");
        });
        loop.callSoon(() => {
          o.cancel();
          log(o.uncancel(), i.cancelling());
        });
        yield* i;
      });
      loop.callSoon(() => undefined);
      log(yield* outcome(o), o.cancelled());
    },
  ),
  scenario(
    "uncancel without a request stays at nothing, and is harmless at the end",
    `
    async def main(log, loop):
        u = asyncio.create_task(asyncio.sleep(0))
        log(u.uncancel(), u.cancelling())
        await u
        log(u.uncancel())
    `,
    function* (log) {
      const u = createTask(sleep(0));
      log(u.uncancel(), u.cancelling());
      yield* u;
      log(u.uncancel());
    },
  ),
  scenario(
    "a structured block takes back its own request alone",
    `
    async def main(log, loop):
        async def block():
            me = asyncio.current_task()
            loop.call_later(tick, me.cancel, "block!")
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError as e:
                log(e, me.uncancel())
                if me.cancelling():
                    raise
            await asyncio.sleep(tick)
            return "done"
        u = asyncio.create_task(block())
        log(await u)
        v = asyncio.create_task(block())
        await asyncio.sleep(0)
        loop.call_later(tick, v.cancel, "outside!")
        log(await outcome(v), v.cancelling())
    `,
    function* (log, loop) {
      function* block(): Coroutine<string> {
        const me = currentTask()!;
        loop.callLater(tick, () => me.cancel("block!"));
        const e = yield* outcome(sleep(9 * tick));
        log(e, me.uncancel());
        if (me.cancelling() > 0) throw e;
        yield* sleep(tick);
        return "done";
      }
      const u = createTask(block());
      log(yield* u);
      const v = createTask(block());
      yield* sleep(0);
      loop.callLater(tick, () => v.cancel("outside!"));
      log(yield* outcome(v), v.cancelling());
    },
  ),
];
