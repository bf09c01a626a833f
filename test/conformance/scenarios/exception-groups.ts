// Scenarios of exception groups, on their own and out of a TaskGroup.
import { asyncWith, type Coroutine, ExceptionGroup, sleep, TaskGroup } from "../../../lib/index.ts";
import { attempt, Bang, Boom, outcome, scenario, tick } from "./scenario.ts";

export const EXCEPTION_GROUPS = [
  scenario(
    "split and subgroup keep the nesting",
    `
    async def main(log, loop):
        g = ExceptionGroup("g", [Boom("1!"), ExceptionGroup("h", [Bang("2!"), Boom("3!")]), Bang("4!")])
        for what in (Boom, (Boom, Bang), KeyError, ExceptionGroup, lambda e: "4" in str(e)):
            log(*g.split(what))
            log(g.subgroup(what))
        log(g.message, len(g.exceptions), g.derive([Boom("d!")]), str(g))
    `,
    function* (log) {
      const g = new ExceptionGroup("g", [
        new Boom("1!"),
        new ExceptionGroup("h", [new Bang("2!"), new Boom("3!")]),
        new Bang("4!"),
      ]);
      const whats = [Boom, [Boom, Bang], SyntaxError, ExceptionGroup, (e: Error) => e.message.includes("4")];
      for (const what of whats) {
        log(...g.split(what as typeof Boom));
        log(g.subgroup(what as typeof Boom));
      }
      log(g.message, g.exceptions.length, g.derive([new Boom("d!")]), String(g).replace(/^.*: /, ""));
    },
  ),
  scenario(
    "no group of nothing, of anything but errors, or without a text",
    `
    async def main(log, loop):
        log(attempt(lambda: ExceptionGroup("g", [])), attempt(lambda: ExceptionGroup("g", [1])))
        log(attempt(lambda: ExceptionGroup(1, [Boom()])))
    `,
    function* (log) {
      log(
        attempt(() => new ExceptionGroup("g", [])),
        attempt(() => new ExceptionGroup("g", [1 as never])),
      );
      log(attempt(() => new ExceptionGroup(1 as never, [new Boom()])));
    },
  ),
  scenario(
    "a group of groups out of nested task groups",
    `
    async def main(log, loop):
        async def fail(n, kind):
            await asyncio.sleep(n * tick)
            raise kind(f"{n}!")
        async def nested():
            async with asyncio.TaskGroup() as a:
                a.create_task(fail(1, Boom))
                async with asyncio.TaskGroup() as b:
                    b.create_task(fail(1, Bang))
                    b.create_task(fail(1, Boom))
        g = await outcome(nested())
        log(g)
        log(*g.split(Bang))
    `,
    function* (log) {
      function* fail(n: number, kind: new (text: string) => Error): Coroutine<void> {
        yield* sleep(n * tick);
        throw new kind(`${n}!`);
      }
      const nested = asyncWith(new TaskGroup(), function* (a) {
        a.createTask(fail(1, Boom));
        yield* asyncWith(new TaskGroup(), function* (b) {
          b.createTask(fail(1, Bang));
          b.createTask(fail(1, Boom));
        });
      });
      const g = (yield* outcome(nested)) as ExceptionGroup;
      log(g);
      log(...g.split(Bang));
    },
  ),
];
