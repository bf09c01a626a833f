// What put(), get() and join() promise beyond the cases of CPython: laziness, single use, lines, cancellation, loops.
import { expect, it } from "vitest";
import {
  CancelledError,
  type Coroutine,
  coroutine,
  createTask,
  gather,
  newEventLoop,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  sleep,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("the calls of a queue", (backend) => {
  it("do nothing until they are awaited", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const [put, get] = [queue.put(1), queue.get()];
      yield* passes(2);
      expect(String(queue)).toBe("<Queue maxsize=0>");
      yield* put;
      expect(queue.qsize()).toBe(1);
      expect(yield* get).toBe(1);
    }));

  it("are independent of each other", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>();
      const [a, b, first, second] = [queue.put("a"), queue.put("b"), queue.get(), queue.get()];
      yield* b;
      yield* a;
      expect([yield* second, yield* first]).toEqual(["b", "a"]);
    }));

  it("cannot be awaited twice, nor by two tasks at once", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const put = queue.put(1);
      yield* put;
      expect(label(yield* errorOf(put))).toBe("RuntimeError: cannot reuse already awaited coroutine");
      expect(queue.qsize()).toBe(1);
      const get = queue.get();
      expect(yield* get).toBe(1);
      expect(label(yield* errorOf(get))).toBe("RuntimeError: cannot reuse already awaited coroutine");

      const waiting = queue.get();
      const first = createTask(waiting);
      yield* sleep(0);
      const second = createTask(waiting);
      yield* sleep(0);
      queue.putNowait(2);
      expect(label(yield* errorOf(second))).toBe("RuntimeError: coroutine is being awaited already");
      expect(yield* first).toBe(2);
      expect(label(yield* errorOf(waiting))).toBe("RuntimeError: cannot reuse already awaited coroutine");
    }));

  it("do not give way when they need not wait", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(2);
      let otherRan = false;
      createTask(function* () {
        otherRan = true;
      });
      for (let i = 0; i < 100; i++) {
        yield* queue.put(i);
        yield* queue.get();
        queue.taskDone();
        yield* queue.join();
      }
      expect(otherRan).toBe(false);
      yield* sleep(0);
    }));

  it("can be awaited in async functions", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      async function produce(): Promise<void> {
        for (let i = 0; i < 5; i++) await queue.put(i);
        await queue.join();
      }
      async function consume(): Promise<number[]> {
        const got: number[] = [];
        for (let i = 0; i < 5; i++) {
          got.push(await queue.get());
          queue.taskDone();
        }
        return got;
      }
      const [, got] = yield* gather(produce(), consume());
      expect(got).toEqual([0, 1, 2, 3, 4]);
    }));

  it("name the loop when they would wait in another than the first", async () => {
    const queue = new Queue<number>(1);
    await onLoop(backend, function* () {
      const getter = createTask(queue.get());
      yield* sleep(0);
      queue.putNowait(0);
      yield* getter;
    });
    await onLoop(backend, function* () {
      yield* queue.put(1);
      expect(label(yield* errorOf(queue.put(2)))).toContain(
        "RuntimeError: <Queue maxsize=1 _queue=[1] tasks=2> is bound to a different event loop",
      );
      expect(yield* queue.get()).toBe(1);
      expect(yield* errorOf(queue.get())).toBeInstanceOf(RuntimeError);
      expect(queue._getters.length + queue._putters.length).toBe(0);
    });
  });

  it("reject where no loop runs", async () => {
    const queue = new Queue<number>();
    await expect(queue.get().toPromise()).rejects.toBeInstanceOf(RuntimeError);
    const loop = newEventLoop({ backend });
    await loop.runUntilComplete(queue.put(1));
    loop.close();
    expect(queue.getNowait()).toBe(1);
  });
});

