// Scenarios of TaskGroup.
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  ExceptionGroup,
  sleep,
  TaskGroup,
} from "../../../lib/index.ts";
import { cancelling, grouped, PYTHON, work } from "./group-members.ts";
import { Bang, Boom, outcome, scenario, tick } from "./scenario.ts";

export const TASK_GROUPS = [
  scenario(
    "waits for all its tasks, also for those that tasks add",
    `${PYTHON}
    async def main(log, loop):
        async with asyncio.TaskGroup() as g:
            async def adder():
                await asyncio.sleep(tick)
                g.create_task(work(log, 3))
                log("added")
            t = g.create_task(work(log, 2), name="t")
            g.create_task(adder())
            log("body ends", t.get_name())
        log("left", t.result())
    `,
    function* (log) {
      let t: ReturnType<typeof createTask<Coroutine<number>>>;
      yield* asyncWith(new TaskGroup(), function* (g) {
        t = g.createTask(work(log, 2), { name: "t" });
        g.createTask(function* () {
          yield* sleep(tick);
          g.createTask(work(log, 3));
          log("added");
        });
        log("body ends", t.getName());
      });
      log("left", t!.result());
    },
  ),
  scenario(
    "without tasks it takes no pass",
    `${PYTHON}
    async def main(log, loop):
        loop.call_soon(log, "soon")
        async with asyncio.TaskGroup():
            log("body")
        log("left")
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      loop.callSoon(log, "soon");
      yield* asyncWith(new TaskGroup(), function* () {
        log("body");
      });
      log("left");
      yield* sleep(0);
    },
  ),
  scenario(
    "one failure stops the others and the body, all errors come together",
    `${PYTHON}
    async def main(log, loop):
        try:
            async with asyncio.TaskGroup() as g:
                g.create_task(work(log, 1, Boom("one!")))
                g.create_task(work(log, 5))
                g.create_task(work(log, 6, Bang("six!")))
                log(await outcome(asyncio.sleep(9 * tick)), cancelling())
                await asyncio.sleep(tick)
                log("body went on")
        except ExceptionGroup as e:
            log(e, cancelling())
        await asyncio.sleep(tick)
        log("on")
    `,
    function* (log) {
      const e = yield* grouped(function* (g) {
        g.createTask(work(log, 1, new Boom("one!")));
        g.createTask(work(log, 5));
        g.createTask(work(log, 6, new Bang("six!")));
        log(yield* outcome(sleep(9 * tick)), cancelling());
        yield* sleep(tick);
        log("body went on");
      });
      log(e, cancelling());
      yield* sleep(tick);
      log("on");
    },
  ),
  scenario(
    "a failure while the group waits at its end does not cancel the parent's next await",
    `${PYTHON}
    async def main(log, loop):
        log(await outcome(run(log)), cancelling())
        await asyncio.sleep(tick)
        log("on")
    async def run(log):
        async with asyncio.TaskGroup() as g:
            g.create_task(work(log, 1, Boom("one!")))
            g.create_task(work(log, 3))
    `,
    function* (log) {
      const e = yield* grouped(function* (g) {
        g.createTask(work(log, 1, new Boom("one!")));
        g.createTask(work(log, 3));
      });
      log(e, cancelling());
      yield* sleep(tick);
      log("on");
    },
  ),
  scenario(
    "the body's error stops the tasks, and is in the group",
    `${PYTHON}
    async def main(log, loop):
        try:
            async with asyncio.TaskGroup() as g:
                g.create_task(work(log, 3))
                g.create_task(work(log, 4, Bang("four!")))
                await asyncio.sleep(tick)
                raise Boom("body!")
        except* Boom as e:
            log("Boom", e)
        except* Bang as e:
            log("Bang", e)
        log(cancelling())
    `,
    function* (log) {
      const e = yield* grouped(function* (g) {
        g.createTask(work(log, 3));
        g.createTask(work(log, 4, new Bang("four!")));
        yield* sleep(tick);
        throw new Boom("body!");
      });
      const [booms, rest] = (e as ExceptionGroup).split(Boom);
      log("Boom", booms);
      log("Bang", rest);
      log(cancelling());
    },
  ),
  scenario(
    "a task that is cancelled is no failure",
    `${PYTHON}
    async def main(log, loop):
        async with asyncio.TaskGroup() as g:
            t = g.create_task(work(log, 5))
            g.create_task(work(log, 2))
            await asyncio.sleep(tick)
            t.cancel("t!")
        log("left", t.cancelled(), cancelling())
    `,
    function* (log) {
      let t: ReturnType<typeof createTask<Coroutine<number>>>;
      yield* asyncWith(new TaskGroup(), function* (g) {
        t = g.createTask(work(log, 5));
        g.createTask(work(log, 2));
        yield* sleep(tick);
        t.cancel("t!");
      });
      log("left", t!.cancelled(), cancelling());
    },
  ),
  scenario(
    "a body that raises CancelledError itself stops the tasks and lets it out",
    `${PYTHON}
    async def main(log, loop):
        async def parent():
            async with asyncio.TaskGroup() as g:
                g.create_task(work(log, 3))
                await asyncio.sleep(tick)
                raise asyncio.CancelledError("own!")
        t = asyncio.create_task(parent())
        log(await outcome(t), t.cancelled(), t.cancelling())
    `,
    function* (log) {
      const t = createTask(function* () {
        yield* asyncWith(new TaskGroup(), function* (g) {
          g.createTask(work(log, 3));
          yield* sleep(tick);
          throw new CancelledError("own!");
        });
      });
      log(yield* outcome(t), t.cancelled(), t.cancelling());
    },
  ),
  scenario(
    "an outside cancellation stops the tasks, in the body and at the end",
    `${PYTHON}
    async def main(log, loop):
        async def parent(body):
            async with asyncio.TaskGroup() as g:
                g.create_task(work(log, 5))
                await asyncio.sleep(body * tick)
                log("body ends")
        for body in (4, 0):
            t = asyncio.create_task(parent(body))
            loop.call_later(2 * tick, t.cancel, "out!")
            log(await outcome(t), t.cancelling())
    `,
    function* (log, loop) {
      function* parent(body: number): Coroutine<void> {
        yield* asyncWith(new TaskGroup(), function* (g) {
          g.createTask(work(log, 5));
          yield* sleep(body * tick);
          log("body ends");
        });
      }
      for (const body of [4, 0]) {
        const t = createTask(parent(body));
        loop.callLater(2 * tick, () => t.cancel("out!"));
        log(yield* outcome(t), t.cancelling());
      }
    },
  ),
  scenario(
    "an outside cancellation while tasks fail: the errors come out, the cancellation at the next await",
    `${PYTHON}
    async def main(log, loop):
        async def parent():
            try:
                async with asyncio.TaskGroup() as g:
                    g.create_task(work(log, 5, Boom("five!")))
                    await asyncio.sleep(9 * tick)
            except* Boom as e:
                log(e, cancelling())
            log("between", cancelling())
            await asyncio.sleep(tick)
            log("never")
        t = asyncio.create_task(parent())
        await asyncio.sleep(tick)
        t.cancel("out!")
        log(await outcome(t), t.cancelling())
    `,
    function* (log) {
      const t = createTask(function* () {
        const e = yield* grouped(function* (g) {
          g.createTask(work(log, 5, new Boom("five!")));
          yield* sleep(9 * tick);
        });
        log(e, cancelling());
        log("between", cancelling());
        yield* sleep(tick);
        log("never");
      });
      yield* sleep(tick);
      t.cancel("out!");
      log(yield* outcome(t), t.cancelling());
    },
  ),
  scenario(
    "cancelled again and again while it waits, it waits for all",
    `${PYTHON}
    async def main(log, loop):
        async def stubborn():
            for n in range(3):
                log(n, await outcome(asyncio.sleep(3 * tick)))
        async def parent():
            async with asyncio.TaskGroup() as g:
                g.create_task(stubborn())
        t = asyncio.create_task(parent())
        for n in range(3):
            await asyncio.sleep(tick)
            t.cancel(f"{n}!")
        log(await outcome(t), t.cancelling())
    `,
    function* (log) {
      function* stubborn(): Coroutine<void> {
        for (let n = 0; n < 3; n++) log(n, yield* outcome(sleep(3 * tick)));
      }
      const t = createTask(function* () {
        yield* asyncWith(new TaskGroup(), function* (g) {
          g.createTask(stubborn());
        });
      });
      for (let n = 0; n < 3; n++) {
        yield* sleep(tick);
        t.cancel(`${n}!`);
      }
      log(yield* outcome(t), t.cancelling());
    },
  ),
];
