// Counterparts of CPython's test_queues: what a queue shows of itself, order, and get().
import { inspect } from "node:util";
import { expect, it } from "vitest";
import {
  asyncWith,
  type Coroutine,
  createTask,
  Event,
  gather,
  Queue,
  QueueEmpty,
  sleep,
  TaskGroup,
  TimeoutError,
  waitFor,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../../support/backends.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_queues.QueueBasicTests", (backend) => {
  /** What a queue says of its waiters and items, through whichever of the two doors to its text. */
  function* showsItsState(show: (queue: Queue<number>) => string): Coroutine<void> {
    expect(show(new Queue())).toBe("<Queue maxsize=0>");

    const empty = new Queue<number>();
    const getter = yield* asyncWith(new TaskGroup(), function* (group) {
      const task = group.createTask(empty.get());
      yield* sleep(0);
      expect(show(empty)).toBe("<Queue maxsize=0 _getters[1]>");
      empty.putNowait(0);
      return task;
    });
    expect(getter.result()).toBe(0);

    const full = new Queue<number>(1);
    const putter = yield* asyncWith(new TaskGroup(), function* (group) {
      full.putNowait(1);
      const task = group.createTask(full.put(2));
      yield* sleep(0);
      expect(show(full)).toBe("<Queue maxsize=1 _queue=[1] _putters[1] tasks=1>");
      full.getNowait();
      return task;
    });
    expect(putter.done()).toBe(true);

    const holding = new Queue<number>();
    holding.putNowait(1);
    expect(show(holding)).toBe("<Queue maxsize=0 _queue=[1] tasks=1>");
  }

  it("test_repr: console.log() shows bound, items and waiters", () =>
    onLoop(backend, () => showsItsState((queue) => inspect(queue))));

  it("test_str: toString() shows bound, items and waiters", () =>
    onLoop(backend, () => showsItsState((queue) => String(queue))));

  it("test_empty: until the first item is in, and once the last is out", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      expect(queue.empty()).toBe(true);
      yield* queue.put(1);
      expect(queue.empty()).toBe(false);
      expect(yield* queue.get()).toBe(1);
      expect(queue.empty()).toBe(true);
    }));

  it("test_full: never without a bound, else once there are as many items", () =>
    onLoop(backend, function* () {
      expect(new Queue().full()).toBe(false);
      const bounded = new Queue<number>(1);
      expect(bounded.full()).toBe(false);
      yield* bounded.put(1);
      expect(bounded.full()).toBe(true);
    }));

  it("test_order: first in, first out", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      for (const item of [1, 3, 2]) yield* queue.put(item);
      expect([yield* queue.get(), yield* queue.get(), yield* queue.get()]).toEqual([1, 3, 2]);
    }));

  it("test_maxsize: put() waits at the bound until an item is taken", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(2);
      expect(queue.maxsize).toBe(2);
      const havePut: number[] = [];
      function* putter(): Coroutine<string> {
        for (let i = 0; i < 3; i++) {
          yield* queue.put(i);
          havePut.push(i);
        }
        return "all in";
      }

      const task = createTask(putter());
      for (let i = 0; i < 2; i++) yield* sleep(0);
      expect(havePut).toEqual([0, 1]);
      expect(yield* queue.get()).toBe(0);
      yield* sleep(0);
      expect(havePut).toEqual([0, 1, 2]);
      expect([yield* queue.get(), yield* queue.get()]).toEqual([1, 2]);
      expect(task.done() && task.result()).toBe("all in");
    }));
});

describeBackends("test_queues.QueueGetTests", (backend) => {
  it("test_blocking_get: gives what is there", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      queue.putNowait(1);
      expect(yield* queue.get()).toBe(1);
    }));

  it("test_get_with_putters: wakes a put() that waits", () =>
    onLoop(backend, function* ({ loop }) {
      const queue = new Queue<number>(1);
      yield* queue.put(1);
      const waiter = queue._putters.enter(loop);
      expect(yield* queue.get()).toBe(1);
      expect(waiter.done()).toBe(true);
      expect(waiter.result()).toBeUndefined();
    }));

  it("test_blocking_get_wait: waits for an item", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const queue = new Queue<number>();
      const started = new Event();
      let finishedAt = -1;
      function* get(): Coroutine<number> {
        started.set();
        const item = yield* queue.get();
        finishedAt = loop.time();
        return item;
      }

      const task = createTask(get());
      yield* started.wait();
      expect(finishedAt).toBe(-1);
      loop.callLater(0.01, () => queue.putNowait(1));
      expect(yield* task).toBe(1);
      expect(finishedAt).toBe(0.01);
    }));

  it("test_nonblocking_get: needs no running loop", () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    expect(queue.getNowait()).toBe(1);
  });

  it("test_nonblocking_get_exception: an empty queue", () => {
    const queue = new Queue<number>();
    expect(thrownBy(() => queue.getNowait())).toBeInstanceOf(QueueEmpty);
  });

  it("test_get_cancelled_race: an item is not lost on a get() that was cancelled", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>();
      const [first, second] = [createTask(queue.get()), createTask(queue.get())];
      yield* sleep(0);
      first.cancel();
      yield* sleep(0);
      expect(first.cancelled()).toBe(true);
      yield* queue.put("a");
      yield* sleep(0);
      expect(second.done()).toBe(true);
      expect(yield* second).toBe("a");
    }));

  it("test_get_with_waiting_putters: items of put()s that wait come in their order", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>(1);
      const putters = [createTask(queue.put("a")), createTask(queue.put("b"))];
      expect([yield* queue.get(), yield* queue.get()]).toEqual(["a", "b"]);
      yield* gather(...putters);
    }));

  it("test_why_are_getters_waiting: more items than the queue has room for all go over", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      const got: number[] = [];
      yield* asyncWith(new TaskGroup(), function* (group) {
        group.createTask(function* () {
          for (let i = 0; i < 5; i++) yield* queue.put(i);
        });
        group.createTask(function* () {
          for (let i = 0; i < 5; i++) got.push(yield* queue.get());
        });
      });
      expect(got).toEqual([0, 1, 2, 3, 4]);
    }));

  it("test_cancelled_getters_not_being_held_in_self_getters: a get() that timed out is gone", () =>
    onVirtualLoop(backend, function* () {
      const queue = new Queue<number>(5);
      expect(yield* errorOf(waitFor(queue.get(), 0.1))).toBeInstanceOf(TimeoutError);
      expect(queue._getters.length).toBe(0);
      expect(String(queue)).toBe("<Queue maxsize=5>");
    }));
});