describeBackends("the lines of a queue", (backend) => {
  it("are joined again at the back by a get() that was overtaken", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>();
      const got: string[] = [];
      const take = (name: string): (() => Coroutine<void>) =>
        function* () {
          got.push(`${name} ${yield* queue.get()}`);
        };
      const getters = [createTask(take("first")), createTask(take("second"))];
      yield* sleep(0);
      queue.putNowait("a");
      // The first was woken for it, but has not run yet.
      expect(queue.getNowait()).toBe("a");
      yield* sleep(0);
      queue.putNowait("b");
      queue.putNowait("c");
      yield* gather(...getters);
      expect(got).toEqual(["second b", "first c"]);
    }));

  it("are joined again at the back by a put() that was overtaken", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>(1);
      queue.putNowait("a");
      const putters = [createTask(queue.put("first")), createTask(queue.put("second"))];
      yield* sleep(0);
      queue.getNowait();
      queue.putNowait("b");
      yield* sleep(0);
      const got = [yield* queue.get(), yield* queue.get(), yield* queue.get()];
      expect(got).toEqual(["b", "second", "first"]);
      yield* gather(...putters);
    }));

  it("pass on the slot of a put() that is cancelled after it was woken", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>(1);
      queue.putNowait("a");
      const [first, second] = [createTask(queue.put("first")), createTask(queue.put("second"))];
      yield* sleep(0);
      queue.getNowait();
      first.cancel("no more");
      yield* passes(2);
      expect(label(yield* errorOf(first))).toBe("CancelledError: no more");
      expect(second.done()).toBe(true);
      expect(queue.getNowait()).toBe("second");
    }));

  it("keep their order when a get() is cancelled whose item somebody else has taken", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>();
      const [first, second, third] = [1, 2, 3].map(() => createTask(queue.get()));
      yield* sleep(0);
      queue.putNowait("a");
      queue.getNowait();
      first!.cancel();
      yield* passes(3);
      queue.putNowait("b");
      queue.putNowait("c");
      expect(yield* gather(second!, third!)).toEqual(["b", "c"]);
      expect(yield* errorOf(first!)).toBeInstanceOf(CancelledError);
    }));

  it("are stepped over where a waiter was cancelled and has not run yet", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const getters = Array.from({ length: 5 }, () => createTask(queue.get()));
      yield* sleep(0);
      for (const i of [0, 2, 4]) getters[i]!.cancel();
      expect(String(queue)).toBe("<Queue maxsize=0 _getters[5]>");
      queue.putNowait(1);
      queue.putNowait(3);
      yield* passes(2);
      expect(getters.map((getter) => (getter.cancelled() ? "cancelled" : getter.result()))).toEqual([
        "cancelled",
        1,
        "cancelled",
        3,
        "cancelled",
      ]);
      expect(String(queue)).toBe("<Queue maxsize=0 tasks=2>");
    }));

  it("are left from the middle", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const getters = Array.from({ length: 5 }, () => createTask(queue.get()));
      yield* sleep(0);
      for (const i of [1, 4, 2]) {
        getters[i]!.cancel();
        yield* sleep(0);
      }
      expect(queue._getters.length).toBe(2);
      queue.putNowait(0);
      queue.putNowait(3);
      expect(yield* gather(getters[0]!, getters[3]!)).toEqual([0, 3]);
    }));

  it("keep their order when a coroutine that nobody has woken is closed", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>();
      const first = createTask(queue.get());
      yield* sleep(0);
      const closed = queue.get()[Symbol.iterator]();
      closed.next();
      const [second, third] = [1, 2].map(() => createTask(queue.get()));
      yield* sleep(0);
      queue.putNowait("a");
      closed.return!("");
      yield* passes(3);
      queue.putNowait("b");
      queue.putNowait("c");
      expect(yield* gather(first, second!, third!)).toEqual(["a", "b", "c"]);
    }));

  it("are left by a coroutine that is closed, which passes its item on", () =>
    onLoop(backend, function* ({ loop }) {
      const queue = new Queue<number>();
      function* waiting(): Coroutine<number> {
        return yield* queue.get();
      }
      const closed = waiting();
      closed.next();
      const woken = waiting();
      woken.next();
      const getter = createTask(queue.get());
      yield* sleep(0);
      expect(queue._getters.length).toBe(3);
      closed.return(0);
      expect(queue._getters.length).toBe(2);
      queue.putNowait(1);
      woken.return(0);
      expect(yield* getter).toBe(1);
      expect(loop.statistics().ready).toBe(0);
    }));
});

