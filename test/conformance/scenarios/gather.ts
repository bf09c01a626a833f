// Scenarios of gather().
import { type Coroutine, createTask, gather, newEventLoop, sleep } from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

/** Sleeps `n` ticks, logs it and gives it. */
const PYTHON_WORK = `
    async def work(log, n):
        try:
            await asyncio.sleep(n * tick)
        except asyncio.CancelledError as e:
            log(n, e)
            raise
        log("worked", n)
        return n
    async def fail(n):
        await asyncio.sleep(n * tick)
        raise Boom(f"{n}!")
`;

function* work(log: (...values: unknown[]) => void, n: number): Coroutine<number> {
  try {
    yield* sleep(n * tick);
  } catch (e) {
    log(n, e);
    throw e;
  }
  log("worked", n);
  return n;
}

function* fail(n: number): Coroutine<never> {
  yield* sleep(n * tick);
  throw new Boom(`${n}!`);
}

export const GATHER = [
  scenario(
    "gives results in the order of its arguments",
    `${PYTHON_WORK}
    async def main(log, loop):
        f = loop.create_future()
        loop.call_later(tick, f.set_result, "f")
        log(await asyncio.gather(work(log, 3), f, work(log, 1), asyncio.create_task(work(log, 2))))
        log(await asyncio.gather())
    `,
    function* (log, loop) {
      const f = loop.createFuture<string>();
      loop.callLater(tick, () => f.setResult("f"));
      log(yield* gather(work(log, 3), f, work(log, 1), createTask(work(log, 2))));
      log(yield* gather());
    },
  ),
  scenario(
    "starts its children at once, and is done at once when there are none",
    `${PYTHON_WORK}
    async def main(log, loop):
        g = asyncio.gather(work(log, 1))
        e = asyncio.gather()
        log(g.done(), e.done(), e.result())
        await asyncio.sleep(2 * tick)
        log(g.done(), g.result())
    `,
    function* (log) {
      const g = gather(work(log, 1));
      const e = gather();
      log(g.done(), e.done(), e.result());
      yield* sleep(2 * tick);
      log(g.done(), g.result());
    },
  ),
  scenario(
    "fails with the first error, while the others go on",
    `${PYTHON_WORK}
    async def main(log, loop):
        t = asyncio.create_task(fail(3))
        log(await outcome(asyncio.gather(work(log, 2), fail(1), t)))
        await asyncio.sleep(4 * tick)
        log(t.exception())
    `,
    function* (log) {
      const t = createTask(fail(3));
      log(yield* outcome(gather(work(log, 2), fail(1), t)));
      yield* sleep(4 * tick);
      log(t.exception());
    },
  ),
  scenario(
    "takes errors for results when asked to",
    `${PYTHON_WORK}
    async def main(log, loop):
        t = asyncio.create_task(work(log, 9))
        loop.call_later(2 * tick, t.cancel, "t!")
        log(await asyncio.gather(work(log, 1), fail(2), t, return_exceptions=True))
    `,
    function* (log, loop) {
      const t = createTask(work(log, 9));
      loop.callLater(2 * tick, () => t.cancel("t!"));
      log(yield* gather([work(log, 1), fail(2), t], { returnExceptions: true }));
    },
  ),
  scenario(
    "a cancelled child fails it, and it is not cancelled itself",
    `${PYTHON_WORK}
    async def main(log, loop):
        t = asyncio.create_task(work(log, 9))
        g = asyncio.gather(work(log, 2), t)
        loop.call_later(tick, t.cancel, "t!")
        log(await outcome(g))
        log(g.cancelled(), g.done(), g.exception())
        await asyncio.sleep(2 * tick)
    `,
    function* (log, loop) {
      const t = createTask(work(log, 9));
      const g = gather(work(log, 2), t);
      loop.callLater(tick, () => t.cancel("t!"));
      log(yield* outcome(g));
      log(g.cancelled(), g.done(), g.exception());
      yield* sleep(2 * tick);
    },
  ),
  scenario(
    "cancelling it cancels every child that is not done, message and all",
    `${PYTHON_WORK}
    async def main(log, loop):
        g = asyncio.gather(work(log, 1), work(log, 8), work(log, 9))
        await asyncio.sleep(2 * tick)
        log(g.cancel("all!"), g.done())
        log(await outcome(g), g.cancelled(), g.cancel())
    `,
    function* (log) {
      const g = gather(work(log, 1), work(log, 8), work(log, 9));
      yield* sleep(2 * tick);
      log(g.cancel("all!"), g.done());
      log(yield* outcome(g), g.cancelled(), g.cancel());
    },
  ),
  scenario(
    "cancelled, it ends with the first child that ends, or with all when errors are results",
    `${PYTHON_WORK}
    async def slow(log, n):
        try:
            await asyncio.sleep(9 * tick)
        finally:
            await asyncio.sleep(n * tick)
            log("cleaned", n)
    async def main(log, loop):
        for ret in (False, True):
            g = asyncio.gather(slow(log, 3), slow(log, 1), return_exceptions=ret)
            await asyncio.sleep(tick)
            g.cancel("g!")
            log(ret, await outcome(g), g.cancelled())
            await asyncio.sleep(4 * tick)
    `,
    function* (log) {
      function* slow(n: number): Coroutine<void> {
        try {
          yield* sleep(9 * tick);
        } finally {
          yield* sleep(n * tick);
          log("cleaned", n);
        }
      }
      for (const returnExceptions of [false, true]) {
        const g = gather([slow(3), slow(1)], { returnExceptions });
        yield* sleep(tick);
        g.cancel("g!");
        log(returnExceptions, yield* outcome(g), g.cancelled());
        yield* sleep(4 * tick);
      }
    },
  ),
  scenario(
    "children that refuse to be cancelled still make it raise CancelledError when errors are results",
    `${PYTHON_WORK}
    async def stubborn(n):
        try:
            await asyncio.sleep(9 * tick)
        except asyncio.CancelledError:
            pass
        return n
    async def main(log, loop):
        for ret in (True, False):
            g = asyncio.gather(stubborn(1), stubborn(2), return_exceptions=ret)
            await asyncio.sleep(tick)
            log(g.cancel("g!"), await outcome(g))
    `,
    function* (log) {
      function* stubborn(n: number): Coroutine<number> {
        yield* outcome(sleep(9 * tick));
        return n;
      }
      for (const returnExceptions of [true, false]) {
        const g = gather([stubborn(1), stubborn(2)], { returnExceptions });
        yield* sleep(tick);
        log(g.cancel("g!"), yield* outcome(g));
      }
    },
  ),
  scenario(
    "a child given twice runs once and is reported twice",
    `${PYTHON_WORK}
    async def main(log, loop):
        c = work(log, 1)
        t = asyncio.create_task(work(log, 2))
        log(await asyncio.gather(c, t, c, t))
        u = asyncio.create_task(work(log, 9))
        g = asyncio.gather(u, u)
        await asyncio.sleep(tick)
        g.cancel("g!")
        log(u.cancelling(), await outcome(g), u.cancelling())
    `,
    function* (log) {
      const c = work(log, 1);
      const t = createTask(work(log, 2));
      log(yield* gather(c, t, c, t));
      const u = createTask(work(log, 9));
      const g = gather(u, u);
      yield* sleep(tick);
      g.cancel("g!");
      log(u.cancelling(), yield* outcome(g), u.cancelling());
    },
  ),
  scenario(
    "a done child counts, and when all are done it is done at once",
    `${PYTHON_WORK}
    async def main(log, loop):
        t, u = asyncio.create_task(work(log, 0)), asyncio.create_task(fail(0))
        await asyncio.sleep(tick)
        log(await asyncio.gather(t, work(log, 1)))
        g, h = asyncio.gather(t, t), asyncio.gather(t, u)
        log(g.done(), h.done())
        log(await g, await outcome(h))
    `,
    function* (log) {
      const [t, u] = [createTask(work(log, 0)), createTask(fail(0))];
      yield* sleep(tick);
      log(yield* gather(t, work(log, 1)));
      const [g, h] = [gather(t, t), gather(t, u)];
      log(g.done(), h.done());
      log(yield* g, yield* outcome(h));
    },
  ),
  scenario(
    "an outer task that is cancelled cancels the children, and a nested gather hands it on",
    `${PYTHON_WORK}
    async def main(log, loop):
        async def outer():
            await asyncio.gather(work(log, 8), asyncio.gather(work(log, 7), work(log, 1)))
        t = asyncio.create_task(outer())
        await asyncio.sleep(2 * tick)
        t.cancel("outer!")
        log(await outcome(t), t.cancelled())
    `,
    function* (log) {
      const t = createTask(function* () {
        yield* gather(work(log, 8), gather(work(log, 7), work(log, 1)));
      });
      yield* sleep(2 * tick);
      t.cancel("outer!");
      log(yield* outcome(t), t.cancelled());
    },
  ),
  scenario(
    "cancelling it when it has failed leaves the others alone",
    `${PYTHON_WORK}
    async def main(log, loop):
        g = asyncio.gather(fail(1), work(log, 3))
        log(await outcome(g), g.cancel())
        await asyncio.sleep(3 * tick)
    `,
    function* (log) {
      const g = gather(fail(1), work(log, 3));
      log(yield* outcome(g), g.cancel());
      yield* sleep(3 * tick);
    },
  ),
  scenario(
    "what cannot be awaited is refused",
    `${PYTHON_WORK}
    async def main(log, loop):
        other = type(loop)()
        log(attempt(lambda: asyncio.gather(1)))
        log(attempt(lambda: asyncio.gather(loop.create_future(), other.create_future())))
        other.close()
    `,
    function* (log, loop) {
      const other = newEventLoop();
      log(attempt(() => gather(1 as never)));
      log(attempt(() => gather(loop.createFuture(), other.createFuture())));
      other.close();
    },
  ),
];
