// Scenarios of tasks: order of steps, results, names, mistakes.
import {
  allTasks,
  coroutine,
  createTask,
  currentTask,
  ensureFuture,
  newEventLoop,
  Queue,
  sleep,
} from "../../../lib/index.ts";
import type { Coroutine } from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

export const TASKS = [
  scenario(
    "first steps come in the order of scheduling, mixed with plain callbacks",
    `
    async def main(log, loop):
        async def t(n):
            log(n, "first")
            await asyncio.sleep(0)
            log(n, "second")
        loop.call_soon(log, "cs1")
        asyncio.create_task(t("t1"))
        loop.call_soon(log, "cs2")
        asyncio.create_task(t("t2"))
        log("scheduled")
        for n in range(3):
            await asyncio.sleep(0)
            log("pass", n)
    `,
    function* (log, loop) {
      function* t(n: string): Coroutine<void> {
        log(n, "first");
        yield* sleep(0);
        log(n, "second");
      }
      loop.callSoon(log, "cs1");
      createTask(t("t1"));
      loop.callSoon(log, "cs2");
      createTask(t("t2"));
      log("scheduled");
      for (let n = 0; n < 3; n++) {
        yield* sleep(0);
        log("pass", n);
      }
    },
  ),
  scenario(
    "who awaits a task resumes two passes after what the task waits for",
    `
    async def main(log, loop):
        f = loop.create_future()
        async def inner():
            await f
            log("inner")
            return "r"
        async def outer():
            log("outer", await asyncio.create_task(inner()))
        asyncio.create_task(outer())
        await asyncio.sleep(tick)
        f.set_result(1)
        for n in range(4):
            log("pass", n)
            await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const f = loop.createFuture();
      function* inner(): Coroutine<string> {
        yield* f;
        log("inner");
        return "r";
      }
      createTask(function* () {
        log("outer", yield* createTask(inner()));
      });
      yield* sleep(tick);
      f.setResult(1);
      for (let n = 0; n < 4; n++) {
        log("pass", n);
        yield* sleep(0);
      }
    },
  ),
  scenario(
    "a task's result, its error, and what it says before",
    `
    async def main(log, loop):
        async def good():
            return 1
        async def bad():
            raise Boom("b!")
        g, b = asyncio.create_task(good()), asyncio.create_task(bad())
        log(attempt(g.result), attempt(b.exception), g.done())
        await asyncio.sleep(0)
        log(g.result(), g.exception(), g.cancelled(), g.cancel(), g.cancelling())
        log(attempt(b.result), b.exception(), b.cancelled(), b.cancel(), b.cancelling())
        log(await outcome(b), await outcome(b))
    `,
    function* (log) {
      const g = createTask(function* () {
        return 1;
      });
      const b = createTask(function* () {
        throw new Boom("b!");
      });
      log(
        attempt(() => g.result()),
        attempt(() => b.exception()),
        g.done(),
      );
      yield* sleep(0);
      log(g.result(), g.exception(), g.cancelled(), g.cancel(), g.cancelling());
      log(
        attempt(() => b.result()),
        b.exception(),
        b.cancelled(),
        b.cancel(),
        b.cancelling(),
      );
      log(yield* outcome(b), yield* outcome(b));
    },
  ),
  scenario(
    "nothing can be set on a task from outside",
    `
    async def main(log, loop):
        t = asyncio.create_task(asyncio.sleep(0))
        log(attempt(lambda: t.set_result(1)), attempt(lambda: t.set_exception(Boom())))
        await t
    `,
    function* (log) {
      const t = createTask(sleep(0));
      log(
        attempt(() => t.setResult(undefined)),
        attempt(() => t.setException(new Boom())),
      );
      yield* t;
    },
  ),
  scenario(
    "a task that awaits itself gets an error and can go on",
    `
    async def main(log, loop):
        async def selfish():
            try:
                await t
            except RuntimeError as e:
                log(e)
            await asyncio.sleep(tick)
            return "on"
        t = asyncio.create_task(selfish())
        log(await t)
    `,
    function* (log) {
      // eslint-disable-next-line prefer-const -- the coroutine names the task it runs in
      let t: ReturnType<typeof createTask<Coroutine<string>>>;
      function* selfish(): Coroutine<string> {
        const error = yield* outcome(t);
        log(error);
        yield* sleep(tick);
        return "on";
      }
      t = createTask(selfish());
      log(yield* t);
    },
  ),
  scenario(
    "another loop's future cannot be awaited",
    `
    async def main(log, loop):
        other = asyncio.new_event_loop() if False else type(loop)()
        f = other.create_future()
        log(await outcome(f))
        log(attempt(lambda: asyncio.ensure_future(f, loop=loop)))
        log(asyncio.ensure_future(f) is f)
        other.close()
    `,
    function* (log, loop) {
      const other = newEventLoop();
      const f = other.createFuture();
      log(yield* outcome(f));
      log(attempt(() => ensureFuture(f, { loop })));
      log(ensureFuture(f) === f);
      other.close();
    },
  ),
  scenario(
    "what is no coroutine cannot be a task",
    `
    async def main(log, loop):
        log(attempt(lambda: asyncio.create_task(1)), attempt(lambda: asyncio.create_task(loop.create_future())))
        log(attempt(lambda: asyncio.ensure_future(1)))
    `,
    function* (log, loop) {
      log(
        attempt(() => createTask(1 as never)),
        attempt(() => createTask(loop.createFuture() as never)),
      );
      log(attempt(() => ensureFuture(1 as never)));
    },
  ),
  scenario(
    "names are given, changed, and made text",
    `
    async def main(log, loop):
        t = asyncio.create_task(asyncio.sleep(0), name="n")
        u = asyncio.create_task(asyncio.sleep(0), name=7)
        log(t.get_name(), u.get_name(), u.get_name() == "7")
        t.set_name(8)
        log(t.get_name(), t.get_name() == "8")
        await t
        log(t.get_name())
    `,
    function* (log) {
      const t = createTask(sleep(0), { name: "n" });
      const u = createTask(sleep(0), { name: 7 as never });
      log(t.getName(), u.getName(), u.getName() === "7");
      t.setName(8 as never);
      log(t.getName(), t.getName() === "8");
      yield* t;
      log(t.getName());
    },
  ),
  scenario(
    "unnamed tasks are numbered, and a given name takes no number",
    `
    async def main(log, loop):
        number = lambda task: int(task.get_name().removeprefix("Task-"))
        a = asyncio.create_task(asyncio.sleep(0))
        asyncio.create_task(asyncio.sleep(0), name="x")
        b = asyncio.create_task(asyncio.sleep(0))
        log(number(b) - number(a), a.get_name().startswith("Task-"))
    `,
    function* (log) {
      const number = (task: { getName(): string }): number => Number(task.getName().replace("Task-", ""));
      const a = createTask(sleep(0));
      createTask(sleep(0), { name: "x" });
      const b = createTask(sleep(0));
      log(number(b) - number(a), a.getName().startsWith("Task-"));
    },
  ),
  scenario(
    "there is a current task in steps, and none in callbacks",
    `
    async def main(log, loop):
        me = log.called(asyncio.current_task(), "main")
        async def t():
            log(asyncio.current_task() is u, asyncio.current_task(loop) is u)
            await asyncio.sleep(0)
            log(asyncio.current_task() is u)
        loop.call_soon(lambda: log(asyncio.current_task()))
        u = asyncio.create_task(t())
        u.add_done_callback(lambda _: log(asyncio.current_task()))
        await u
        log(asyncio.current_task() is me)
    `,
    function* (log, loop) {
      const me = log.called(currentTask()!, "main");
      function* t(): Coroutine<void> {
        log(currentTask() === u, currentTask(loop) === u);
        yield* sleep(0);
        log(currentTask() === u);
      }
      loop.callSoon(() => log(currentTask()));
      const u = createTask(t());
      u.addDoneCallback(() => log(currentTask()));
      yield* u;
      log(currentTask() === me);
    },
  ),
  scenario(
    "all tasks are those that are not done",
    `
    async def main(log, loop):
        a = log.called(asyncio.create_task(asyncio.sleep(tick)), "a")
        b = log.called(asyncio.create_task(asyncio.sleep(2 * tick)), "b")
        both = lambda: [x in asyncio.all_tasks() for x in (a, b, asyncio.current_task())]
        log(both(), len(asyncio.all_tasks()))
        await a
        log(both())
        b.cancel()
        log(both())
        await asyncio.sleep(0)
        log(both(), len(asyncio.all_tasks(loop)))
    `,
    function* (log, loop) {
      const a = log.called(createTask(sleep(tick)), "a");
      const b = log.called(createTask(sleep(2 * tick)), "b");
      const both = (): boolean[] => [a, b, currentTask()!].map((x) => allTasks().has(x));
      log(both(), allTasks().size);
      yield* a;
      log(both());
      b.cancel();
      log(both());
      yield* sleep(0);
      log(both(), allTasks(loop).size);
    },
  ),
  scenario(
    "an error goes through several awaits, each of which may handle it",
    `
    async def main(log, loop):
        async def deep(n):
            if n == 0:
                await asyncio.sleep(tick)
                raise Boom("deep!")
            try:
                return await deep(n - 1)
            except Boom as e:
                log(n, e)
                if n == 2:
                    return "saved"
                raise
            finally:
                log(n, "finally")
        log(await deep(3))
    `,
    function* (log) {
      function* deep(n: number): Coroutine<string> {
        if (n === 0) {
          yield* sleep(tick);
          throw new Boom("deep!");
        }
        try {
          return yield* deep(n - 1);
        } catch (e) {
          log(n, e);
          if (n === 2) return "saved";
          throw e;
        } finally {
          log(n, "finally");
        }
      }
      log(yield* deep(3));
    },
  ),
  scenario(
    "a coroutine can be awaited once",
    `
    async def main(log, loop):
        async def f():
            return "v"
        c = f()
        log(await c)
        log(await outcome(c))
        q = asyncio.Queue().join()
        log(await q)
        log(await outcome(q))
    `,
    function* (log) {
      // A plain generator cannot tell; what coroutine() makes, and what the library returns, can.
      const c = coroutine(function* () {
        return "v";
      })();
      log(yield* c);
      log(yield* outcome(c));
      const q = new Queue().join();
      log(yield* q);
      log(yield* outcome(q));
    },
  ),
  scenario(
    "a task that is being awaited by many gives each its result",
    `
    async def main(log, loop):
        async def work():
            await asyncio.sleep(tick)
            return "w"
        t = asyncio.create_task(work())
        async def waiter(n):
            log(n, await t)
        await asyncio.gather(*[waiter(n) for n in range(3)])
        log(await t)
    `,
    function* (log) {
      const t = createTask(function* () {
        yield* sleep(tick);
        return "w";
      });
      function* waiter(n: number): Coroutine<void> {
        log(n, yield* t);
      }
      for (const u of [0, 1, 2].map((n) => createTask(waiter(n)))) yield* u;
      log(yield* t);
    },
  ),
];
