// Scenarios of TaskGroup with other blocks around it and inside, and of its misuse.
import {
  asyncWith,
  type Coroutine,
  createTask,
  eagerTaskFactory,
  ExceptionGroup,
  sleep,
  TaskGroup,
  timeout,
} from "../../../lib/index.ts";
import { cancelling, grouped, PYTHON, work } from "./group-members.ts";
import { attempt, Bang, Boom, outcome, scenario, tick } from "./scenario.ts";

export const NESTED_TASK_GROUPS = [
  scenario(
    "groups in groups: an inner failure, an outer failure (gh-116720), both",
    `${PYTHON}
    async def main(log, loop):
        async def nested(inner, outer):
            async with asyncio.TaskGroup() as a:
                a.create_task(work(log, outer, Boom("outer!")))
                try:
                    async with asyncio.TaskGroup() as b:
                        b.create_task(work(log, inner, Bang("inner!")))
                        await asyncio.sleep(9 * tick)
                except* Bang as e:
                    log("handled", e, cancelling())
                await asyncio.sleep(2 * tick)
                log("outer body ends")
        for inner, outer in ((1, 6), (6, 1), (1, 1), (1, 2)):
            log(await outcome(nested(inner, outer)), cancelling())
    `,
    function* (log) {
      function* nested(inner: number, outer: number): Coroutine<void> {
        yield* asyncWith(new TaskGroup(), function* (a) {
          a.createTask(work(log, outer, new Boom("outer!")));
          const e = yield* grouped(function* (b) {
            b.createTask(work(log, inner, new Bang("inner!")));
            yield* sleep(9 * tick);
          });
          if (!(e instanceof ExceptionGroup)) throw e;
          log("handled", e, cancelling());
          yield* sleep(2 * tick);
          log("outer body ends");
        });
      }
      for (const [inner, outer] of [
        [1, 6],
        [6, 1],
        [1, 1],
        [1, 2],
      ] as const) {
        log(yield* outcome(nested(inner, outer)), cancelling());
      }
    },
  ),
  scenario(
    "a timeout around a group, and a group around a timeout",
    `${PYTHON}
    async def main(log, loop):
        async def outside():
            async with asyncio.timeout(2 * tick):
                async with asyncio.TaskGroup() as g:
                    g.create_task(work(log, 5))
                    await asyncio.sleep(0)
        async def inside():
            async with asyncio.TaskGroup() as g:
                g.create_task(work(log, 5))
                async with asyncio.timeout(2 * tick):
                    await asyncio.sleep(9 * tick)
        async def failing():
            async with asyncio.timeout(2 * tick):
                async with asyncio.TaskGroup() as g:
                    g.create_task(work(log, 5, Boom("late!")))
        for f in (outside, inside, failing):
            log(await outcome(f()), cancelling())
            log(await outcome(asyncio.sleep(0)))
    `,
    function* (log) {
      function* outside(): Coroutine<unknown> {
        return yield* asyncWith(timeout(2 * tick), function* () {
          yield* asyncWith(new TaskGroup(), function* (g) {
            g.createTask(work(log, 5));
            yield* sleep(0);
          });
        });
      }
      function* inside(): Coroutine<unknown> {
        return yield* asyncWith(new TaskGroup(), function* (g) {
          g.createTask(work(log, 5));
          yield* asyncWith(timeout(2 * tick), function* () {
            yield* sleep(9 * tick);
          });
        });
      }
      function* failing(): Coroutine<unknown> {
        return yield* asyncWith(timeout(2 * tick), function* () {
          yield* asyncWith(new TaskGroup(), function* (g) {
            g.createTask(work(log, 5, new Boom("late!")));
          });
        });
      }
      for (const f of [outside, inside, failing]) {
        log(yield* outcome(f()), cancelling());
        log(yield* outcome(sleep(0)));
      }
    },
  ),
  scenario(
    "no tasks before it is entered, while it stops, after it has ended; no second entry",
    `${PYTHON}
    async def main(log, loop):
        g = asyncio.TaskGroup()
        log(attempt(lambda: g.create_task(work(log, 0))))
        try:
            async with g:
                g.create_task(work(log, 1, Boom("b!")))
                try:
                    await asyncio.sleep(9 * tick)
                finally:
                    log(attempt(lambda: g.create_task(work(log, 0))))
        except* Boom as e:
            log(e)
        log(attempt(lambda: g.create_task(work(log, 0))))
        log(await outcome(g.__aenter__()))
    `,
    function* (log) {
      const g = new TaskGroup();
      log(attempt(() => g.createTask(work(log, 0))));
      const e = yield* outcome(
        asyncWith(g, function* () {
          g.createTask(work(log, 1, new Boom("b!")));
          try {
            yield* sleep(9 * tick);
          } finally {
            log(attempt(() => g.createTask(work(log, 0))));
          }
        }),
      );
      log(e);
      log(attempt(() => g.createTask(work(log, 0))));
      log(yield* outcome(g.aenter()));
    },
  ),
  scenario(
    "the count of the parent is the same after as before, whatever happens inside (gh-95289)",
    `${PYTHON}
    async def main(log, loop):
        async def parent(end):
            me = asyncio.current_task()
            log(await outcome(asyncio.sleep(9 * tick)), cancelling())
            async def inside():
                async with asyncio.TaskGroup() as g:
                    g.create_task(work(log, 1, end))
                    await asyncio.sleep(3 * tick)
            log(await outcome(inside()), cancelling())
            log(await outcome(asyncio.sleep(0)), cancelling())
        for end in (None, Boom("end!")):
            t = asyncio.create_task(parent(end))
            await asyncio.sleep(tick)
            t.cancel("before!")
            await t
    `,
    function* (log) {
      function* parent(end?: Error): Coroutine<void> {
        log(yield* outcome(sleep(9 * tick)), cancelling());
        const inside = asyncWith(new TaskGroup(), function* (g) {
          g.createTask(work(log, 1, end));
          yield* sleep(3 * tick);
        });
        log(yield* outcome(inside), cancelling());
        log(yield* outcome(sleep(0)), cancelling());
      }
      for (const end of [undefined, new Boom("end!")]) {
        const t = createTask(parent(end));
        yield* sleep(tick);
        t.cancel("before!");
        yield* t;
      }
    },
  ),
  scenario(
    "eager tasks in a group: done, failed and waiting ones (gh-128550, gh-128588)",
    `${PYTHON}
    async def main(log, loop):
        loop.set_task_factory(asyncio.eager_task_factory)
        async def quick(n, end=None):
            log("quick", n)
            if end is not None:
                raise end
        async def run(end):
            async with asyncio.TaskGroup() as g:
                a = g.create_task(quick(1))
                b = g.create_task(quick(2, end))
                log(a.done(), b.done())
                c = g.create_task(work(log, 2))
                log("body", c.done())
                await asyncio.sleep(tick)
                log("body ends")
        for end in (None, Boom("e!")):
            log(await outcome(run(end)), cancelling())
    `,
    function* (log, loop) {
      loop.setTaskFactory(eagerTaskFactory);
      function* quick(n: number, end?: Error): Coroutine<void> {
        log("quick", n);
        if (end !== undefined) throw end;
      }
      for (const end of [undefined, new Boom("e!")]) {
        const e = yield* grouped(function* (g) {
          const a = g.createTask(quick(1));
          const b = g.createTask(quick(2, end));
          log(a.done(), b.done());
          const c = g.createTask(work(log, 2));
          log("body", c.done());
          yield* sleep(tick);
          log("body ends");
        });
        log(e, cancelling());
      }
    },
  ),
];
