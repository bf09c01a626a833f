// Scenarios of Lock, Event and Semaphore.
import {
  asyncWith,
  BoundedSemaphore,
  type Coroutine,
  createTask,
  Event,
  Lock,
  Semaphore,
  sleep,
  waitFor,
} from "../../../lib/index.ts";
import { attempt, Boom, outcome, scenario, tick } from "./scenario.ts";

export const LOCKS = [
  scenario(
    "lock: taken and freed without a pass, refused to who does not hold it",
    `
    async def main(log, loop):
        lock = asyncio.Lock()
        loop.call_soon(log, "soon")
        log(lock.locked(), await lock.acquire(), lock.locked(), lock.release(), lock.locked())
        log(attempt(lock.release))
        async with lock as x:
            log(x, lock.locked())
        try:
            async with lock:
                raise Boom("b!")
        except Boom as e:
            log(e, lock.locked())
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const lock = new Lock();
      loop.callSoon(log, "soon");
      log(lock.locked(), yield* lock.acquire(), lock.locked(), lock.release(), lock.locked());
      log(attempt(() => lock.release()));
      yield* asyncWith(lock, (x) => log(x, lock.locked()));
      const e = yield* outcome(
        asyncWith(lock, () => {
          throw new Boom("b!");
        }),
      );
      log(e, lock.locked());
      yield* sleep(0);
    },
  ),
  scenario(
    "lock: first come, first served, and nobody overtakes",
    `
    async def main(log, loop):
        lock = asyncio.Lock()
        async def user(n):
            async with lock:
                log(n)
                await asyncio.sleep(tick)
        tasks = [asyncio.create_task(user(n)) for n in range(3)]
        await asyncio.sleep(tick)
        log("main asks", lock.locked())
        async with lock:
            log("main")
        await asyncio.wait(tasks)
    `,
    function* (log) {
      const lock = new Lock();
      function* user(n: number): Coroutine<void> {
        yield* asyncWith(lock, function* () {
          log(n);
          yield* sleep(tick);
        });
      }
      const tasks = [0, 1, 2].map((n) => createTask(user(n)));
      yield* sleep(tick);
      log("main asks", lock.locked());
      yield* asyncWith(lock, () => log("main"));
      for (const t of tasks) yield* t;
    },
  ),
  scenario(
    "lock: free but promised, it is not taken by a newcomer; unless all in line are cancelled",
    `
    async def main(log, loop):
        lock = asyncio.Lock()
        async def user(n):
            await lock.acquire()
            log(n)
        await lock.acquire()
        a = asyncio.create_task(user("a"))
        await asyncio.sleep(0)
        lock.release()
        b = asyncio.create_task(user("b"))
        log(lock.locked())
        await asyncio.sleep(0)
        log(lock.locked())
        lock.release()
        await b
        c = asyncio.create_task(user("c"))
        await asyncio.sleep(0)
        c.cancel()
        lock.release()
        log(lock.locked(), await lock.acquire())
        log(await outcome(c), lock.locked())
    `,
    function* (log) {
      const lock = new Lock();
      function* user(n: string): Coroutine<void> {
        yield* lock.acquire();
        log(n);
      }
      yield* lock.acquire();
      createTask(user("a"));
      yield* sleep(0);
      lock.release();
      const b = createTask(user("b"));
      log(lock.locked());
      yield* sleep(0);
      log(lock.locked());
      lock.release();
      yield* b;
      const c = createTask(user("c"));
      yield* sleep(0);
      c.cancel();
      lock.release();
      log(lock.locked(), yield* lock.acquire());
      log(yield* outcome(c), lock.locked());
    },
  ),
  scenario(
    "lock: a woken waiter that is cancelled wakes the next (bpo-27585)",
    `
    async def main(log, loop):
        lock = asyncio.Lock()
        async def user(n):
            async with lock:
                log(n)
        await lock.acquire()
        a, b, c = [asyncio.create_task(user(n)) for n in "abc"]
        await asyncio.sleep(0)
        lock.release()
        a.cancel("a!")
        b.cancel("b!")
        for t in (a, b, c):
            log(await outcome(t))
        log(lock.locked())
    `,
    function* (log) {
      const lock = new Lock();
      function* user(n: string): Coroutine<void> {
        yield* asyncWith(lock, () => log(n));
      }
      yield* lock.acquire();
      const [a, b, c] = ["a", "b", "c"].map((n) => createTask(user(n)));
      yield* sleep(0);
      lock.release();
      a!.cancel("a!");
      b!.cancel("b!");
      for (const t of [a!, b!, c!]) log(yield* outcome(t));
      log(lock.locked());
    },
  ),
  scenario(
    "event: set wakes all who wait, also when it is cleared before they run",
    `
    async def main(log, loop):
        event = asyncio.Event()
        async def waiter(n):
            log(n, await event.wait(), event.is_set())
        tasks = [asyncio.create_task(waiter(n)) for n in range(3)]
        await asyncio.sleep(0)
        log(event.is_set())
        event.set()
        event.set()
        event.clear()
        tasks.append(asyncio.create_task(waiter("late")))
        await asyncio.sleep(tick)
        event.set()
        await asyncio.wait(tasks)
        loop.call_soon(log, "soon")
        log(await event.wait())
        await asyncio.sleep(0)
    `,
    function* (log, loop) {
      const event = new Event();
      function* waiter(n: unknown): Coroutine<void> {
        log(n, yield* event.wait(), event.isSet());
      }
      const tasks = [0, 1, 2].map((n) => createTask(waiter(n)));
      yield* sleep(0);
      log(event.isSet());
      event.set();
      event.set();
      event.clear();
      tasks.push(createTask(waiter("late")));
      yield* sleep(tick);
      event.set();
      for (const t of tasks) yield* t;
      loop.callSoon(log, "soon");
      log(yield* event.wait());
      yield* sleep(0);
    },
  ),
  scenario(
    "event: a cancelled waiter goes, the others stay",
    `
    async def main(log, loop):
        event = asyncio.Event()
        a, b = [asyncio.create_task(event.wait()) for _ in range(2)]
        await asyncio.sleep(0)
        a.cancel("a!")
        log(await outcome(a), b.done())
        event.set()
        b.cancel("b!")
        log(await outcome(b))
    `,
    function* (log) {
      const event = new Event();
      const [a, b] = [createTask(event.wait()), createTask(event.wait())];
      yield* sleep(0);
      a.cancel("a!");
      log(yield* outcome(a), b.done());
      event.set();
      b.cancel("b!");
      log(yield* outcome(b));
    },
  ),
  scenario(
    "semaphore: units, waiting, and what locked() says",
    `
    async def main(log, loop):
        log(attempt(lambda: asyncio.Semaphore(-1)), attempt(lambda: asyncio.BoundedSemaphore(-1)))
        s = asyncio.Semaphore(2)
        log(s.locked(), await s.acquire(), s.locked(), await s.acquire(), s.locked())
        async def user(n):
            async with s as x:
                log(n, x)
                await asyncio.sleep(tick)
        tasks = [asyncio.create_task(user(n)) for n in range(3)]
        await asyncio.sleep(0)
        s.release()
        log(s.locked())
        s.release()
        log(s.locked())
        await asyncio.wait(tasks)
        log(s.locked())
        z = asyncio.Semaphore(0)
        log(z.locked())
        z.release()
        log(z.locked(), await z.acquire())
    `,
    function* (log) {
      log(
        attempt(() => new Semaphore(-1)),
        attempt(() => new BoundedSemaphore(-1)),
      );
      const s = new Semaphore(2);
      log(s.locked(), yield* s.acquire(), s.locked(), yield* s.acquire(), s.locked());
      function* user(n: number): Coroutine<void> {
        yield* asyncWith(s, function* (x) {
          log(n, x);
          yield* sleep(tick);
        });
      }
      const tasks = [0, 1, 2].map((n) => createTask(user(n)));
      yield* sleep(0);
      s.release();
      log(s.locked());
      s.release();
      log(s.locked());
      for (const t of tasks) yield* t;
      log(s.locked());
      const z = new Semaphore(0);
      log(z.locked());
      z.release();
      log(z.locked(), yield* z.acquire());
    },
  ),
  scenario(
    "semaphore: a woken waiter that is cancelled gives its unit on (gh-90155)",
    `
    async def main(log, loop):
        s = asyncio.Semaphore(1)
        async def user(n):
            await s.acquire()
            log(n)
        await s.acquire()
        a, b, c = [asyncio.create_task(user(n)) for n in "abc"]
        await asyncio.sleep(0)
        s.release()
        s.release()
        a.cancel("a!")
        log(await outcome(a), await outcome(b), await outcome(c), s.locked())
        s.release()
        d = asyncio.create_task(user("d"))
        e = asyncio.create_task(user("e"))
        await asyncio.sleep(0)
        d.cancel()
        e.cancel()
        s.release()
        log(await outcome(d), await outcome(e), s.locked())
    `,
    function* (log) {
      const s = new Semaphore(1);
      function* user(n: string): Coroutine<void> {
        yield* s.acquire();
        log(n);
      }
      yield* s.acquire();
      const [a, b, c] = ["a", "b", "c"].map((n) => createTask(user(n)));
      yield* sleep(0);
      s.release();
      s.release();
      a!.cancel("a!");
      log(yield* outcome(a!), yield* outcome(b!), yield* outcome(c!), s.locked());
      s.release();
      const [d, e] = ["d", "e"].map((n) => createTask(user(n)));
      yield* sleep(0);
      d!.cancel();
      e!.cancel();
      s.release();
      log(yield* outcome(d!), yield* outcome(e!), s.locked());
    },
  ),
  scenario(
    "semaphore: newcomers do not overtake those in line",
    `
    async def main(log, loop):
        s = asyncio.Semaphore(0)
        async def user(n):
            await s.acquire()
            log(n)
        a = asyncio.create_task(user("a"))
        await asyncio.sleep(0)
        s.release()
        log(s.locked())
        b = asyncio.create_task(user("b"))
        log(await outcome(asyncio.wait_for(s.acquire(), tick)))
        s.release()
        s.release()
        await b
        log(s.locked())
    `,
    function* (log) {
      const s = new Semaphore(0);
      function* user(n: string): Coroutine<void> {
        yield* s.acquire();
        log(n);
      }
      createTask(user("a"));
      yield* sleep(0);
      s.release();
      log(s.locked());
      const b = createTask(user("b"));
      log(yield* outcome(waitFor(s.acquire(), tick)));
      s.release();
      s.release();
      yield* b;
      log(s.locked());
    },
  ),
  scenario(
    "bounded semaphore: no more units than at the beginning",
    `
    async def main(log, loop):
        s = asyncio.BoundedSemaphore(1)
        log(attempt(s.release))
        await s.acquire()
        log(attempt(s.release), attempt(s.release), s.locked())
    `,
    function* (log) {
      const s = new BoundedSemaphore(1);
      log(attempt(() => s.release()));
      yield* s.acquire();
      log(
        attempt(() => s.release()),
        attempt(() => s.release()),
        s.locked(),
      );
    },
  ),
];
