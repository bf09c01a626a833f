// Counterparts of CPython's test_queues: join() with taskDone(), and shutdown(), on each of the three kinds of queue.
import { expect, it } from "vitest";
import {
  asyncWith,
  type Coroutine,
  createTask,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueShutDown,
  sleep,
  TaskGroup,
} from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { errorOf, thrownBy } from "../../support/outcomes.ts";

const KINDS: readonly (new <T>(maxsize?: number) => Queue<T>)[] = [Queue, LifoQueue, PriorityQueue];

for (const Kind of KINDS) {
  describeBackends(`test_queues.${Kind.name}JoinTests`, (backend) => {
    it("test_task_done_underflow: taskDone() for an item that was never put", () => {
      expect(thrownBy(() => new Kind().taskDone())).toBeInstanceOf(RangeError);
    });

    it("test_task_done: join() ends when every item was worked on", () =>
      onLoop(backend, function* () {
        const queue = new Kind<number>();
        for (let i = 0; i < 100; i++) queue.putNowait(i);
        let [sum, running] = [0, true];
        function* worker(): Coroutine<void> {
          while (running) {
            sum += yield* queue.get();
            queue.taskDone();
          }
        }

        yield* asyncWith(new TaskGroup(), function* (group) {
          const workers = [group.createTask(worker()), group.createTask(worker())];
          yield* queue.join();
          expect(sum).toBe(4950);
          running = false;
          workers.forEach(() => queue.putNowait(0));
        });
      }));

    it("test_join_empty_queue: nothing to wait for, however often", () =>
      onLoop(backend, function* () {
        const queue = new Kind();
        let passed = 0;
        createTask(function* () {
          passed++;
        });
        yield* queue.join();
        yield* queue.join();
        expect(passed).toBe(0);
        yield* sleep(0);
        expect(passed).toBe(1);
      }));

    it("test_format: shows how many items are unfinished", () => {
      const queue = new Kind<number>();
      expect(String(queue)).toBe(`<${Kind.name} maxsize=0>`);
      for (let i = 0; i < 2; i++) {
        queue.putNowait(i);
        queue.getNowait();
      }
      expect(String(queue)).toBe(`<${Kind.name} maxsize=0 tasks=2>`);
    });
  });

  describeBackends(`test_queues.${Kind.name}ShutdownTests`, (backend) => {
    function* refusesAll(queue: Queue<string>): Coroutine<void> {
      expect(yield* errorOf(queue.put("data"))).toBeInstanceOf(QueueShutDown);
      expect(thrownBy(() => queue.putNowait("data"))).toBeInstanceOf(QueueShutDown);
      expect(yield* errorOf(queue.get())).toBeInstanceOf(QueueShutDown);
      expect(thrownBy(() => queue.getNowait())).toBeInstanceOf(QueueShutDown);
    }

    it("test_format: shows that it was shut down", () => {
      const queue = new Kind();
      queue.shutdown();
      expect(String(queue)).toBe(`<${Kind.name} maxsize=0 shutdown>`);
    });

    it("test_shutdown_empty: a get() that waits is told", () =>
      onLoop(backend, function* () {
        const queue = new Kind<string>();
        const getter = createTask(queue.get());
        yield* sleep(0);
        queue.shutdown(false);
        expect(queue.qsize()).toBe(0);
        yield* queue.join();
        yield* sleep(0);
        expect(getter.done()).toBe(true);
        expect(yield* errorOf(getter)).toBeInstanceOf(QueueShutDown);
        yield* refusesAll(queue);
      }));

    it("test_shutdown_nonempty: a put() that waits is told, what is left can be taken", () =>
      onLoop(backend, function* () {
        const queue = new Kind<string>(1);
        queue.putNowait("data");
        const joiner = createTask(queue.join());
        const putter = createTask(queue.put("data2"));
        yield* sleep(0);
        expect(putter.done()).toBe(false);

        queue.shutdown(false);
        expect(queue.qsize()).toBe(1);
        yield* sleep(0);
        expect(putter.done()).toBe(true);
        expect(yield* errorOf(putter)).toBeInstanceOf(QueueShutDown);

        expect(yield* queue.get()).toBe("data");
        yield* sleep(0);
        expect(joiner.done()).toBe(false);
        yield* refusesAll(queue);

        queue.taskDone();
        yield* sleep(0);
        expect(joiner.done()).toBe(true);
        yield* joiner;
        expect(thrownBy(() => queue.taskDone())).toBeInstanceOf(RangeError);
      }));

    it("test_shutdown_immediate: what is left is thrown away and counts as done", () =>
      onLoop(backend, function* () {
        const queue = new Kind<string>();
        queue.putNowait("data");
        const joiner = createTask(queue.join());
        queue.shutdown(true);
        expect(queue.qsize()).toBe(0);
        yield* sleep(0);
        expect(joiner.done()).toBe(true);
        yield* joiner;
        yield* refusesAll(queue);
        expect(thrownBy(() => queue.taskDone())).toBeInstanceOf(RangeError);
      }));

    it("test_shutdown_immediate_with_unfinished: what was taken out before is still to be done", () =>
      onLoop(backend, function* () {
        const queue = new Kind<string>();
        queue.putNowait("data");
        queue.putNowait("data");
        const joiner = createTask(queue.join());
        expect(yield* queue.get()).toBe("data");
        queue.shutdown(true);
        expect(queue.qsize()).toBe(0);
        yield* sleep(0);
        expect(joiner.done()).toBe(false);
        yield* refusesAll(queue);

        queue.taskDone();
        expect(thrownBy(() => queue.taskDone())).toBeInstanceOf(RangeError);
        yield* sleep(0);
        expect(joiner.done()).toBe(true);
        yield* joiner;
      }));
  });
}
