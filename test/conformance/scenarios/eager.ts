// Scenarios of eager tasks and task factories.
import {
  allTasks,
  asCompleted,
  asyncWith,
  type Coroutine,
  createEagerTaskFactory,
  createTask,
  currentTask,
  eagerTaskFactory,
  gather,
  newEventLoop,
  shield,
  sleep,
  Task,
  type TaskFactory,
  TaskGroup,
  wait,
  waitFor,
} from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

export const EAGER = [
  scenario(
    "an eager task runs its first step inside createTask()",
    `
    async def main(log, loop):
        loop.set_task_factory(asyncio.eager_task_factory)
        async def quick(n):
            log("quick", n)
            return n
        async def slow():
            log("slow begins")
            await asyncio.sleep(0)
            log("slow ends")
        loop.call_soon(log, "soon")
        t = asyncio.create_task(quick(1))
        log(t.done(), t.result(), t.get_coro())
        t.add_done_callback(lambda _: log("callback"))
        s = asyncio.create_task(slow())
        log(s.done(), s.get_coro() is not None)
        log(await t)
        await s
    `,
    function* (log, loop) {
      loop.setTaskFactory(eagerTaskFactory);
      function* quick(n: number): Coroutine<number> {
        log("quick", n);
        return n;
      }
      function* slow(): Coroutine<void> {
        log("slow begins");
        yield* sleep(0);
        log("slow ends");
      }
      loop.callSoon(log, "soon");
      const t = createTask(quick(1));
      log(t.done(), t.result(), t.getCoro());
      t.addDoneCallback(() => log("callback"));
      const s = createTask(slow());
      log(s.done(), s.getCoro() !== null);
      log(yield* t);
      yield* s;
    },
  ),
  scenario(
    "the current task is swapped and comes back, also when the eager one fails",
    `
    async def main(log, loop):
        me = asyncio.current_task()
        names = lambda: sorted(t.get_name() for t in asyncio.all_tasks() if t is not me)
        async def inner():
            log(asyncio.current_task().get_name(), asyncio.current_task() is me, names())
            raise Boom("i!")
        async def outer():
            t = asyncio.create_task(inner(), name="inner", eager_start=True)
            log(asyncio.current_task().get_name(), t.done(), t.exception(), names())
            await asyncio.sleep(0)
            log(asyncio.current_task().get_name())
        t = asyncio.create_task(outer(), name="outer", eager_start=True)
        log(asyncio.current_task() is me, t.done(), names())
        await t
    `,
    function* (log) {
      const me = currentTask();
      const names = (): string[] =>
        [...allTasks()]
          .filter((t) => t !== me)
          .map((t) => t.getName())
          .sort();
      function* inner(): Coroutine<void> {
        log(currentTask()!.getName(), currentTask() === me, names());
        throw new Boom("i!");
      }
      function* outer(): Coroutine<void> {
        const t = createTask(inner(), { name: "inner", eagerStart: true });
        log(currentTask()!.getName(), t.done(), t.exception(), names());
        yield* sleep(0);
        log(currentTask()!.getName());
      }
      const t = createTask(outer(), { name: "outer", eagerStart: true });
      log(currentTask() === me, t.done(), names());
      yield* t;
    },
  ),
  scenario(
    "eager_start overrides the factory, and the factory is asked with what createTask() was given",
    `
    async def main(log, loop):
        async def t(n):
            log("runs", n)
        asyncio.create_task(t(1), eager_start=False)
        asyncio.create_task(t(2), eager_start=True)
        loop.set_task_factory(asyncio.eager_task_factory)
        asyncio.create_task(t(3), eager_start=False)
        asyncio.create_task(t(4))
        log("made")
        await asyncio.sleep(0)
        def factory(l, coro, **options):
            log("factory", l is loop, sorted(options))
            return asyncio.Task(coro, loop=l, **options)
        loop.set_task_factory(factory)
        u = asyncio.create_task(t(5), name="five")
        log(u.get_name(), loop.get_task_factory() is factory)
        await asyncio.gather(t(6))
        loop.set_task_factory(None)
        log(loop.get_task_factory(), attempt(lambda: loop.set_task_factory(1)))
    `,
    function* (log, loop) {
      function* t(n: number): Coroutine<void> {
        log("runs", n);
      }
      createTask(t(1), { eagerStart: false });
      createTask(t(2), { eagerStart: true });
      loop.setTaskFactory(eagerTaskFactory);
      createTask(t(3), { eagerStart: false });
      createTask(t(4));
      log("made");
      yield* sleep(0);
      const factory: TaskFactory = (l, coro, options) => {
        log("factory", l === loop, Object.keys(options ?? {}).sort());
        return new Task(coro, { ...options, loop: l });
      };
      loop.setTaskFactory(factory);
      const u = createTask(t(5), { name: "five" });
      log(u.getName(), loop.getTaskFactory() === factory);
      yield* gather(t(6));
      loop.setTaskFactory(null);
      log(
        loop.getTaskFactory(),
        attempt(() => loop.setTaskFactory(1 as never)),
      );
    },
  ),
  scenario(
    "combinators of eager tasks that are done at once are done at once",
    `
    async def main(log, loop):
        loop.set_task_factory(asyncio.create_eager_task_factory(asyncio.Task))
        async def quick(n):
            log("quick", n)
            if n == 2:
                raise Boom("two!")
            return n
        loop.call_soon(log, "soon")
        g = asyncio.gather(quick(0), quick(1))
        log(g.done(), await g)
        log(await outcome(asyncio.gather(quick(1), quick(2), quick(3))))
        log(await asyncio.shield(quick(4)), await asyncio.wait_for(quick(5), tick))
        done, pending = await asyncio.wait([asyncio.create_task(quick(6))])
        log(len(done), len(pending))
        for c in asyncio.as_completed([quick(7), quick(8)]):
            log(await c)
        async with asyncio.TaskGroup() as g:
            log(g.create_task(quick(9)).done())
    `,
    function* (log, loop) {
      loop.setTaskFactory(createEagerTaskFactory(Task));
      function* quick(n: number): Coroutine<number> {
        log("quick", n);
        if (n === 2) throw new Boom("two!");
        return n;
      }
      loop.callSoon(log, "soon");
      const g = gather(quick(0), quick(1));
      log(g.done(), yield* g);
      log(yield* outcome(gather(quick(1), quick(2), quick(3))));
      log(yield* shield(quick(4)), yield* waitFor(quick(5), tick));
      const [done, pending] = yield* wait([createTask(quick(6))]);
      log(done.size, pending.size);
      for (const c of asCompleted([quick(7), quick(8)])) log(yield* c);
      yield* asyncWith(new TaskGroup(), (g) => log(g.createTask(quick(9)).done()));
    },
  ),
  scenario(
    "an eager task that cancels itself, and one that is cancelled by its child",
    `
    async def main(log, loop):
        loop.set_task_factory(asyncio.eager_task_factory)
        async def self_cancelling():
            asyncio.current_task().cancel("self!")
            log("goes on")
        async def waiting():
            asyncio.current_task().cancel("later!")
            await asyncio.sleep(0)
            log("never")
        t = asyncio.create_task(self_cancelling())
        log(t.done(), t.cancelled(), attempt(t.result))
        t = asyncio.create_task(waiting())
        log(t.done(), t.cancelling(), await outcome(t))
        async def child(parent):
            parent.cancel("child!")
        async def parent():
            await asyncio.create_task(child(asyncio.current_task()))
            log("still here")
            await asyncio.sleep(0)
        log(await outcome(asyncio.create_task(parent())))
    `,
    function* (log, loop) {
      loop.setTaskFactory(eagerTaskFactory);
      function* selfCancelling(): Coroutine<void> {
        currentTask()!.cancel("self!");
        log("goes on");
      }
      function* waiting(): Coroutine<void> {
        currentTask()!.cancel("later!");
        yield* sleep(0);
        log("never");
      }
      let t = createTask(selfCancelling());
      log(
        t.done(),
        t.cancelled(),
        attempt(() => t.result()),
      );
      t = createTask(waiting());
      log(t.done(), t.cancelling(), yield* outcome(t));
      function* child(parent: Task<unknown>): Coroutine<void> {
        parent.cancel("child!");
      }
      function* parent(): Coroutine<void> {
        yield* createTask(child(currentTask()!));
        log("still here");
        yield* sleep(0);
      }
      log(yield* outcome(createTask(parent())));
    },
  ),
  scenario(
    "without a running loop there is no eager start",
    `
    async def main(log, loop):
        other = type(loop)()
        other.set_exception_handler(lambda *_: None)
        async def t():
            log("runs")
        u = asyncio.Task(t(), loop=other, eager_start=True)
        log(u.done())
        other.call_soon(other.stop)
        log(other.is_running())
        u.cancel()
        other.close()
    `,
    function* (log) {
      const other = newEventLoop();
      // It is closed with the task unfinished.
      other.setExceptionHandler(() => undefined);
      const u = new Task(
        (function* () {
          log("runs");
        })(),
        { loop: other, eagerStart: true },
      );
      log(u.done());
      other.callSoon(() => other.stop());
      log(other.isRunning());
      u.cancel();
      other.close();
    },
  ),
];
