// Scenarios of looking at what there is: kinds of awaitables, coroutines of tasks, who awaits whom, debug mode.
import {
  asyncWith,
  captureCallGraph,
  coroutine,
  type Coroutine,
  createTask,
  currentTask,
  ensureFuture,
  type Future,
  type FutureCallGraph,
  gather,
  iscoroutine,
  iscoroutinefunction,
  isfuture,
  shield,
  sleep,
  Task,
  TaskGroup,
  wait,
  waitFor,
} from "../../../lib/index.ts";
import { attempt, outcome, scenario, tick } from "./scenario.ts";

const PYTHON_TREE = `
    def tree(graph):
        name = graph.future.get_name() if isinstance(graph.future, asyncio.Task) else "future"
        above = sorted(tree(g) for g in graph.awaited_by)
        return name if not above else f"{name} <- [{', '.join(above)}]"
`;

function tree({ future, awaitedBy }: FutureCallGraph): string {
  const name = future instanceof Task ? future.getName() : "future";
  const above = awaitedBy.map(tree).sort();
  return above.length === 0 ? name : `${name} <- [${above.join(", ")}]`;
}

export const INTROSPECTION = [
  scenario(
    "coroutines, their functions and futures are told apart",
    `
    async def main(log, loop):
        async def f():
            pass
        c, t = f(), asyncio.create_task(f())
        things = [f, c, t, loop.create_future(), 1, None, lambda: 1]
        log([asyncio.iscoroutine(x) for x in things])
        log([asyncio.iscoroutinefunction(x) for x in things])
        log([asyncio.isfuture(x) for x in things])
        s = asyncio.sleep(0)
        log(asyncio.iscoroutine(s), asyncio.isfuture(s), asyncio.isfuture(asyncio.gather()))
        log(asyncio.ensure_future(t) is t, await asyncio.ensure_future(asyncio.sleep(0, "v")))
        await c
        await s
    `,
    function* (log, loop) {
      const f = coroutine(function* () {
        // Nothing to do.
      });
      const [c, t] = [f(), createTask(f())];
      const things = [f, c, t, loop.createFuture(), 1, null, () => 1];
      log(things.map((x) => iscoroutine(x)));
      log(things.map((x) => iscoroutinefunction(x)));
      log(things.map((x) => isfuture(x)));
      const s = sleep(0);
      log(iscoroutine(s), isfuture(s), isfuture(gather()));
      log(ensureFuture(t) === t, yield* ensureFuture(sleep(0, "v")));
      yield* c;
      yield* s;
    },
  ),
  scenario(
    "a task has the coroutine it was made of, and a context of its own",
    `
    async def main(log, loop):
        async def f():
            await asyncio.sleep(tick)
        c = f()
        t = asyncio.create_task(c)
        log(t.get_coro() is c, t.get_loop() is loop, t.get_context() is not None)
        await t
        log(t.get_coro() is c, t.done())
    `,
    function* (log, loop) {
      const c = (function* (): Coroutine<void> {
        yield* sleep(tick);
      })();
      const t = createTask(c);
      log(t.getCoro() === c, t.getLoop() === loop, t.getContext() !== null);
      yield* t;
      log(t.getCoro() === c, t.done());
    },
  ),
  scenario(
    "the call graph knows who awaits whom: a task, a gather, a group, a shield, a wait, a limit",
    `${PYTHON_TREE}
    async def main(log, loop):
        asyncio.current_task().set_name("main")
        f = loop.create_future()
        async def leaf():
            await f
        leaves = {n: asyncio.create_task(leaf(), name=n) for n in ("awaited", "gathered", "shielded", "waited", "limited")}
        async def group():
            async with asyncio.TaskGroup() as g:
                leaves["member"] = g.create_task(leaf(), name="member")
        async def awaiting():
            await leaves["awaited"]
        async def gathering():
            await asyncio.gather(leaves["gathered"])
        async def shielding():
            await asyncio.shield(leaves["shielded"])
        async def waiting():
            await asyncio.wait([leaves["waited"]])
        async def limiting():
            await asyncio.wait_for(leaves["limited"], 9 * tick)
        users = [asyncio.create_task(c(), name=c.__name__) for c in (awaiting, gathering, shielding, waiting, limiting, group)]
        await asyncio.sleep(tick)
        for name, leaf in leaves.items():
            log(name, tree(asyncio.capture_call_graph(leaf)))
        log(tree(asyncio.capture_call_graph()), tree(asyncio.capture_call_graph(f)))
        f.set_result(None)
        await asyncio.wait(users)
        for leaf in leaves.values():
            log(tree(asyncio.capture_call_graph(leaf)))
        log(attempt(lambda: asyncio.capture_call_graph(1)))
    `,
    function* (log, loop) {
      currentTask()!.setName("main");
      const f = loop.createFuture();
      const leaf = function* (): Coroutine<void> {
        yield* f;
      };
      const leaves = new Map<string, Future<unknown>>();
      for (const name of ["awaited", "gathered", "shielded", "waited", "limited"]) {
        leaves.set(name, createTask(leaf(), { name }));
      }
      const bodies: Record<string, () => Coroutine<unknown>> = {
        *awaiting() {
          yield* leaves.get("awaited")!;
        },
        *gathering() {
          yield* gather(leaves.get("gathered")!);
        },
        *shielding() {
          yield* shield(leaves.get("shielded")!);
        },
        *waiting() {
          yield* wait([leaves.get("waited")!]);
        },
        *limiting() {
          yield* waitFor(leaves.get("limited")!, 9 * tick);
        },
        *group() {
          yield* asyncWith(new TaskGroup(), function* (g) {
            leaves.set("member", g.createTask(leaf(), { name: "member" }));
          });
        },
      };
      const users = Object.entries(bodies).map(([name, body]) => createTask(body(), { name }));
      yield* sleep(tick);
      for (const [name, leaf] of leaves) log(name, tree(captureCallGraph(leaf)!));
      log(tree(captureCallGraph()!), tree(captureCallGraph(f)!));
      f.setResult(undefined);
      yield* wait(users);
      for (const leaf of leaves.values()) log(tree(captureCallGraph(leaf)!));
      log(attempt(() => captureCallGraph(1 as never)));
    },
  ),
  scenario(
    "debug mode is switched on and off, and refuses callbacks that are coroutines",
    `
    async def main(log, loop):
        async def f():
            pass
        log(loop.get_debug(), loop.slow_callback_duration)
        loop.set_debug(True)
        log(loop.get_debug(), attempt(lambda: loop.call_soon(f)), attempt(lambda: loop.call_later(1, f)))
        log(attempt(lambda: loop.call_soon(1)))
        loop.set_debug(False)
        log(loop.get_debug())
        log(await outcome(asyncio.sleep(tick, "on")))
    `,
    function* (log, loop) {
      const f = coroutine(function* () {
        // Never called.
      });
      log(loop.getDebug(), loop.slowCallbackDuration);
      loop.setDebug(true);
      log(
        loop.getDebug(),
        attempt(() => loop.callSoon(f)),
        attempt(() => loop.callLater(1, f)),
      );
      log(attempt(() => loop.callSoon(1 as never)));
      loop.setDebug(false);
      log(loop.getDebug());
      log(yield* outcome(sleep(tick, "on")));
    },
  ),
];
