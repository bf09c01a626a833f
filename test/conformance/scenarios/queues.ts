// Scenarios of Queue, PriorityQueue and LifoQueue.
import {
  type Coroutine,
  createTask,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueEmpty,
  sleep,
} from "../../../lib/index.ts";
import { attempt, outcome, scenario, tick } from "./scenario.ts";

export const QUEUES = [
  scenario(
    "the three kinds give their items in their order",
    `
    async def main(log, loop):
        for kind in (asyncio.Queue, asyncio.PriorityQueue, asyncio.LifoQueue):
            q = kind(4)
            for item in (3, 1, 4, 1):
                q.put_nowait(item)
            log(q.qsize(), q.full(), q.empty(), q.maxsize, attempt(lambda: q.put_nowait(0)))
            log([q.get_nowait() for _ in range(4)], attempt(q.get_nowait), q.empty(), q.full())
        log(asyncio.Queue(0).full(), asyncio.Queue(-1).full(), asyncio.Queue().maxsize)
    `,
    function* (log) {
      for (const kind of [Queue, PriorityQueue, LifoQueue] as (typeof Queue)[]) {
        const q = new kind<number>(4);
        for (const item of [3, 1, 4, 1]) q.putNowait(item);
        log(
          q.qsize(),
          q.full(),
          q.empty(),
          q.maxsize,
          attempt(() => q.putNowait(0)),
        );
        log(
          [0, 1, 2, 3].map(() => q.getNowait()),
          attempt(() => q.getNowait()),
          q.empty(),
          q.full(),
        );
      }
      log(new Queue(0).full(), new Queue(-1).full(), new Queue().maxsize);
    },
  ),
  scenario(
    "put and get wait where they must, and take no pass where they need not",
    `
    async def main(log, loop):
        q = asyncio.Queue(2)
        async def producer():
            for n in range(5):
                await q.put(n)
                log("put", n, q.qsize())
        async def consumer():
            for _ in range(5):
                log("got", await q.get(), q.qsize())
        p = asyncio.create_task(producer())
        await asyncio.sleep(tick)
        c = asyncio.create_task(consumer())
        await asyncio.wait([p, c])
        c = asyncio.create_task(consumer())
        await asyncio.sleep(tick)
        p = asyncio.create_task(producer())
        await asyncio.wait([p, c])
    `,
    function* (log) {
      const q = new Queue<number>(2);
      function* producer(): Coroutine<void> {
        for (let n = 0; n < 5; n++) {
          yield* q.put(n);
          log("put", n, q.qsize());
        }
      }
      function* consumer(): Coroutine<void> {
        for (let n = 0; n < 5; n++) log("got", yield* q.get(), q.qsize());
      }
      let p = createTask(producer());
      yield* sleep(tick);
      let c = createTask(consumer());
      yield* p;
      yield* c;
      c = createTask(consumer());
      yield* sleep(tick);
      p = createTask(producer());
      yield* p;
      yield* c;
    },
  ),
  scenario(
    "a woken getter whose item is gone waits again, at the end of the line",
    `
    async def main(log, loop):
        q = asyncio.Queue()
        async def getter(n):
            log(n, await q.get())
        ts = [asyncio.create_task(getter(n)) for n in "ab"]
        await asyncio.sleep(0)
        q.put_nowait(1)
        log("stolen", q.get_nowait())
        await asyncio.sleep(0)
        q.put_nowait(2)
        q.put_nowait(3)
        await asyncio.wait(ts)
    `,
    function* (log) {
      const q = new Queue<number>();
      function* getter(n: string): Coroutine<void> {
        log(n, yield* q.get());
      }
      const ts = ["a", "b"].map((n) => createTask(getter(n)));
      yield* sleep(0);
      q.putNowait(1);
      log("stolen", q.getNowait());
      yield* sleep(0);
      q.putNowait(2);
      q.putNowait(3);
      for (const t of ts) yield* t;
    },
  ),
  scenario(
    "a cancelled getter or putter loses nothing and wakes the next",
    `
    async def main(log, loop):
        q = asyncio.Queue(1)
        async def getter(n):
            log(n, await q.get())
        a, b = [asyncio.create_task(getter(n)) for n in "ab"]
        await asyncio.sleep(0)
        q.put_nowait(1)
        a.cancel("a!")
        log(await outcome(a), await outcome(b), q.qsize())
        q.put_nowait(2)
        async def putter(n):
            await q.put(n)
            log("put", n)
        c, d = [asyncio.create_task(putter(n)) for n in "cd"]
        await asyncio.sleep(0)
        log(q.get_nowait())
        c.cancel("c!")
        log(await outcome(c), await outcome(d), q.qsize(), q.get_nowait())
        e = asyncio.create_task(getter("e"))
        await asyncio.sleep(0)
        e.cancel("e!")
        log(await outcome(e))
        q.put_nowait(3)
        log(q.get_nowait())
    `,
    function* (log) {
      const q = new Queue<unknown>(1);
      function* getter(n: string): Coroutine<void> {
        log(n, yield* q.get());
      }
      const [a, b] = ["a", "b"].map((n) => createTask(getter(n)));
      yield* sleep(0);
      q.putNowait(1);
      a!.cancel("a!");
      log(yield* outcome(a!), yield* outcome(b!), q.qsize());
      q.putNowait(2);
      function* putter(n: string): Coroutine<void> {
        yield* q.put(n);
        log("put", n);
      }
      const [c, d] = ["c", "d"].map((n) => createTask(putter(n)));
      yield* sleep(0);
      log(q.getNowait());
      c!.cancel("c!");
      log(yield* outcome(c!), yield* outcome(d!), q.qsize(), q.getNowait());
      const e = createTask(getter("e"));
      yield* sleep(0);
      e.cancel("e!");
      log(yield* outcome(e));
      q.putNowait(3);
      log(q.getNowait());
    },
  ),
  scenario(
    "join waits for every item to be done with, and task_done is called once for each",
    `
    async def main(log, loop):
        q = asyncio.Queue()
        log(attempt(q.task_done), await q.join())
        for n in range(3):
            q.put_nowait(n)
        async def joiner():
            await q.join()
            log("joined")
        j = asyncio.create_task(joiner())
        while not q.empty():
            item = await q.get()
            await asyncio.sleep(tick)
            log("done", item)
            q.task_done()
        log(j.done(), attempt(q.task_done))
        await j
    `,
    function* (log) {
      const q = new Queue<number>();
      log(
        attempt(() => q.taskDone()),
        yield* q.join(),
      );
      for (let n = 0; n < 3; n++) q.putNowait(n);
      const j = createTask(function* () {
        yield* q.join();
        log("joined");
      });
      while (!q.empty()) {
        const item = yield* q.get();
        yield* sleep(tick);
        log("done", item);
        q.taskDone();
      }
      log(
        j.done(),
        attempt(() => q.taskDone()),
      );
      yield* j;
    },
  ),
  scenario(
    "shutdown: puts are refused at once, gets when nothing is left",
    `
    async def main(log, loop):
        q = asyncio.Queue()
        q.put_nowait(1)
        q.put_nowait(2)
        q.shutdown()
        q.shutdown()
        log(attempt(lambda: q.put_nowait(3)), await outcome(q.put(3)))
        log(await q.get(), q.get_nowait(), await outcome(q.get()), attempt(q.get_nowait))
        q.task_done()
        j = asyncio.create_task(q.join())
        await asyncio.sleep(tick)
        log(j.done())
        q.task_done()
        await j
        log("joined")
    `,
    function* (log) {
      const q = new Queue<number>();
      q.putNowait(1);
      q.putNowait(2);
      q.shutdown();
      q.shutdown();
      log(
        attempt(() => q.putNowait(3)),
        yield* outcome(q.put(3)),
      );
      log(
        yield* q.get(),
        q.getNowait(),
        yield* outcome(q.get()),
        attempt(() => q.getNowait()),
      );
      q.taskDone();
      const j = createTask(q.join());
      yield* sleep(tick);
      log(j.done());
      q.taskDone();
      yield* j;
      log("joined");
    },
  ),
  scenario(
    "shutdown: those who wait are woken, immediate shutdown releases join",
    `
    async def main(log, loop):
        for immediate in (False, True):
            full, empty = asyncio.Queue(1), asyncio.Queue(1)
            full.put_nowait("item")
            async def put():
                log("put", await outcome(full.put("more")))
            async def get(n):
                log("get", n, await outcome(empty.get()))
            async def join():
                await full.join()
                log("joined")
            ts = [asyncio.create_task(c) for c in (put(), put(), get(1), get(2), join())]
            await asyncio.sleep(tick)
            empty.shutdown(immediate)
            full.shutdown(immediate)
            log(full.qsize())
            await asyncio.sleep(tick)
            log([t.done() for t in ts], attempt(full.get_nowait), attempt(full.task_done))
            await asyncio.wait(ts)
    `,
    function* (log) {
      for (const immediate of [false, true]) {
        const [full, empty] = [new Queue<string>(1), new Queue<string>(1)];
        full.putNowait("item");
        function* put(): Coroutine<void> {
          log("put", yield* outcome(full.put("more")));
        }
        function* get(n: number): Coroutine<void> {
          log("get", n, yield* outcome(empty.get()));
        }
        function* join(): Coroutine<void> {
          yield* full.join();
          log("joined");
        }
        const ts = [put(), put(), get(1), get(2), join()].map((c) => createTask(c));
        yield* sleep(tick);
        empty.shutdown(immediate);
        full.shutdown(immediate);
        log(full.qsize());
        yield* sleep(tick);
        log(
          ts.map((t) => t.done()),
          attempt(() => full.getNowait()),
          attempt(() => full.taskDone()),
        );
        for (const t of ts) yield* t;
      }
    },
  ),
  scenario(
    "priority: who waits gets the least that is there when it runs",
    `
    async def main(log, loop):
        q = asyncio.PriorityQueue()
        async def getter(n):
            log(n, await q.get())
        ts = [asyncio.create_task(getter(n)) for n in range(3)]
        await asyncio.sleep(0)
        for item in (5, 3, 4):
            q.put_nowait(item)
        await asyncio.wait(ts)
    `,
    function* (log) {
      const q = new PriorityQueue<number>();
      function* getter(n: number): Coroutine<void> {
        log(n, yield* q.get());
      }
      const ts = [0, 1, 2].map((n) => createTask(getter(n)));
      yield* sleep(0);
      for (const item of [5, 3, 4]) q.putNowait(item);
      for (const t of ts) yield* t;
    },
  ),
  scenario(
    "the errors are the named ones",
    `
    async def main(log, loop):
        q = asyncio.Queue(1)
        log(isinstance(attempt(q.get_nowait), asyncio.QueueEmpty), type(attempt(q.get_nowait)).__name__)
    `,
    function* (log) {
      const q = new Queue(1);
      const e = attempt(() => q.getNowait());
      log(e instanceof QueueEmpty, (e as Error).name);
    },
  ),
];
