// Scenarios of wait_for() and shield().
import {
  type Coroutine,
  createTask,
  currentTask,
  Queue,
  shield,
  sleep,
  waitFor,
} from "../../../lib/index.ts";
import { Boom, outcome, scenario, tick } from "./scenario.ts";

export const WAIT_FOR = [
  scenario(
    "in time: the result, the error, no limit at all; the coroutine runs in the caller's task",
    `
    async def main(log, loop):
        me = asyncio.current_task()
        async def good():
            await asyncio.sleep(tick)
            return asyncio.current_task() is me
        async def bad():
            await asyncio.sleep(tick)
            raise Boom("b!")
        log(await asyncio.wait_for(good(), 2 * tick), await asyncio.wait_for(good(), None))
        log(await outcome(asyncio.wait_for(bad(), 2 * tick)), me.cancelling())
    `,
    function* (log) {
      const me = currentTask();
      function* good(): Coroutine<boolean> {
        yield* sleep(tick);
        return currentTask() === me;
      }
      function* bad(): Coroutine<void> {
        yield* sleep(tick);
        throw new Boom("b!");
      }
      log(yield* waitFor(good(), 2 * tick), yield* waitFor(good(), null));
      log(yield* outcome(waitFor(bad(), 2 * tick)), me!.cancelling());
    },
  ),
  scenario(
    "out of time: it is cancelled, its cleanup is waited for, then TimeoutError",
    `
    async def main(log, loop):
        async def slow():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError as e:
                log(e)
                await asyncio.sleep(2 * tick)
                log("cleaned")
                raise
        log(await outcome(asyncio.wait_for(slow(), tick)), asyncio.current_task().cancelling())
        t = asyncio.create_task(slow())
        log(await outcome(asyncio.wait_for(t, tick)), t.cancelled())
        f = loop.create_future()
        log(await outcome(asyncio.wait_for(f, tick)), f.cancelled())
    `,
    function* (log, loop) {
      function* slow(): Coroutine<void> {
        const e = yield* outcome(sleep(9 * tick));
        log(e);
        yield* sleep(2 * tick);
        log("cleaned");
        throw e;
      }
      log(yield* outcome(waitFor(slow(), tick)), currentTask()!.cancelling());
      const t = createTask(slow());
      log(yield* outcome(waitFor(t, tick)), t.cancelled());
      const f = loop.createFuture();
      log(yield* outcome(waitFor(f, tick)), f.cancelled());
    },
  ),
  scenario(
    "what answers the cancellation with a value or an error has its way",
    `
    async def main(log, loop):
        async def value():
            try:
                await asyncio.sleep(9 * tick)
            except asyncio.CancelledError:
                return "v"
        async def error():
            try:
                await asyncio.sleep(9 * tick)
            finally:
                raise Boom("e!")
        for f in (value, error):
            log(await outcome(asyncio.wait_for(f(), tick)))
            log(await outcome(asyncio.wait_for(asyncio.create_task(f()), tick)), asyncio.current_task().cancelling())
    `,
    function* (log) {
      function* value(): Coroutine<string> {
        yield* outcome(sleep(9 * tick));
        return "v";
      }
      function* error(): Coroutine<string> {
        yield* outcome(sleep(9 * tick));
        throw new Boom("e!");
      }
      for (const f of [value, error]) {
        log(yield* outcome(waitFor(f(), tick)));
        log(yield* outcome(waitFor(createTask(f()), tick)), currentTask()!.cancelling());
      }
    },
  ),
  scenario(
    "no time at all: what is done gives its result, all else is cancelled and never starts",
    `
    async def main(log, loop):
        async def body():
            log("runs")
        for limit in (0, -1):
            log(await outcome(asyncio.wait_for(body(), limit)))
            f = loop.create_future()
            log(await outcome(asyncio.wait_for(f, limit)), f.cancelled())
            t = asyncio.create_task(asyncio.sleep(0, "r"))
            await asyncio.sleep(tick)
            log(await asyncio.wait_for(t, limit))
    `,
    function* (log, loop) {
      function* body(): Coroutine<void> {
        log("runs");
      }
      for (const limit of [0, -1]) {
        log(yield* outcome(waitFor(body(), limit)));
        const f = loop.createFuture();
        log(yield* outcome(waitFor(f, limit)), f.cancelled());
        const t = createTask(sleep(0, "r"));
        yield* sleep(tick);
        log(yield* waitFor(t, limit));
      }
    },
  ),
  scenario(
    "an outside cancellation is never lost to the result or to the limit",
    `
    async def main(log, loop):
        async def waiter(f, limit):
            return await asyncio.wait_for(f, limit)
        f = loop.create_future()
        t = asyncio.create_task(waiter(f, 9 * tick))
        await asyncio.sleep(tick)
        f.set_result("lost")
        t.cancel("a!")
        log(await outcome(t))
        f = loop.create_future()
        t = asyncio.create_task(waiter(f, 2 * tick))
        await asyncio.sleep(0)
        loop.call_later(2 * tick, t.cancel, "b!")
        log(await outcome(t), t.cancelling(), f.cancelled())
        f = loop.create_future()
        loop.call_later(2 * tick, lambda: t.cancel("c!"))
        t = asyncio.create_task(waiter(f, 2 * tick))
        log(await outcome(t), t.cancelling(), f.cancelled())
    `,
    function* (log, loop) {
      function* waiter(f: ReturnType<typeof loop.createFuture>, limit: number): Coroutine<unknown> {
        return yield* waitFor(f, limit);
      }
      let f = loop.createFuture<unknown>();
      let t = createTask(waiter(f, 9 * tick));
      yield* sleep(tick);
      f.setResult("lost");
      t.cancel("a!");
      log(yield* outcome(t));
      f = loop.createFuture();
      t = createTask(waiter(f, 2 * tick));
      yield* sleep(0);
      loop.callLater(2 * tick, () => t.cancel("b!"));
      log(yield* outcome(t), t.cancelling(), f.cancelled());
      f = loop.createFuture();
      loop.callLater(2 * tick, () => t.cancel("c!"));
      t = createTask(waiter(f, 2 * tick));
      log(yield* outcome(t), t.cancelling(), f.cancelled());
    },
  ),
  scenario(
    "a result and the limit in the same pass, in both orders",
    `
    async def main(log, loop):
        for early in (True, False):
            f = loop.create_future()
            if early:
                loop.call_later(tick, f.set_result, "r")
            t = asyncio.create_task(asyncio.wait_for(f, tick))
            await asyncio.sleep(0)
            if not early:
                loop.call_later(tick, lambda: f.done() or f.set_result("r"))
            log(await outcome(t), f.cancelled())
    `,
    function* (log, loop) {
      for (const early of [true, false]) {
        const f = loop.createFuture<string>();
        if (early) loop.callLater(tick, () => f.setResult("r"));
        const t = createTask(waitFor(f, tick));
        yield* sleep(0);
        if (!early) {
          loop.callLater(tick, () => {
            if (!f.done()) f.setResult("r");
          });
        }
        log(yield* outcome(t), f.cancelled());
      }
    },
  ),
  scenario(
    "an item is not lost when a get() runs out of time as it comes",
    `
    async def main(log, loop):
        q = asyncio.Queue()
        loop.call_later(tick, q.put_nowait, "item")
        t = asyncio.create_task(asyncio.wait_for(q.get(), tick))
        log(await outcome(t), q.qsize())
        t = asyncio.create_task(asyncio.wait_for(q.get(), tick))
        await asyncio.sleep(0)
        loop.call_later(tick, q.put_nowait, "late")
        log(await outcome(t), q.qsize())
    `,
    function* (log, loop) {
      const q = new Queue<string>();
      loop.callLater(tick, () => q.putNowait("item"));
      let t = createTask(waitFor(q.get(), tick));
      log(yield* outcome(t), q.qsize());
      t = createTask(waitFor(q.get(), tick));
      yield* sleep(0);
      loop.callLater(tick, () => q.putNowait("late"));
      log(yield* outcome(t), q.qsize());
    },
  ),
  scenario(
    "limits inside limits: the one that ran out says so",
    `
    async def main(log, loop):
        async def inner(limit):
            try:
                return await asyncio.wait_for(asyncio.sleep(9 * tick), limit)
            except TimeoutError as e:
                log("inner", e)
                await asyncio.sleep(tick)
                return "inner done"
        log(await outcome(asyncio.wait_for(inner(tick), 4 * tick)))
        log(await outcome(asyncio.wait_for(inner(4 * tick), tick)))
        log(await outcome(asyncio.wait_for(inner(tick), tick)))
    `,
    function* (log) {
      function* inner(limit: number): Coroutine<unknown> {
        try {
          return yield* waitFor(sleep(9 * tick), limit);
        } catch (e) {
          if ((e as Error).name !== "TimeoutError") throw e;
          log("inner", e);
          yield* sleep(tick);
          return "inner done";
        }
      }
      log(yield* outcome(waitFor(inner(tick), 4 * tick)));
      log(yield* outcome(waitFor(inner(4 * tick), tick)));
      log(yield* outcome(waitFor(inner(tick), tick)));
    },
  ),
  scenario(
    "shield: a cancellation of the wait does not reach what is shielded",
    `
    async def main(log, loop):
        async def work():
            await asyncio.sleep(3 * tick)
            return "saved"
        w = asyncio.create_task(work())
        async def waiter():
            return await asyncio.shield(w)
        t = asyncio.create_task(waiter())
        await asyncio.sleep(tick)
        log(t.cancel("t!"))
        log(await outcome(t), w.done(), w.cancelling())
        log(await w)
        log(asyncio.shield(w) is w)
    `,
    function* (log) {
      const w = createTask(function* () {
        yield* sleep(3 * tick);
        return "saved";
      });
      const t = createTask(function* () {
        return yield* shield(w);
      });
      yield* sleep(tick);
      log(t.cancel("t!"));
      log(yield* outcome(t), w.done(), w.cancelling());
      log(yield* w);
      log((shield(w) as unknown) === w);
    },
  ),
  scenario(
    "shield: results, errors and cancellations of what is shielded come through, one pass later",
    `
    async def main(log, loop):
        a, b, c = [loop.create_future() for _ in range(3)]
        outer = [asyncio.shield(x) for x in (a, b, c)]
        a.set_result("r")
        b.set_exception(Boom("b!"))
        c.cancel("c!")
        log([o.done() for o in outer])
        await asyncio.sleep(0)
        log([o.done() for o in outer], [o.cancelled() for o in outer])
        for o in outer:
            log(await outcome(o))
    `,
    function* (log, loop) {
      const [a, b, c] = [
        loop.createFuture<string>(),
        loop.createFuture<string>(),
        loop.createFuture<string>(),
      ] as const;
      const outer = [a, b, c].map((x) => shield(x));
      a.setResult("r");
      b.setException(new Boom("b!"));
      c.cancel("c!");
      log(outer.map((o) => o.done()));
      yield* sleep(0);
      log(
        outer.map((o) => o.done()),
        outer.map((o) => o.cancelled()),
      );
      for (const o of outer) log(yield* outcome(o));
    },
  ),
  scenario(
    "shield: an error after the wait was cancelled is reported, once",
    `
    async def main(log, loop):
        async def bad():
            await asyncio.sleep(2 * tick)
            raise Boom("late!")
        b = asyncio.create_task(bad())
        outer = [asyncio.shield(b), asyncio.shield(b)]
        await asyncio.sleep(tick)
        for o in outer:
            o.cancel()
        await asyncio.sleep(3 * tick)
        log(b.done(), b.exception())
    `,
    function* (log) {
      const b = createTask(function* () {
        yield* sleep(2 * tick);
        throw new Boom("late!");
      });
      const outer = [shield(b), shield(b)];
      yield* sleep(tick);
      for (const o of outer) o.cancel();
      yield* sleep(3 * tick);
      log(b.done(), b.exception());
    },
  ),
  scenario(
    "shield: a limit around it leaves what is shielded running",
    `
    async def main(log, loop):
        async def work():
            await asyncio.sleep(3 * tick)
            log("worked")
            return 1
        w = asyncio.create_task(work())
        log(await outcome(asyncio.wait_for(asyncio.shield(w), tick)), w.done())
        log(await w)
    `,
    function* (log) {
      const w = createTask(function* () {
        yield* sleep(3 * tick);
        log("worked");
        return 1;
      });
      log(yield* outcome(waitFor(shield(w), tick)), w.done());
      log(yield* w);
    },
  ),
];
