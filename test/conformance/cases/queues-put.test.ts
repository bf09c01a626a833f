// Counterparts of CPython's test_queues: put(), with its cancellations; the orders of LifoQueue and PriorityQueue.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  Event,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueFull,
  sleep,
  TaskGroup,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../../support/backends.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_queues.QueuePutTests", (backend) => {
  it("test_blocking_put: does not wait without a bound", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      yield* queue.put(1);
      expect(yield* queue.get()).toBe(1);
    }));

  it("test_blocking_put_wait: waits until there is room", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const queue = new Queue<number>(1);
      const started = new Event();
      let finishedAt = -1;
      function* put(): Coroutine<void> {
        started.set();
        yield* queue.put(1);
        yield* queue.put(2);
        finishedAt = loop.time();
      }

      loop.callLater(0.01, () => queue.getNowait());
      const task = createTask(put());
      yield* started.wait();
      expect(finishedAt).toBe(-1);
      yield* task;
      expect(finishedAt).toBe(0.01);
    }));

  it("test_nonblocking_put: needs no running loop", () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    expect(queue.getNowait()).toBe(1);
  });

  it("test_get_cancel_drop_one_pending_reader: a get() that is cancelled after it was woken leaves its item", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const reader = createTask(queue.get());
      yield* sleep(0);
      queue.putNowait(1);
      queue.putNowait(2);
      reader.cancel();
      expect(yield* errorOf(reader)).toBeInstanceOf(CancelledError);
      expect(yield* createTask(queue.get())).toBe(1);
    }));

  it("test_get_cancel_drop_many_pending_readers: the others get what the cancelled one left", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const readers = yield* asyncWith(new TaskGroup(), function* (group) {
        const [first, second, third] = [1, 2, 3].map(() => group.createTask(queue.get()));
        yield* sleep(0);
        queue.putNowait(1);
        queue.putNowait(2);
        first!.cancel();
        expect(yield* errorOf(first!)).toBeInstanceOf(CancelledError);
        yield* third!;
        return [second!, third!];
      });
      expect(new Set(readers.map((reader) => reader.result()))).toEqual(new Set([1, 2]));
    }));

  it("test_put_cancel_drop: a put() that is cancelled after it was woken puts nothing, and can be tried again", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      const writer = createTask(queue.put(2));
      yield* sleep(0);
      expect(queue.getNowait()).toBe(1);
      writer.cancel();
      expect(yield* errorOf(writer)).toBeInstanceOf(CancelledError);
      expect(queue.qsize()).toBe(0);
      yield* createTask(queue.put(2));
      expect(queue.getNowait()).toBe(2);
      expect(queue.qsize()).toBe(0);
    }));

  it("test_nonblocking_put_exception: a full queue", () => {
    const queue = new Queue<number>(1);
    queue.putNowait(1);
    expect(thrownBy(() => queue.putNowait(2))).toBeInstanceOf(QueueFull);
    expect(queue.qsize()).toBe(1);
  });

  it("test_float_maxsize: a bound that is no integer is reached by the item that exceeds it", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1.3);
      queue.putNowait(1);
      queue.putNowait(2);
      expect(queue.full()).toBe(true);
      expect(thrownBy(() => queue.putNowait(3))).toBeInstanceOf(QueueFull);

      const other = new Queue<number>(1.3);
      yield* other.put(1);
      yield* other.put(2);
      expect(other.full()).toBe(true);
    }));

  it("test_put_cancelled: the task that puts goes on although somebody waits for the item", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>();
      const task = createTask(function* () {
        yield* queue.put(1);
        return "put";
      });
      expect(yield* queue.get()).toBe(1);
      expect(task.done() && task.result()).toBe("put");
    }));

  it("test_put_cancelled_race: a put() cancelled before it began puts nothing", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>(1);
      const [a, b, c] = ["a", "b", "X"].map((item) => createTask(queue.put(item)));
      yield* sleep(0);
      expect(a!.done()).toBe(true);
      expect(b!.done()).toBe(false);
      c!.cancel();
      yield* sleep(0);
      expect(c!.cancelled()).toBe(true);
      expect(queue.getNowait()).toBe("a");
      yield* sleep(0);
      expect(queue.getNowait()).toBe("b");
      yield* b!;
      expect(queue.empty()).toBe(true);
    }));

  it("test_put_with_waiting_getters: the item goes to the one that waits", () =>
    onLoop(backend, function* () {
      const queue = new Queue<string>();
      const task = createTask(queue.get());
      yield* sleep(0);
      yield* queue.put("a");
      expect(yield* task).toBe("a");
    }));

  it("test_why_are_putters_waiting: each item that is taken lets one put() go on", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(2);
      const got: number[] = [];
      yield* asyncWith(new TaskGroup(), function* (group) {
        group.createTask(function* () {
          yield* sleep(0);
          for (let left = queue.qsize(); left > 0; left--) got.push(queue.getNowait());
        });
        for (let i = 0; i < 4; i++) group.createTask(queue.put(i));
      });
      expect(got).toEqual([0, 1]);
      expect([queue.getNowait(), queue.getNowait()]).toEqual([2, 3]);
    }));

  it("test_cancelled_puts_not_being_held_in_self_putters: a cancelled put() is gone", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      const task = createTask(queue.put(1));
      yield* sleep(0);
      expect(queue._putters.length).toBe(1);
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(queue._putters.length).toBe(0);
    }));

  it("test_cancelled_put_silence_value_error_exception: one that was woken already ends with the cancellation", () =>
    onLoop(backend, function* () {
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      const task = createTask(queue.put(1));
      yield* sleep(0);
      queue.getNowait();
      expect(queue._putters.length).toBe(0);
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
    }));
});

describeBackends("test_queues.LifoQueueTests", (backend) => {
  it("test_order: last in, first out", () =>
    onLoop(backend, function* () {
      const queue = new LifoQueue<number>();
      for (const item of [1, 3, 2]) yield* queue.put(item);
      expect([yield* queue.get(), yield* queue.get(), yield* queue.get()]).toEqual([2, 3, 1]);
    }));
});

describeBackends("test_queues.PriorityQueueTests", (backend) => {
  it("test_order: the smallest first", () =>
    onLoop(backend, function* () {
      const queue = new PriorityQueue<number>();
      for (const item of [1, 3, 2]) yield* queue.put(item);
      expect([yield* queue.get(), yield* queue.get(), yield* queue.get()]).toEqual([1, 2, 3]);
    }));
});
