// Scenarios of cancellation: when it is thrown, where it goes, its messages.
import { type Coroutine, createTask, currentTask, gather, sleep } from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

export const CANCELLATION = [
  scenario(
    "a task cancelled before its first step never runs",
    `
    async def main(log, loop):
        async def t():
            log("runs")
        u = asyncio.create_task(t())
        log(u.cancel("early!"), u.cancelling())
        log(await outcome(u), u.cancelled(), u.cancelling())
    `,
    function* (log) {
      const u = createTask(function* () {
        log("runs");
      });
      log(u.cancel("early!"), u.cancelling());
      log(yield* outcome(u), u.cancelled(), u.cancelling());
    },
  ),
  scenario(
    "two requests give one CancelledError, with the last message, and count two",
    `
    async def main(log, loop):
        async def t():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError as e:
                log(e, asyncio.current_task().cancelling())
            await asyncio.sleep(tick)
            return "survived"
        u = asyncio.create_task(t())
        await asyncio.sleep(tick)
        log(u.cancel("one!"), u.cancel("two!"))
        log(await u, u.cancelling(), u.cancelled())
    `,
    function* (log) {
      const u = createTask(function* () {
        log(yield* outcome(sleep(9 * tick)), currentTask()!.cancelling());
        yield* sleep(tick);
        return "survived";
      });
      yield* sleep(tick);
      log(u.cancel("one!"), u.cancel("two!"));
      log(yield* u, u.cancelling(), u.cancelled());
    },
  ),
  scenario(
    "a task that cancels itself is stopped at its next await",
    `
    async def main(log, loop):
        async def t():
            asyncio.current_task().cancel("self!")
            log("still here")
            try:
                await asyncio.sleep(0)
            finally:
                log("stopped")
        u = asyncio.create_task(t())
        log(await outcome(u), u.cancelled())
    `,
    function* (log) {
      const u = createTask(function* () {
        currentTask()!.cancel("self!");
        log("still here");
        try {
          yield* sleep(0);
        } finally {
          log("stopped");
        }
      });
      log(yield* outcome(u), u.cancelled());
    },
  ),
  scenario(
    "a task that cancels itself and awaits nothing more ends cancelled, also when it fails",
    `
    async def main(log, loop):
        async def returns():
            asyncio.current_task().cancel("r!")
            return 1
        async def fails():
            asyncio.current_task().cancel("f!")
            raise Boom("x!")
        for c in (returns, fails):
            u = asyncio.create_task(c())
            log(await outcome(u), u.cancelled(), u.cancelling())
    `,
    function* (log) {
      function* returns(): Coroutine<number> {
        currentTask()!.cancel("r!");
        return 1;
      }
      function* fails(): Coroutine<number> {
        currentTask()!.cancel("f!");
        throw new Boom("x!");
      }
      for (const c of [returns, fails]) {
        const u = createTask(c());
        log(yield* outcome(u), u.cancelled(), u.cancelling());
      }
    },
  ),
  scenario(
    "the result that came in the same pass is lost to a cancellation",
    `
    async def main(log, loop):
        f = loop.create_future()
        async def t():
            return await f
        u = asyncio.create_task(t())
        await asyncio.sleep(0)
        f.set_result("lost")
        log(u.cancel("late!"))
        log(await outcome(u), u.cancelled(), f.result())
    `,
    function* (log, loop) {
      const f = loop.createFuture<string>();
      const u = createTask(function* () {
        return yield* f;
      });
      yield* sleep(0);
      f.setResult("lost");
      log(u.cancel("late!"));
      log(yield* outcome(u), u.cancelled(), f.result());
    },
  ),
  scenario(
    "an error that came in the same pass is lost too, a cancellation keeps its message",
    `
    async def main(log, loop):
        f, g = loop.create_future(), loop.create_future()
        async def t(x):
            await x
        u, v = asyncio.create_task(t(f)), asyncio.create_task(t(g))
        await asyncio.sleep(0)
        f.set_exception(Boom("lost!"))
        g.cancel("first!")
        log(u.cancel("u!"), v.cancel("v!"))
        log(await outcome(u), await outcome(v))
    `,
    function* (log, loop) {
      const [f, g] = [loop.createFuture(), loop.createFuture()];
      const [u, v] = [f, g].map((x) =>
        createTask(function* () {
          yield* x;
        }),
      );
      yield* sleep(0);
      f.setException(new Boom("lost!"));
      g.cancel("first!");
      log(u!.cancel("u!"), v!.cancel("v!"));
      log(yield* outcome(u!), yield* outcome(v!));
    },
  ),
  scenario(
    "a cancelled gather() keeps its error against a later request",
    `
    async def main(log, loop):
        async def child():
            pass
        async def t():
            await asyncio.gather(child(), return_exceptions=True)
        u = asyncio.create_task(t())
        await asyncio.sleep(0)
        u.cancel("first!")
        loop.call_soon(u.cancel, "second!")
        log(await outcome(u), u.cancelling())
    `,
    function* (log, loop) {
      function* child(): Coroutine<void> {
        // Never begins.
      }
      const u = createTask(function* () {
        yield* gather([child()], { returnExceptions: true });
      });
      yield* sleep(0);
      u.cancel("first!");
      loop.callSoon(() => u.cancel("second!"));
      log(yield* outcome(u), u.cancelling());
    },
  ),
  scenario(
    "a cancellation goes to the innermost task that is awaited, and comes back",
    `
    async def main(log, loop):
        async def inner():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError as e:
                log("inner", e)
                raise
        async def outer():
            try:
                await i
            except asyncio.CancelledError as e:
                log("outer", e)
                raise
        i = asyncio.create_task(inner())
        o = asyncio.create_task(outer())
        await asyncio.sleep(tick)
        o.cancel("m!")
        log(i.cancelling(), o.cancelling())
        log(await outcome(o), i.cancelled(), o.cancelled())
        log(attempt(o.result), attempt(i.result), attempt(i.result))
    `,
    function* (log) {
      function* inner(): Coroutine<void> {
        const e = yield* outcome(sleep(9 * tick));
        log("inner", e);
        throw e;
      }
      function* outer(): Coroutine<void> {
        const e = yield* outcome(i);
        log("outer", e);
        throw e;
      }
      const i = createTask(inner());
      const o = createTask(outer());
      yield* sleep(tick);
      o.cancel("m!");
      log(i.cancelling(), o.cancelling());
      log(yield* outcome(o), i.cancelled(), o.cancelled());
      log(
        attempt(() => o.result()),
        attempt(() => i.result()),
        attempt(() => i.result()),
      );
    },
  ),
  scenario(
    "a task that refuses to be cancelled saves those who await it",
    `
    async def main(log, loop):
        async def inner():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError:
                log("refused")
            await asyncio.sleep(tick)
            return "kept"
        async def outer():
            return await i
        i = asyncio.create_task(inner())
        o = asyncio.create_task(outer())
        await asyncio.sleep(tick)
        o.cancel()
        log(await outcome(o), o.cancelled(), o.cancelling(), i.cancelling())
    `,
    function* (log) {
      const i = createTask(function* () {
        yield* outcome(sleep(9 * tick));
        log("refused");
        yield* sleep(tick);
        return "kept";
      });
      const o = createTask(function* () {
        return yield* i;
      });
      yield* sleep(tick);
      o.cancel();
      log(yield* outcome(o), o.cancelled(), o.cancelling(), i.cancelling());
    },
  ),
];