describeBackends("join() and shutdown()", (backend) => {
  it("join() goes on once everything was done, whatever is put before it runs", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      queue.putNowait(1);
      const joiners = [createTask(queue.join()), createTask(queue.join())];
      yield* sleep(0);
      queue.taskDone();
      queue.putNowait(2);
      yield* sleep(0);
      expect(joiners.map((joiner) => joiner.done())).toEqual([true, true]);
    }));

  it("a join() that is cancelled is gone", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      queue.putNowait(1);
      const joiner = createTask(queue.join());
      yield* sleep(0);
      joiner.cancel();
      expect(yield* errorOf(joiner)).toBeInstanceOf(CancelledError);
      queue.taskDone();
      yield* queue.join();
    }));

  it("shutdown() can be said again, with `immediate` the second time", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      queue.putNowait(1);
      const joiner = createTask(queue.join());
      queue.shutdown();
      queue.shutdown();
      yield* sleep(0);
      expect([queue.qsize(), joiner.done()]).toEqual([1, false]);
      queue.shutdown(true);
      yield* sleep(0);
      expect([queue.qsize(), joiner.done()]).toEqual([0, true]);
    }));

  it("shutdown() ends a put() that was woken already, though there is room", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      const putter = createTask(queue.put(2));
      yield* sleep(0);
      queue.getNowait();
      queue.shutdown();
      expect(yield* errorOf(putter)).toBeInstanceOf(QueueShutDown);
      expect(queue.empty()).toBe(true);
    }));

  it("a queue that was shut down while full refuses rather than waits", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      queue.shutdown();
      const put = queue.put(2);
      expect(yield* errorOf(put)).toBeInstanceOf(QueueShutDown);
      expect(label(yield* errorOf(put))).toBe("RuntimeError: cannot reuse already awaited coroutine");
      expect(queue.full()).toBe(true);
    }));

  it("errors of the queue have names and codes", () => {
    const queue = new Queue<number>(1);
    expect(thrownBy(() => queue.getNowait())).toMatchObject({
      name: "QueueEmpty",
      code: "ERR_ASYNCIO_QUEUE_EMPTY",
    });
    expect(thrownBy(() => queue.getNowait())).toBeInstanceOf(QueueEmpty);
    queue.putNowait(1);
    expect(thrownBy(() => queue.putNowait(1))).toBeInstanceOf(QueueFull);
    queue.taskDone();
    expect(label(thrownBy(() => queue.taskDone()))).toBe(
      "RangeError: taskDone() called too many times: call it once for each item that was put",
    );
  });

  it("wrong arguments are refused with a word on what to give", () => {
    const make = (maxsize: unknown) => () => new Queue(maxsize as number);
    expect(label(thrownBy(make({ maxsize: 1 })))).toContain("TypeError: maxsize must be a number of items");
    expect(label(thrownBy(make("1")))).toContain('got "1"');
    expect(thrownBy(make(NaN))).toBeInstanceOf(RangeError);
    for (const maxsize of [-1, 0, Infinity]) {
      const queue = new Queue<number>(maxsize);
      queue.putNowait(1);
      expect([queue.maxsize, queue.full()]).toEqual([maxsize, false]);
    }
    const shutDown = thrownBy(() => new Queue().shutdown({ immediate: false } as unknown as boolean));
    expect(label(shutDown)).toBe("TypeError: immediate must be true or false, got an object");
    expect(thrownBy(() => Object.assign(new Queue(1), { maxsize: 2 }))).toBeInstanceOf(TypeError);
  });

  it("a queue in a coroutine() is handed over at any depth", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      const take = coroutine(function* (depth: number): Coroutine<number> {
        return depth === 0 ? yield* queue.get() : yield* take(depth - 1);
      });
      const taker = createTask(take(20));
      yield* sleep(0);
      yield* queue.put(7);
      expect(yield* taker).toBe(7);
    }));
});
