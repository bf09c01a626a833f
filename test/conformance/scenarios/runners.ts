// Scenarios of running: run_until_complete, stop, Runner, run, and what they leave behind.
import {
  CancelledError,
  ContextVar,
  copyContext,
  type Coroutine,
  createTask,
  currentTask,
  getRunningLoop,
  run,
  Runner,
  sleep,
  wrapFuture,
} from "../../../lib/index.ts";
import { attempt, Boom, outcome, type PlainScenario, plainScenario, settled, tick } from "./scenario.ts";

export const RUNNERS: PlainScenario[] = [
  plainScenario(
    "run_until_complete: results, errors, futures, and a loop that is stopped before",
    `
    def main(log, new_loop):
        loop = new_loop()
        async def good():
            await asyncio.sleep(tick)
            return "r"
        async def bad():
            raise Boom("b!")
        log(loop.run_until_complete(good()), loop.is_running())
        log(attempt(lambda: loop.run_until_complete(bad())))
        f = loop.create_future()
        loop.call_later(tick, f.set_result, "f")
        log(loop.run_until_complete(f))
        loop.call_later(tick, loop.stop)
        log(attempt(lambda: loop.run_until_complete(loop.create_future())))
        loop.close()
        log(attempt(lambda: loop.run_until_complete(f)), attempt(loop.run_forever))
    `,
    async (log, newLoop) => {
      const loop = newLoop();
      function* good(): Coroutine<string> {
        yield* sleep(tick);
        return "r";
      }
      function* bad(): Coroutine<void> {
        throw new Boom("b!");
      }
      log(await loop.runUntilComplete(good()), loop.isRunning());
      log(await settled(() => loop.runUntilComplete(bad())));
      const f = loop.createFuture<string>();
      loop.callLater(tick, () => f.setResult("f"));
      log(await loop.runUntilComplete(f));
      loop.callLater(tick, () => loop.stop());
      log(await settled(() => loop.runUntilComplete(loop.createFuture())));
      loop.close();
      log(await settled(() => loop.runUntilComplete(f)), await settled(() => loop.runForever()));
    },
  ),
  plainScenario(
    "stop: the pass is finished, the rest waits for the next run; a stop before the run gives one pass",
    `
    def main(log, new_loop):
        loop = new_loop()
        def first():
            log("first")
            loop.stop()
            loop.call_soon(log, "next run")
        loop.call_soon(first)
        loop.call_soon(log, "same pass")
        loop.run_forever()
        log("stopped")
        loop.call_later(tick, log, "timer")
        loop.stop()
        loop.run_forever()
        log("again")
        loop.call_later(2 * tick, loop.stop)
        loop.run_forever()
        loop.close()
    `,
    async (log, newLoop) => {
      const loop = newLoop();
      loop.callSoon(() => {
        log("first");
        loop.stop();
        loop.callSoon(log, "next run");
      });
      loop.callSoon(log, "same pass");
      await loop.runForever();
      log("stopped");
      loop.callLater(tick, log, "timer");
      loop.stop();
      await loop.runForever();
      log("again");
      loop.callLater(2 * tick, () => loop.stop());
      await loop.runForever();
      loop.close();
    },
  ),
  plainScenario(
    "run: what is left is cancelled and waited for, its errors are reported",
    `
    def main(log, new_loop):
        async def left(n, end):
            try:
                await asyncio.sleep(99)
            except asyncio.CancelledError as e:
                log(n, e, asyncio.current_task().cancelling())
                await asyncio.sleep(n * tick)
                log(n, "cleaned")
                if end is not None:
                    raise end
        async def body():
            for n, end in ((1, None), (2, Boom("left!")), (0, asyncio.CancelledError("c!"))):
                asyncio.create_task(left(n, end))
            await asyncio.sleep(tick)
            log("body ends")
            return "r"
        log(asyncio.run(body(), loop_factory=new_loop))
        async def fails():
            asyncio.create_task(left(1, None))
            await asyncio.sleep(0)
            raise Boom("main!")
        log(attempt(lambda: asyncio.run(fails(), loop_factory=new_loop)))
    `,
    async (log, newLoop) => {
      function* left(n: number, end?: Error): Coroutine<void> {
        const e = yield* outcome(sleep(99));
        log(n, e, currentTask()!.cancelling());
        yield* sleep(n * tick);
        log(n, "cleaned");
        if (end !== undefined) throw end;
      }
      function* body(): Coroutine<string> {
        createTask(left(1));
        createTask(left(2, new Boom("left!")));
        createTask(left(0, new CancelledError("c!")));
        yield* sleep(tick);
        log("body ends");
        return "r";
      }
      log(await run(body(), { loopFactory: newLoop }));
      function* fails(): Coroutine<void> {
        createTask(left(1));
        yield* sleep(0);
        throw new Boom("main!");
      }
      log(await settled(() => run(fails(), { loopFactory: newLoop })));
    },
  ),
  plainScenario(
    "run: not inside a running loop, and nothing that cannot be awaited",
    `
    def main(log, new_loop):
        async def inner():
            pass
        async def body():
            c = inner()
            log(attempt(lambda: asyncio.run(c)))
            c.close()
        asyncio.run(body(), loop_factory=new_loop)
        log(attempt(lambda: asyncio.run(1, loop_factory=new_loop)))
        async def cancelled():
            asyncio.current_task().cancel("self!")
            await asyncio.sleep(0)
        log(attempt(lambda: asyncio.run(cancelled(), loop_factory=new_loop)))
    `,
    async (log, newLoop) => {
      function* inner(): Coroutine<void> {
        // Never runs.
      }
      function* body(): Coroutine<void> {
        log(yield* outcome(wrapFuture(run(inner()))));
      }
      await run(body(), { loopFactory: newLoop });
      log(await settled(() => run(1 as never, { loopFactory: newLoop })));
      function* cancelled(): Coroutine<void> {
        currentTask()!.cancel("self!");
        yield* sleep(0);
      }
      log(await settled(() => run(cancelled(), { loopFactory: newLoop })));
    },
  ),
  plainScenario(
    "runner: one loop and one context for all its runs, made when first needed",
    `
    def main(log, new_loop):
        v = contextvars.ContextVar("v", default=0)
        made = []
        def factory():
            log("made")
            made.append(new_loop())
            return made[-1]
        runner = asyncio.Runner(loop_factory=factory)
        log("nothing yet")
        async def body(n):
            log(asyncio.get_running_loop() is made[0], v.get())
            v.set(n)
            return n
        log(runner.run(body(1)), runner.run(body(2)), runner.get_loop() is made[0], v.get())
        ctx = contextvars.copy_context()
        log(runner.run(body(3), context=ctx), ctx[v], runner.run(body(4)))
        runner.close()
        runner.close()
        log(made[0].is_closed(), attempt(runner.get_loop))
        c = body(5)
        log(attempt(lambda: runner.run(c)))
        c.close()
        unused = asyncio.Runner(loop_factory=factory)
        unused.close()
        with asyncio.Runner(loop_factory=factory) as r:
            log(r.get_loop().is_closed())
    `,
    async (log, newLoop) => {
      const v = new ContextVar<number>("v", { default: 0 });
      const made: unknown[] = [];
      const factory = (): ReturnType<typeof newLoop> => {
        log("made");
        const loop = newLoop();
        made.push(loop);
        return loop;
      };
      const runner = new Runner({ loopFactory: factory });
      log("nothing yet");
      function* body(n: number): Coroutine<number> {
        log(getRunningLoop() === made[0], v.get());
        v.set(n);
        return n;
      }
      log(await runner.run(body(1)), await runner.run(body(2)), runner.getLoop() === made[0], v.get());
      const ctx = copyContext();
      log(await runner.run(body(3), { context: ctx }), ctx.get(v), await runner.run(body(4)));
      await runner.close();
      await runner.close();
      log(
        (made[0] as ReturnType<typeof newLoop>).isClosed(),
        attempt(() => runner.getLoop()),
      );
      log(await settled(() => runner.run(body(5))));
      const unused = new Runner({ loopFactory: factory });
      await unused.close();
      const r = await new Runner({ loopFactory: factory }).aenter();
      log(r.getLoop().isClosed());
      await r.close();
    },
  ),
  plainScenario(
    "a loop that is closed drops what was scheduled without running it",
    `
    def main(log, new_loop):
        loop = new_loop()
        loop.call_soon(log, "never")
        loop.call_later(tick, log, "never")
        log(loop.is_closed())
        loop.close()
        log(loop.is_closed())
    `,
    async (log, newLoop) => {
      const loop = newLoop();
      loop.callSoon(log, "never");
      loop.callLater(tick, log, "never");
      log(loop.isClosed());
      loop.close();
      log(loop.isClosed());
    },
  ),
];
