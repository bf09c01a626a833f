// Scenarios of context variables: what is seen by tasks, callbacks and timers.
import {
  ContextVar,
  copyContext,
  type Coroutine,
  createTask,
  eagerTaskFactory,
  gather,
  shield,
  sleep,
  Token,
  waitFor,
} from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

export const CONTEXTS = [
  scenario(
    "variables: default, value, token, what is missing",
    `
    async def main(log, loop):
        v, w = contextvars.ContextVar("v", default="d"), contextvars.ContextVar("w")
        log(v.get(), isinstance(attempt(w.get), Exception), w.get("fallback"), v.name)
        t1 = v.set(1)
        t2 = v.set(2)
        log(v.get(), t2.old_value, t1.old_value is contextvars.Token.MISSING, t1.var is v)
        v.reset(t2)
        log(v.get())
        v.reset(t1)
        log(v.get(), attempt(lambda: v.reset(t1)))
        log(attempt(lambda: w.reset(v.set(3))))
    `,
    function* (log) {
      const [v, w] = [new ContextVar<unknown>("v", { default: "d" }), new ContextVar<unknown>("w")];
      log(v.get(), attempt(() => w.get()) instanceof Error, w.get("fallback"), v.name);
      const t1 = v.set(1);
      const t2 = v.set(2);
      log(v.get(), t2.oldValue, t1.oldValue === Token.MISSING, t1.var === v);
      v.reset(t2);
      log(v.get());
      v.reset(t1);
      log(
        v.get(),
        attempt(() => v.reset(t1)),
      );
      log(attempt(() => w.reset(v.set(3))));
    },
  ),
  scenario(
    "a task sees what was set when it was made, and keeps what it sets",
    `
    async def main(log, loop):
        v = contextvars.ContextVar("v", default=0)
        async def t(n):
            log(n, v.get())
            v.set(n)
            await asyncio.sleep(tick)
            log(n, v.get())
            async def nested():
                log(n, "nested", v.get())
                v.set("nested")
            await nested()
            log(n, v.get())
        v.set("main")
        a = asyncio.create_task(t("a"))
        v.set("later")
        b = asyncio.create_task(t("b"))
        await asyncio.wait([a, b])
        log(v.get(), a.get_context()[v], a.get_context().get(v))
    `,
    function* (log) {
      const v = new ContextVar<unknown>("v", { default: 0 });
      function* t(n: string): Coroutine<void> {
        log(n, v.get());
        v.set(n);
        yield* sleep(tick);
        log(n, v.get());
        function* nested(): Coroutine<void> {
          log(n, "nested", v.get());
          v.set("nested");
        }
        yield* nested();
        log(n, v.get());
      }
      v.set("main");
      const a = createTask(t("a"));
      v.set("later");
      const b = createTask(t("b"));
      yield* a;
      yield* b;
      log(v.get(), a.getContext().get(v), a.getContext().get(v));
    },
  ),
  scenario(
    "callbacks, timers and done-callbacks see what was set when they were registered",
    `
    async def main(log, loop):
        v = contextvars.ContextVar("v", default=0)
        f = loop.create_future()
        def cb(name):
            log(name, v.get())
            v.set(f"{name} was here")
        for n in (1, 2):
            v.set(n)
            loop.call_soon(cb, f"soon{n}")
            loop.call_later(tick, cb, f"later{n}")
            f.add_done_callback(lambda _, n=n: cb(f"done{n}"))
        v.set("end")
        f.set_result(None)
        await asyncio.sleep(2 * tick)
        log(v.get())
    `,
    function* (log, loop) {
      const v = new ContextVar<unknown>("v", { default: 0 });
      const f = loop.createFuture();
      const cb = (name: string): void => {
        log(name, v.get());
        v.set(`${name} was here`);
      };
      for (const n of [1, 2]) {
        v.set(n);
        loop.callSoon(cb, `soon${n}`);
        loop.callLater(tick, cb, `later${n}`);
        f.addDoneCallback(() => cb(`done${n}`));
      }
      v.set("end");
      f.setResult(undefined);
      yield* sleep(2 * tick);
      log(v.get());
    },
  ),
  scenario(
    "a context can be given, and is shared by all who are given it",
    `
    async def main(log, loop):
        v = contextvars.ContextVar("v", default=0)
        v.set("copied")
        ctx = contextvars.copy_context()
        v.set("main")
        async def t(n):
            log(n, v.get())
            v.set(n)
            await asyncio.sleep(tick)
            log(n, v.get())
        a = asyncio.create_task(t("a"), context=ctx)
        b = asyncio.create_task(t("b"), context=ctx)
        loop.call_soon(lambda: (log("soon", v.get()), v.set("soon")), context=ctx)
        loop.call_later(2 * tick, lambda: log("later", v.get()), context=ctx)
        a.add_done_callback(lambda _: log("done", v.get()), context=ctx)
        log(a.get_context() is ctx)
        await asyncio.wait([a, b])
        await asyncio.sleep(2 * tick)
        log(v.get(), ctx[v], ctx.run(v.get))
        log(attempt(lambda: ctx.run(ctx.run, v.get)), len(list(ctx)) == len(ctx), v in ctx)
    `,
    function* (log, loop) {
      const v = new ContextVar<unknown>("v", { default: 0 });
      v.set("copied");
      const ctx = copyContext();
      v.set("main");
      function* t(n: string): Coroutine<void> {
        log(n, v.get());
        v.set(n);
        yield* sleep(tick);
        log(n, v.get());
      }
      const a = createTask(t("a"), { context: ctx });
      const b = createTask(t("b"), { context: ctx });
      loop.callSoon(
        () => {
          log("soon", v.get());
          v.set("soon");
        },
        { context: ctx },
      );
      loop.callLater(2 * tick, () => log("later", v.get()), { context: ctx });
      a.addDoneCallback(() => log("done", v.get()), { context: ctx });
      log(a.getContext() === ctx);
      yield* a;
      yield* b;
      yield* sleep(2 * tick);
      log(
        v.get(),
        ctx.get(v),
        ctx.run(() => v.get()),
      );
      log(
        attempt(() => ctx.run(() => ctx.run(() => v.get()))),
        [...ctx].length === ctx.size,
        ctx.has(v),
      );
    },
  ),
  scenario(
    "gather and eager tasks copy the context of who starts them",
    `
    async def main(log, loop):
        v = contextvars.ContextVar("v", default=0)
        async def t(n):
            log(n, v.get())
            v.set(n)
        v.set("main")
        await asyncio.gather(t("a"), t("b"))
        log(v.get())
        loop.set_task_factory(asyncio.eager_task_factory)
        asyncio.create_task(t("eager"))
        log(v.get())
        ctx = contextvars.copy_context()
        asyncio.create_task(t("given"), context=ctx)
        log(v.get(), ctx[v])
        async def own():
            await asyncio.sleep(0)
            v.set("own")
        await own()
        log(v.get())
        await asyncio.wait_for(t("wait_for"), tick)
        log(v.get(), await outcome(asyncio.shield(t("shield"))), v.get())
    `,
    function* (log, loop) {
      const v = new ContextVar<unknown>("v", { default: 0 });
      function* t(n: string): Coroutine<void> {
        log(n, v.get());
        v.set(n);
      }
      v.set("main");
      yield* gather(t("a"), t("b"));
      log(v.get());
      loop.setTaskFactory(eagerTaskFactory);
      createTask(t("eager"));
      log(v.get());
      const ctx = copyContext();
      createTask(t("given"), { context: ctx });
      log(v.get(), ctx.get(v));
      function* own(): Coroutine<void> {
        yield* sleep(0);
        v.set("own");
      }
      yield* own();
      log(v.get());
      yield* waitFor(t("wait_for"), tick);
      log(v.get(), yield* outcome(shield(t("shield"))), v.get());
    },
  ),
  scenario(
    "the exception handler runs in the context of what failed",
    `
    async def main(log, loop):
        v = contextvars.ContextVar("v", default=0)
        loop.set_exception_handler(lambda l, c: log(v.get(), c["exception"]))
        def bad():
            v.set("inside")
            raise Boom("b!")
        v.set("registered")
        loop.call_soon(bad)
        loop.call_later(tick, bad)
        v.set("main")
        await asyncio.sleep(2 * tick)
    `,
    function* (log, loop) {
      const v = new ContextVar<unknown>("v", { default: 0 });
      loop.setExceptionHandler((_l, c) => log(v.get(), c.exception));
      const bad = (): never => {
        v.set("inside");
        throw new Boom("b!");
      };
      v.set("registered");
      loop.callSoon(bad);
      loop.callLater(tick, bad);
      v.set("main");
      yield* sleep(2 * tick);
    },
  ),
];
