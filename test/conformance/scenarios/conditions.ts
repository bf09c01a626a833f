// Scenarios of Condition and Barrier.
import {
  asyncWith,
  Barrier,
  Condition,
  type Coroutine,
  createTask,
  currentTask,
  Lock,
  sleep,
  timeout,
  waitFor,
} from "../../../lib/index.ts";
import { attempt, outcome, scenario, tick } from "./scenario.ts";

export const CONDITIONS = [
  scenario(
    "condition: waiting and notifying need the lock",
    `
    async def main(log, loop):
        c = asyncio.Condition()
        log(await outcome(c.wait()), attempt(c.notify), attempt(c.notify_all))
        log(await outcome(c.wait_for(lambda: True)), await outcome(c.wait_for(lambda: False)))
        log(c.locked(), await c.acquire(), c.locked(), attempt(c.notify))
        c.release()
        log(attempt(c.release))
        lock = asyncio.Lock()
        d = asyncio.Condition(lock)
        async with d as x:
            log(x, lock.locked(), d.locked())
    `,
    function* (log) {
      const c = new Condition();
      log(
        yield* outcome(c.wait()),
        attempt(() => c.notify()),
        attempt(() => c.notifyAll()),
      );
      log(yield* outcome(c.waitFor(() => true)), yield* outcome(c.waitFor(() => false)));
      log(
        c.locked(),
        yield* c.acquire(),
        c.locked(),
        attempt(() => c.notify()),
      );
      c.release();
      log(attempt(() => c.release()));
      const lock = new Lock();
      const d = new Condition(lock);
      yield* asyncWith(d, (x) => log(x, lock.locked(), d.locked()));
    },
  ),
  scenario(
    "condition: notify wakes as many as asked, in their order, one after the other",
    `
    async def main(log, loop):
        c = asyncio.Condition()
        async def waiter(n):
            async with c:
                log(n, await c.wait(), c.locked())
                await asyncio.sleep(tick)
                log(n, "leaves")
        tasks = [asyncio.create_task(waiter(n)) for n in range(5)]
        await asyncio.sleep(0)
        for n in (1, 2):
            async with c:
                c.notify(n)
                log("notified", n)
            await asyncio.sleep(3 * tick)
        async with c:
            c.notify_all()
        await asyncio.wait(tasks)
    `,
    function* (log) {
      const c = new Condition();
      function* waiter(n: number): Coroutine<void> {
        yield* asyncWith(c, function* () {
          log(n, yield* c.wait(), c.locked());
          yield* sleep(tick);
          log(n, "leaves");
        });
      }
      const tasks = [0, 1, 2, 3, 4].map((n) => createTask(waiter(n)));
      yield* sleep(0);
      for (const n of [1, 2]) {
        yield* asyncWith(c, () => {
          c.notify(n);
          log("notified", n);
        });
        yield* sleep(3 * tick);
      }
      yield* asyncWith(c, () => c.notifyAll());
      for (const t of tasks) yield* t;
    },
  ),
  scenario(
    "condition: wait_for gives the predicate's value, and looks again at each notification",
    `
    async def main(log, loop):
        c = asyncio.Condition()
        value = 0
        def predicate():
            log("asked", value)
            return value >= 2 and f"v{value}"
        async def waiter():
            async with c:
                log(await c.wait_for(predicate))
        t = asyncio.create_task(waiter())
        for n in range(3):
            await asyncio.sleep(tick)
            async with c:
                value = n
                c.notify()
        await t
    `,
    function* (log) {
      const c = new Condition();
      let value = 0;
      const predicate = (): string | false => {
        log("asked", value);
        return value >= 2 && `v${value}`;
      };
      const t = createTask(function* () {
        yield* asyncWith(c, function* () {
          log(yield* c.waitFor(predicate));
        });
      });
      for (let n = 0; n < 3; n++) {
        yield* sleep(tick);
        yield* asyncWith(c, () => {
          value = n;
          c.notify();
        });
      }
      yield* t;
    },
  ),
  scenario(
    "condition: who is cancelled holds the lock when it leaves, through any number of cancellations (gh-112202)",
    `
    async def main(log, loop):
        c = asyncio.Condition()
        async def waiter():
            async with c:
                try:
                    await c.wait()
                finally:
                    log("finally", c.locked(), asyncio.current_task().cancelling())
        t = asyncio.create_task(waiter())
        await asyncio.sleep(0)
        await c.acquire()
        t.cancel("one!")
        await asyncio.sleep(tick)
        t.cancel("two!")
        await asyncio.sleep(tick)
        t.cancel("three!")
        await asyncio.sleep(tick)
        log("release")
        c.release()
        log(await outcome(t), c.locked())
    `,
    function* (log) {
      const c = new Condition();
      const t = createTask(function* () {
        yield* asyncWith(c, function* () {
          try {
            yield* c.wait();
          } finally {
            log("finally", c.locked(), currentTask()!.cancelling());
          }
        });
      });
      yield* sleep(0);
      yield* c.acquire();
      t.cancel("one!");
      yield* sleep(tick);
      t.cancel("two!");
      yield* sleep(tick);
      t.cancel("three!");
      yield* sleep(tick);
      log("release");
      c.release();
      log(yield* outcome(t), c.locked());
    },
  ),
  scenario(
    "condition: a notified waiter that is cancelled passes the notification on (gh-112202)",
    `
    async def main(log, loop):
        c = asyncio.Condition()
        async def waiter(n):
            async with c:
                await c.wait()
                log(n, "notified")
        a, b, d = [asyncio.create_task(waiter(n)) for n in "abd"]
        await asyncio.sleep(0)
        async with c:
            c.notify()
            await asyncio.sleep(tick)
            a.cancel("a!")
        log(await outcome(a), await outcome(b), d.done())
        d.cancel("d!")
        log(await outcome(d))
    `,
    function* (log) {
      const c = new Condition();
      function* waiter(n: string): Coroutine<void> {
        yield* asyncWith(c, function* () {
          yield* c.wait();
          log(n, "notified");
        });
      }
      const [a, b, d] = ["a", "b", "d"].map((n) => createTask(waiter(n)));
      yield* sleep(0);
      yield* asyncWith(c, function* () {
        c.notify();
        yield* sleep(tick);
        a!.cancel("a!");
      });
      log(yield* outcome(a!), yield* outcome(b!), d!.done());
      d!.cancel("d!");
      log(yield* outcome(d!));
    },
  ),
  scenario(
    "condition: a limit on the wait counts the time until the lock is held again",
    `
    async def main(log, loop):
        c = asyncio.Condition()
        async def waiter():
            async with c:
                try:
                    async with asyncio.timeout(tick):
                        await c.wait()
                except TimeoutError as e:
                    log(e, c.locked())
        async def holder():
            async with c:
                await asyncio.sleep(4 * tick)
        t, h = asyncio.create_task(waiter()), asyncio.create_task(holder())
        await asyncio.wait([t, h])
        async with c:
            log(await outcome(asyncio.wait_for(c.wait(), tick)), c.locked())
    `,
    function* (log) {
      const c = new Condition();
      const t = createTask(function* () {
        yield* asyncWith(c, function* () {
          const e = yield* outcome(asyncWith(timeout(tick), () => c.wait()));
          log(e, c.locked());
        });
      });
      const h = createTask(function* () {
        yield* asyncWith(c, function* () {
          yield* sleep(4 * tick);
        });
      });
      yield* t;
      yield* h;
      yield* asyncWith(c, function* () {
        log(yield* outcome(waitFor(c.wait(), tick)), c.locked());
      });
    },
  ),
  scenario(
    "barrier: tasks pass together, each with a number of its own",
    `
    async def main(log, loop):
        log(attempt(lambda: asyncio.Barrier(0)))
        b = asyncio.Barrier(3)
        async def party(n):
            await asyncio.sleep(n * tick)
            log(n, "comes", b.n_waiting)
            log(n, "passes", await b.wait(), b.n_waiting, b.broken)
        await asyncio.gather(*[party(n) for n in range(6)])
        log(b.parties, b.n_waiting)
        one = asyncio.Barrier(1)
        async with one as i:
            log(i)
    `,
    function* (log) {
      log(attempt(() => new Barrier(0)));
      const b = new Barrier(3);
      function* party(n: number): Coroutine<void> {
        yield* sleep(n * tick);
        log(n, "comes", b.nWaiting);
        log(n, "passes", yield* b.wait(), b.nWaiting, b.broken);
      }
      for (const t of [0, 1, 2, 3, 4, 5].map((n) => createTask(party(n)))) yield* t;
      log(b.parties, b.nWaiting);
      const one = new Barrier(1);
      yield* asyncWith(one, (i) => log(i));
    },
  ),
  scenario(
    "barrier: newcomers wait while it drains",
    `
    async def main(log, loop):
        b = asyncio.Barrier(2)
        async def party(n):
            for round in range(3):
                log(n, round, await b.wait())
        await asyncio.gather(*[party(n) for n in range(4)])
        log(b.n_waiting)
    `,
    function* (log) {
      const b = new Barrier(2);
      function* party(n: number): Coroutine<void> {
        for (let round = 0; round < 3; round++) log(n, round, yield* b.wait());
      }
      for (const t of [0, 1, 2, 3].map((n) => createTask(party(n)))) yield* t;
      log(b.nWaiting);
    },
  ),
  scenario(
    "barrier: who is cancelled while it fills just leaves",
    `
    async def main(log, loop):
        b = asyncio.Barrier(3)
        async def party(n):
            return f"{n}{await b.wait()}"
        ts = [asyncio.create_task(party(n)) for n in "abcd"[:2]]
        await asyncio.sleep(0)
        log(b.n_waiting)
        ts[0].cancel("a!")
        log(await outcome(ts[0]), b.n_waiting, b.broken)
        ts += [asyncio.create_task(party(n)) for n in "cd"]
        log([await t for t in ts[1:]])
    `,
    function* (log) {
      const b = new Barrier(3);
      function* party(n: string): Coroutine<string> {
        return `${n}${yield* b.wait()}`;
      }
      const ts = ["a", "b"].map((n) => createTask(party(n)));
      yield* sleep(0);
      log(b.nWaiting);
      ts[0]!.cancel("a!");
      log(yield* outcome(ts[0]!), b.nWaiting, b.broken);
      ts.push(...["c", "d"].map((n) => createTask(party(n))));
      const results = [];
      for (const t of ts.slice(1)) results.push(yield* t);
      log(results);
    },
  ),
  scenario(
    "barrier: reset breaks it for those who wait, abort for all until it is reset",
    `
    async def main(log, loop):
        b = asyncio.Barrier(3)
        async def party(n):
            log(n, await outcome(b.wait()), b.n_waiting, b.broken)
        for breaking in (b.reset, b.abort):
            ts = [asyncio.create_task(party(n)) for n in range(2)]
            await asyncio.sleep(0)
            await breaking()
            log("told", b.n_waiting, b.broken)
            await asyncio.wait(ts)
            log("after", b.n_waiting, b.broken)
        await party("late")
        await b.reset()
        log(b.broken)
        await asyncio.gather(*[party(n) for n in range(3)])
    `,
    function* (log) {
      const b = new Barrier(3);
      function* party(n: unknown): Coroutine<void> {
        log(n, yield* outcome(b.wait()), b.nWaiting, b.broken);
      }
      for (const breaking of [() => b.reset(), () => b.abort()]) {
        const ts = [0, 1].map((n) => createTask(party(n)));
        yield* sleep(0);
        yield* breaking();
        log("told", b.nWaiting, b.broken);
        for (const t of ts) yield* t;
        log("after", b.nWaiting, b.broken);
      }
      yield* party("late");
      yield* b.reset();
      log(b.broken);
      for (const t of [0, 1, 2].map((n) => createTask(party(n)))) yield* t;
    },
  ),
];
