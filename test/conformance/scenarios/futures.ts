// Scenarios of futures: states, results, callbacks, cancel messages.
import { CancelledError, createTask, Future, isfuture, sleep } from "../../../lib/index.ts";
import { attempt, Bang, Boom, outcome, scenario, tick } from "./scenario.ts";

export const FUTURES = [
  scenario(
    "a pending future has neither result nor exception",
    `
    async def main(log, loop):
        f = loop.create_future()
        log(f.done(), f.cancelled(), attempt(f.result), attempt(f.exception))
        log(asyncio.isfuture(f), asyncio.isfuture(1), f.get_loop() is loop)
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      log(
        f.done(),
        f.cancelled(),
        attempt(() => f.result()),
        attempt(() => f.exception()),
      );
      log(isfuture(f), isfuture(1), f.getLoop() === loop);
    },
  ),
  scenario(
    "a result or an exception is set once",
    `
    async def main(log, loop):
        f, g = loop.create_future(), loop.create_future()
        f.set_result(1)
        g.set_exception(Boom)
        for x in (f, g):
            log(attempt(lambda: x.set_result(2)), attempt(lambda: x.set_exception(Boom())), x.cancel())
            log(x.done(), x.cancelled(), attempt(x.result), attempt(x.exception))
    `,
    function* (log, loop) {
      const [f, g] = [loop.createFuture(), loop.createFuture()];
      f.setResult(1);
      g.setException(Boom);
      for (const x of [f, g]) {
        log(
          attempt(() => x.setResult(2)),
          attempt(() => x.setException(new Boom())),
          x.cancel(),
        );
        log(
          x.done(),
          x.cancelled(),
          attempt(() => x.result()),
          attempt(() => x.exception()),
        );
      }
    },
  ),
  scenario(
    "what is no exception cannot be set as one",
    `
    async def main(log, loop):
        f = loop.create_future()
        log(attempt(lambda: f.set_exception("no")), f.done())
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      log(
        attempt(() => f.setException("no" as never)),
        f.done(),
      );
    },
  ),
  scenario(
    "a cancelled future throws its message, each time anew",
    `
    async def main(log, loop):
        f = loop.create_future()
        log(f.cancel("why!"), f.cancel("again!"), f.cancelled())
        log(attempt(f.result), attempt(f.exception), attempt(f.result), await outcome(f))
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      log(f.cancel("why!"), f.cancel("again!"), f.cancelled());
      log(
        attempt(() => f.result()),
        attempt(() => f.exception()),
        attempt(() => f.result()),
        yield* outcome(f),
      );
    },
  ),
  scenario(
    "callbacks come through the ready queue, in order, with the future",
    `
    async def main(log, loop):
        f = log.called(loop.create_future(), "f")
        f.add_done_callback(lambda x: log("first", x))
        f.add_done_callback(lambda x: log("second", x))
        loop.call_soon(log, "soon before")
        f.set_result(None)
        loop.call_soon(log, "soon after")
        f.add_done_callback(lambda x: log("late", x))
        log("set")
        await asyncio.sleep(0)
        log("end")
    `,
    function* (log, loop) {
      const f = log.called(loop.createFuture(), "f");
      f.addDoneCallback((x) => log("first", x));
      f.addDoneCallback((x) => log("second", x));
      loop.callSoon(log, "soon before");
      f.setResult(undefined);
      loop.callSoon(log, "soon after");
      f.addDoneCallback((x) => log("late", x));
      log("set");
      yield* sleep(0);
      log("end");
    },
  ),
  scenario(
    "removing a callback removes all its entries, and none that is scheduled already",
    `
    async def main(log, loop):
        f, g = loop.create_future(), loop.create_future()
        one = lambda x: log("one")
        two = lambda x: log("two")
        for cb in (one, two, one):
            f.add_done_callback(cb)
            g.add_done_callback(cb)
        log(f.remove_done_callback(one), f.remove_done_callback(one))
        f.set_result(1)
        g.cancel()
        log(f.remove_done_callback(two), g.remove_done_callback(one))
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const [f, g] = [loop.createFuture(), loop.createFuture()];
      const one = (): void => log("one");
      const two = (): void => log("two");
      for (const cb of [one, two, one]) {
        f.addDoneCallback(cb);
        g.addDoneCallback(cb);
      }
      log(f.removeDoneCallback(one), f.removeDoneCallback(one));
      f.setResult(1);
      g.cancel();
      log(f.removeDoneCallback(two), g.removeDoneCallback(one));
      yield* sleep(0);
    },
  ),
  scenario(
    "a callback that is added while callbacks run comes later",
    `
    async def main(log, loop):
        f = loop.create_future()
        def cb(x):
            log("cb")
            x.add_done_callback(lambda _: log("inner"))
        f.add_done_callback(cb)
        f.add_done_callback(lambda _: log("next"))
        f.set_result(1)
        await asyncio.sleep(0)
        log("one pass")
        await asyncio.sleep(0)
        log("two passes")
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      f.addDoneCallback((x) => {
        log("cb");
        x.addDoneCallback(() => log("inner"));
      });
      f.addDoneCallback(() => log("next"));
      f.setResult(1);
      yield* sleep(0);
      log("one pass");
      yield* sleep(0);
      log("two passes");
    },
  ),
  scenario(
    "a callback's error is reported, and the others run",
    `
    async def main(log, loop):
        f = loop.create_future()
        def bad(x):
            raise Boom("bad!")
        f.add_done_callback(bad)
        f.add_done_callback(lambda _: log("good"))
        f.set_result(1)
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      f.addDoneCallback(() => {
        throw new Boom("bad!");
      });
      f.addDoneCallback(() => log("good"));
      f.setResult(1);
      yield* sleep(0);
    },
  ),
  scenario(
    "several tasks wait for one future and resume in their order, one pass after it is set",
    `
    async def main(log, loop):
        f = loop.create_future()
        async def waiter(n):
            log(n, "waits")
            log(n, await f)
        tasks = [asyncio.create_task(waiter(n)) for n in range(3)]
        await asyncio.sleep(tick)
        f.set_result("x")
        loop.call_soon(log, "soon")
        log("set")
        for t in tasks:
            await t
        log("all")
    `,
    function* (log, loop) {
      const f = loop.createFuture<string>();
      const tasks = [0, 1, 2].map((n) =>
        createTask(function* () {
          log(n, "waits");
          log(n, yield* f);
        }),
      );
      yield* sleep(tick);
      f.setResult("x");
      loop.callSoon(log, "soon");
      log("set");
      for (const t of tasks) yield* t;
      log("all");
    },
  ),
  scenario(
    "awaiting a future that is done takes no pass, a second time neither",
    `
    async def main(log, loop):
        f = loop.create_future()
        f.set_result(1)
        loop.call_soon(log, "soon")
        log(await f, await f)
        g = loop.create_future()
        g.set_exception(Boom("b!"))
        log(await outcome(g), await outcome(g))
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const f = loop.createFuture<number>();
      f.setResult(1);
      loop.callSoon(log, "soon");
      log(yield* f, yield* f);
      const g = loop.createFuture();
      g.setException(new Boom("b!"));
      log(yield* outcome(g), yield* outcome(g));
      yield* sleep(0);
    },
  ),
  scenario(
    "a future that is cancelled cancels all who wait, each with its message",
    `
    async def main(log, loop):
        f = loop.create_future()
        async def waiter(n):
            try:
                await f
            except asyncio.CancelledError as e:
                log(n, e, asyncio.current_task().cancelling())
                raise
        tasks = [asyncio.create_task(waiter(n)) for n in range(2)]
        await asyncio.sleep(0)
        f.cancel("gone!")
        for t in tasks:
            log(await outcome(t), t.cancelled(), t.cancelling())
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      const tasks = [0, 1].map((n) =>
        createTask(function* () {
          const e = yield* outcome(f);
          log(n, e, tasks[n]!.cancelling());
          throw e;
        }),
      );
      yield* sleep(0);
      f.cancel("gone!");
      for (const t of tasks) log(yield* outcome(t), t.cancelled(), t.cancelling());
    },
  ),
  scenario(
    "one waiter that is cancelled cancels the future for the others",
    `
    async def main(log, loop):
        f = loop.create_future()
        async def waiter(n):
            log(n, await outcome(f))
        a, b = [asyncio.create_task(waiter(n)) for n in "ab"]
        await asyncio.sleep(0)
        a.cancel("m!")
        await asyncio.sleep(tick)
        log(f.cancelled(), a.done(), b.done(), attempt(f.result))
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      const [a, b] = ["a", "b"].map((n) =>
        createTask(function* () {
          log(n, yield* outcome(f));
        }),
      );
      yield* sleep(0);
      a!.cancel("m!");
      yield* sleep(tick);
      log(
        f.cancelled(),
        a!.done(),
        b!.done(),
        attempt(() => f.result()),
      );
    },
  ),
  scenario(
    "a future can be failed with a CancelledError without being cancelled",
    `
    async def main(log, loop):
        f = loop.create_future()
        f.set_exception(asyncio.CancelledError("odd!"))
        log(f.cancelled(), await outcome(f))
        async def waiter():
            await f
        t = asyncio.create_task(waiter())
        await asyncio.sleep(0)
        log(t.cancelled(), attempt(t.result), attempt(t.result))
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      f.setException(new CancelledError("odd!"));
      log(f.cancelled(), yield* outcome(f));
      const t = createTask(function* () {
        yield* f;
      });
      yield* sleep(0);
      log(
        t.cancelled(),
        attempt(() => t.result()),
        attempt(() => t.result()),
      );
    },
  ),
  scenario(
    "a future made without a loop belongs to the running one",
    `
    async def main(log, loop):
        f = asyncio.Future()
        log(f.get_loop() is loop)
        loop.call_later(tick, f.set_exception, Bang("later!"))
        log(await outcome(f))
    `,
    function* (log, loop) {
      const f = new Future();
      log(f.getLoop() === loop);
      loop.callLater(tick, () => f.setException(new Bang("later!")));
      log(yield* outcome(f));
    },
  ),
];
