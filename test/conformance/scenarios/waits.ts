// Scenarios of wait() and as_completed().
import {
  ALL_COMPLETED,
  asCompleted,
  type Coroutine,
  createTask,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type Future,
  sleep,
  wait,
} from "../../../lib/index.ts";
import { attempt, Boom, type Log, outcome, scenario, tick } from "./scenario.ts";

const PYTHON = `
    async def work(n):
        await asyncio.sleep(n * tick)
        if n == 3:
            raise Boom("three!")
        return n
    def spawn(log, *ns):
        return [log.called(asyncio.create_task(work(n)), f"t{n}") for n in ns]
`;

function* work(n: number): Coroutine<number> {
  yield* sleep(n * tick);
  if (n === 3) throw new Boom("three!");
  return n;
}

function spawn(log: Log, ...ns: number[]): Future<number>[] {
  return ns.map((n) => log.called(createTask(work(n)), `t${n}`));
}

export const WAITS = [
  scenario(
    "wait: until all are done, until the first is, until one fails",
    `${PYTHON}
    async def main(log, loop):
        for until in (asyncio.ALL_COMPLETED, asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION):
            done, pending = await asyncio.wait(spawn(log, 1, 2, 3, 4), return_when=until)
            log(until, list(done), list(pending))
    `,
    function* (log) {
      for (const returnWhen of [ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION] as const) {
        const [done, pending] = yield* wait(spawn(log, 1, 2, 3, 4), { returnWhen });
        log(returnWhen, [...done], [...pending]);
      }
    },
  ),
  scenario(
    "wait: running out of time raises nothing and cancels nothing",
    `${PYTHON}
    async def main(log, loop):
        ts = spawn(log, 1, 2, 4)
        done, pending = await asyncio.wait(ts, timeout=2 * tick)
        log(list(done), list(pending), [t.cancelling() for t in pending])
        done, pending = await asyncio.wait(ts, timeout=0)
        log(list(done), list(pending))
        done, pending = await asyncio.wait(ts)
        log(list(done), list(pending))
    `,
    function* (log) {
      const ts = spawn(log, 1, 2, 4);
      let [done, pending] = yield* wait(ts, { timeout: 2 * tick });
      log(
        [...done],
        [...pending],
        [...pending].map(() => 0),
      );
      [done, pending] = yield* wait(ts, { timeout: 0 });
      log([...done], [...pending]);
      [done, pending] = yield* wait(ts);
      log([...done], [...pending]);
    },
  ),
  scenario(
    "wait: a cancelled future is no exception",
    `${PYTHON}
    async def main(log, loop):
        a, b = spawn(log, 2, 4)
        loop.call_later(tick, a.cancel)
        done, pending = await asyncio.wait([a, b], return_when=asyncio.FIRST_EXCEPTION)
        log(list(done), list(pending), a.cancelled())
    `,
    function* (log, loop) {
      const [a, b] = spawn(log, 2, 4);
      loop.callLater(tick, () => a!.cancel());
      const [done, pending] = yield* wait([a!, b!], { returnWhen: FIRST_EXCEPTION });
      log([...done], [...pending], a!.cancelled());
    },
  ),
  scenario(
    "wait: cancelling it leaves the futures running",
    `${PYTHON}
    async def main(log, loop):
        ts = spawn(log, 4, 5)
        async def waiter():
            await asyncio.wait(ts)
        w = asyncio.create_task(waiter())
        await asyncio.sleep(tick)
        w.cancel("w!")
        log(await outcome(w), [t.done() for t in ts])
        await asyncio.sleep(5 * tick)
        log([t.result() for t in ts])
    `,
    function* (log) {
      const ts = spawn(log, 4, 5);
      const w = createTask(function* () {
        yield* wait(ts);
      });
      yield* sleep(tick);
      w.cancel("w!");
      log(
        yield* outcome(w),
        ts.map((t) => t.done()),
      );
      yield* sleep(5 * tick);
      log(ts.map((t) => t.result()));
    },
  ),
  scenario(
    "wait: what is done already takes one pass or none, the same twice is one",
    `${PYTHON}
    async def main(log, loop):
        [t] = spawn(log, 1)
        await t
        loop.call_soon(log, "soon")
        done, pending = await asyncio.wait([t, t])
        log(list(done), list(pending))
        await asyncio.sleep(0)
        done, pending = await asyncio.wait((x for x in spawn(log, 1, 2)), return_when=asyncio.FIRST_COMPLETED)
        log(list(done), list(pending))
    `,
    function* (log, loop) {
      const [t] = spawn(log, 1);
      yield* t!;
      loop.callSoon(log, "soon");
      let [done, pending] = yield* wait([t!, t!]);
      log([...done], [...pending]);
      yield* sleep(0);
      const two = spawn(log, 1, 2);
      [done, pending] = yield* wait(two.values(), { returnWhen: FIRST_COMPLETED });
      log([...done], [...pending]);
    },
  ),
  scenario(
    "wait: nothing, one future alone, coroutines and unknown conditions are refused",
    `${PYTHON}
    async def main(log, loop):
        [t] = spawn(log, 1)
        c = work(1)
        log(await outcome(asyncio.wait([])), await outcome(asyncio.wait(t)))
        log(await outcome(asyncio.wait([t, c])), await outcome(asyncio.wait([t], return_when="SOMETIMES")))
        log(await outcome(asyncio.wait(work(1))))
    `,
    function* (log) {
      const [t] = spawn(log, 1);
      const refused = (call: () => ReturnType<typeof wait>): Coroutine<unknown> =>
        outcome({ [Symbol.iterator]: () => call()[Symbol.iterator]() });
      log(yield* refused(() => wait([])), yield* refused(() => wait(t as never)));
      log(
        yield* refused(() => wait([t!, work(1) as never])),
        yield* refused(() => wait([t!], { returnWhen: "SOMETIMES" as never })),
      );
      log(yield* refused(() => wait(work(1) as never)));
    },
  ),
  scenario(
    "as_completed: results in the order of completion, errors where they belong",
    `${PYTHON}
    async def main(log, loop):
        for c in asyncio.as_completed([work(4), work(2), work(3), work(1)]):
            log(await outcome(c))
        log("end")
    `,
    function* (log) {
      for (const c of asCompleted([work(4), work(2), work(3), work(1)])) log(yield* outcome(c));
      log("end");
    },
  ),
  scenario(
    "as_completed: asynchronous iteration gives the very tasks, done",
    `${PYTHON}
    async def main(log, loop):
        ts = spawn(log, 3, 1, 2)
        async for t in asyncio.as_completed([*ts, work(4)]):
            log(t if t in ts else "another", t.done(), outcome and t.exception())
        log("end")
    `,
    function* (log) {
      const ts = spawn(log, 3, 1, 2);
      const iterator = asCompleted([...ts, work(4)]);
      for (;;) {
        const { done, value: t } = yield* iterator.anext();
        if (done === true) break;
        log(ts.includes(t) ? t : "another", t.done(), t.exception());
      }
      log("end");
    },
  ),
  scenario(
    "as_completed: out of time, what is left is a TimeoutError each and goes on running",
    `${PYTHON}
    async def main(log, loop):
        ts = spawn(log, 1, 4, 5)
        for c in asyncio.as_completed(ts, timeout=2 * tick):
            log(await outcome(c))
        log([t.done() for t in ts])
        async def all():
            async for t in asyncio.as_completed(ts, timeout=tick):
                log("got", t)
        log(await outcome(all()))
        log([await t for t in ts])
    `,
    function* (log) {
      const ts = spawn(log, 1, 4, 5);
      for (const c of asCompleted(ts, { timeout: 2 * tick })) log(yield* outcome(c));
      log(ts.map((t) => t.done()));
      function* all(): Coroutine<void> {
        const iterator = asCompleted(ts, { timeout: tick });
        for (;;) {
          const { done, value } = yield* iterator.anext();
          if (done === true) return;
          log("got", value);
        }
      }
      log(yield* outcome(all()));
      const results = [];
      for (const t of ts) results.push(yield* t);
      log(results);
    },
  ),
  scenario(
    "as_completed: nothing to wait for, the same twice, one alone",
    `${PYTHON}
    async def main(log, loop):
        log(len(list(asyncio.as_completed([]))))
        t = spawn(log, 1)[0]
        cs = list(asyncio.as_completed([t, t]))
        log(len(cs), [await c for c in cs])
        log(attempt(lambda: asyncio.as_completed(t)), attempt(lambda: asyncio.as_completed(work(1))))
    `,
    function* (log) {
      log([...asCompleted([])].length);
      const t = spawn(log, 1)[0]!;
      const cs = [...asCompleted([t, t])];
      const results = [];
      for (const c of cs) results.push(yield* c);
      log(cs.length, results);
      log(
        attempt(() => asCompleted(t as never)),
        attempt(() => asCompleted(work(1) as never)),
      );
    },
  ),
  scenario(
    "as_completed: iteration can begin by hand and go on, by several tasks too",
    `${PYTHON}
    async def main(log, loop):
        it = asyncio.as_completed([work(2), work(1), work(4)])
        log("first loop", await next(it))
        async def waiter(name):
            for c in it:
                log(name, await outcome(c))
        await asyncio.gather(waiter("a"), waiter("b"))
    `,
    function* (log) {
      const it = asCompleted([work(2), work(1), work(4)]);
      log("first loop", yield* it.next().value!);
      function* waiter(name: string): Coroutine<void> {
        for (const c of it) log(name, yield* outcome(c));
      }
      const [a, b] = [createTask(waiter("a")), createTask(waiter("b"))];
      yield* a;
      yield* b;
    },
  ),
  scenario(
    "as_completed: cancelling who waits leaves the tasks running",
    `${PYTHON}
    async def main(log, loop):
        ts = spawn(log, 2, 4)
        async def waiter():
            for c in asyncio.as_completed(ts):
                log(await c)
        w = asyncio.create_task(waiter())
        await asyncio.sleep(3 * tick)
        w.cancel("w!")
        log(await outcome(w), [t.done() for t in ts])
        await asyncio.sleep(2 * tick)
        log([t.result() for t in ts])
    `,
    function* (log) {
      const ts = spawn(log, 2, 4);
      const w = createTask(function* () {
        for (const c of asCompleted(ts)) log(yield* c);
      });
      yield* sleep(3 * tick);
      w.cancel("w!");
      log(
        yield* outcome(w),
        ts.map((t) => t.done()),
      );
      yield* sleep(2 * tick);
      log(ts.map((t) => t.result()));
    },
  ),
];
