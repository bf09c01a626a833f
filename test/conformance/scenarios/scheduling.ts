// Scenarios of the loop itself: the ready queue, timers, handles, the exception handler.
import {
  CancelledError,
  type Coroutine,
  createTask,
  getRunningLoop,
  newEventLoop,
  sleep,
  wrapFuture,
} from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

/** What Python raises at once comes as a rejection here. */
function* rejection(promise: Promise<unknown>): Coroutine<unknown> {
  return yield* outcome(wrapFuture(promise));
}

export const SCHEDULING = [
  scenario(
    "what a callback schedules runs in the next pass",
    `
    async def main(log, loop):
        def cb(n):
            log("cb", n)
            if n < 3:
                loop.call_soon(cb, n + 1)
        loop.call_soon(cb, 0)
        loop.call_soon(log, "other")
        for n in range(5):
            await asyncio.sleep(0)
            log("pass", n)
    `,
    function* (log, loop) {
      const cb = (n: number): void => {
        log("cb", n);
        if (n < 3) loop.callSoon(cb, n + 1);
      };
      loop.callSoon(cb, 0);
      loop.callSoon(log, "other");
      for (let n = 0; n < 5; n++) {
        yield* sleep(0);
        log("pass", n);
      }
    },
  ),
  scenario(
    "timers fire by deadline, equal ones by age, and after what is ready",
    `
    async def main(log, loop):
        loop.call_later(2 * tick, log, "2a")
        loop.call_later(1 * tick, log, "1a")
        loop.call_at(loop.time() + 2 * tick, log, "2b")
        loop.call_at(loop.time() + 1 * tick, log, "1b")
        loop.call_later(2 * tick, log, "2c")
        loop.call_later(0, log, "0a")
        loop.call_later(-5, log, "past")
        loop.call_soon(log, "soon")
        await asyncio.sleep(0)
        log("pass")
        await asyncio.sleep(3 * tick)
    `,
    function* (log, loop) {
      loop.callLater(2 * tick, log, "2a");
      loop.callLater(1 * tick, log, "1a");
      loop.callAt(loop.time() + 2 * tick, log, "2b");
      loop.callAt(loop.time() + 1 * tick, log, "1b");
      loop.callLater(2 * tick, log, "2c");
      loop.callLater(0, log, "0a");
      loop.callLater(-5, log, "past");
      loop.callSoon(log, "soon");
      yield* sleep(0);
      log("pass");
      yield* sleep(3 * tick);
    },
  ),
  scenario(
    "a timer that is due while a chain of callbacks runs comes between them",
    `
    async def main(log, loop):
        def chain(n):
            log("chain", n)
            if n == 1:
                loop.call_later(0, log, "timer")
            if n < 4:
                loop.call_soon(chain, n + 1)
        chain(0)
        await asyncio.sleep(tick)
    `,
    function* (log, loop) {
      const chain = (n: number): void => {
        log("chain", n);
        if (n === 1) loop.callLater(0, log, "timer");
        if (n < 4) loop.callSoon(chain, n + 1);
      };
      chain(0);
      yield* sleep(tick);
    },
  ),
  scenario(
    "handles are cancelled before they run, also in the pass that would run them",
    `
    async def main(log, loop):
        a = loop.call_soon(log, "a")
        b = loop.call_later(tick, log, "b")
        a.cancel()
        b.cancel()
        b.cancel()
        log(a.cancelled(), b.cancelled(), b.when() - loop.time() == tick)
        hs = []
        def first():
            log("first")
            for h in hs:
                h.cancel()
        for delay in (0, tick):
            loop.call_later(delay, first)
            hs.append(loop.call_later(delay, log, "never"))
        loop.call_soon(first)
        hs.append(loop.call_soon(log, "never"))
        await asyncio.sleep(2 * tick)
        log([h.cancelled() for h in hs])
    `,
    function* (log, loop) {
      const a = loop.callSoon(log, "a");
      const b = loop.callLater(tick, log, "b");
      a.cancel();
      b.cancel();
      b.cancel();
      log(a.cancelled(), b.cancelled(), b.when() - loop.time() === tick);
      const hs: { cancel(): void; cancelled(): boolean }[] = [];
      const first = (): void => {
        log("first");
        for (const h of hs) h.cancel();
      };
      for (const delay of [0, tick]) {
        loop.callLater(delay, first);
        hs.push(loop.callLater(delay, log, "never"));
      }
      loop.callSoon(first);
      hs.push(loop.callSoon(log, "never"));
      yield* sleep(2 * tick);
      log(hs.map((h) => h.cancelled()));
    },
  ),
  scenario(
    "a handle that has run is not cancelled, and can still be",
    `
    async def main(log, loop):
        a, b = loop.call_soon(log, "a"), loop.call_later(tick, log, "b")
        await asyncio.sleep(2 * tick)
        log(a.cancelled(), b.cancelled(), b.when() == tick)
        a.cancel()
        b.cancel()
        log(a.cancelled(), b.cancelled())
    `,
    function* (log, loop) {
      const [a, b] = [loop.callSoon(log, "a"), loop.callLater(tick, log, "b")];
      yield* sleep(2 * tick);
      log(a.cancelled(), b.cancelled(), b.when() === tick);
      a.cancel();
      b.cancel();
      log(a.cancelled(), b.cancelled());
    },
  ),
  scenario(
    "an error in a callback is reported, and the loop goes on",
    `
    async def main(log, loop):
        def bad():
            raise Boom("soon!")
        def late():
            raise ValueError("late!")
        loop.call_soon(bad)
        loop.call_soon(log, "next")
        loop.call_later(tick, late)
        loop.call_later(tick, log, "next timer")
        await asyncio.sleep(2 * tick)
    `,
    function* (log, loop) {
      loop.callSoon(() => {
        throw new Boom("soon!");
      });
      loop.callSoon(log, "next");
      loop.callLater(tick, () => {
        throw new RangeError("late!");
      });
      loop.callLater(tick, log, "next timer");
      yield* sleep(2 * tick);
    },
  ),
  scenario(
    "a CancelledError in a callback is an error as any other",
    `
    async def main(log, loop):
        def bad():
            raise asyncio.CancelledError("cb!")
        loop.call_soon(bad)
        await asyncio.sleep(tick)
        log("on")
    `,
    function* (log, loop) {
      loop.callSoon(() => {
        throw new CancelledError("cb!");
      });
      yield* sleep(tick);
      log("on");
    },
  ),
  scenario(
    "the exception handler gets what is reported, and can be changed",
    `
    async def main(log, loop):
        old = loop.get_exception_handler()
        log(callable(old))
        loop.set_exception_handler(lambda l, c: log("mine", l is loop, c["message"], sorted(c)))
        loop.call_exception_handler({"message": "hello!", "extra": 1})
        loop.set_exception_handler(None)
        log(loop.get_exception_handler(), attempt(lambda: loop.set_exception_handler(1)))
        loop.set_exception_handler(old)
        loop.call_exception_handler({"message": "again!", "exception": Boom("e!")})
    `,
    function* (log, loop) {
      const old = loop.getExceptionHandler();
      log(typeof old === "function");
      loop.setExceptionHandler((l, c) => log("mine", l === loop, c.message, Object.keys(c).sort()));
      loop.callExceptionHandler({ message: "hello!", extra: 1 });
      loop.setExceptionHandler(null);
      log(
        loop.getExceptionHandler(),
        attempt(() => loop.setExceptionHandler(1 as never)),
      );
      loop.setExceptionHandler(old);
      loop.callExceptionHandler({ message: "again!", exception: new Boom("e!") });
    },
  ),
  scenario(
    "what cannot be scheduled is refused",
    `
    async def main(log, loop):
        log(attempt(lambda: loop.call_later(None, log)), attempt(lambda: loop.call_at(None, log)))
    `,
    function* (log, loop) {
      log(
        attempt(() => loop.callLater(null as never, log)),
        attempt(() => loop.callAt(null as never, log)),
      );
    },
  ),
  scenario(
    "a running loop can be neither run again nor closed",
    `
    async def main(log, loop):
        f = loop.create_future()
        log(loop.is_running(), loop.is_closed(), attempt(loop.close), attempt(loop.run_forever))
        log(attempt(lambda: loop.run_until_complete(f)), asyncio.get_running_loop() is loop)
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      log(
        loop.isRunning(),
        loop.isClosed(),
        attempt(() => loop.close()),
        yield* rejection(loop.runForever()),
      );
      log(yield* rejection(loop.runUntilComplete(f)), getRunningLoop() === loop);
    },
  ),
  scenario(
    "a closed loop takes nothing",
    `
    async def main(log, loop):
        other = type(loop)()
        other.close()
        other.close()
        log(other.is_closed(), other.is_running())
        log(attempt(lambda: other.call_soon(log)), attempt(lambda: other.call_later(1, log)))
    `,
    function* (log) {
      const other = newEventLoop();
      other.close();
      other.close();
      log(other.isClosed(), other.isRunning());
      log(
        attempt(() => other.callSoon(log)),
        attempt(() => other.callLater(1, log)),
      );
    },
  ),
  scenario(
    "sleeping for no time at all or less takes one pass and no timer",
    `
    async def main(log, loop):
        loop.call_soon(log, "soon")
        log(await asyncio.sleep(0, "r"))
        loop.call_later(0, log, "timer")
        log(await asyncio.sleep(-1, "neg"))
        log("then")
        await asyncio.sleep(0)
        log("end", await asyncio.sleep(tick, [1]))
        log(await outcome(asyncio.sleep(float("nan"))))
    `,
    function* (log, loop) {
      loop.callSoon(log, "soon");
      log(yield* sleep(0, "r"));
      loop.callLater(0, log, "timer");
      log(yield* sleep(-1, "neg"));
      log("then");
      yield* sleep(0);
      log("end", yield* sleep(tick, [1]));
      log(attempt(() => sleep(NaN)));
    },
  ),
  scenario(
    "many sleepers wake by time, those of one time by age",
    `
    async def main(log, loop):
        async def s(n):
            await asyncio.sleep((n * 7 % 5) * tick)
            log(n)
        await asyncio.wait([asyncio.create_task(s(n)) for n in range(12)])
    `,
    function* (log) {
      const tasks = Array.from({ length: 12 }, (_, n) =>
        createTask(function* () {
          yield* sleep(((n * 7) % 5) * tick);
          log(n);
        }),
      );
      for (const t of tasks) yield* t;
    },
  ),
];
