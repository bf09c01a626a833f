// Calls in the wrong state: twice, too early, too late, on a loop that runs or is closed.
import { expect, it } from "vitest";
import {
  asCompleted,
  asyncWith,
  type Awaitable,
  BoundedSemaphore,
  Condition,
  type Coroutine,
  coroutine,
  createTask,
  Event,
  type EventLoop,
  Future,
  gather,
  InvalidStateError,
  Lock,
  newEventLoop,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  run,
  Runner,
  RuntimeError,
  sleep,
  StreamReader,
  Task,
  TaskGroup,
  timeout,
  wait,
  waitFor,
  wrapFuture,
} from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

type ErrorClass = new (...args: never[]) => Error;
type Call = (loop: EventLoop) => unknown;
/** What is called, and what its error says to whoever did it. */
type Refusals = Record<string, [kind: ErrorClass, message: RegExp, call: Call]>;

function done<T>(result: T): Future<T> {
  const future = new Future<T>();
  future.setResult(result);
  return future;
}

const NOT_IN_LOOP = /cannot be called from a running event loop/;

const inALoop: Refusals = {
  "future.result(), pending": [InvalidStateError, /not set/, () => new Future().result()],
  "future.exception(), pending": [InvalidStateError, /not set/, () => new Future().exception()],
  "future.setResult(), done": [InvalidStateError, /done already/, () => done(1).setResult(2)],
  "future.setException(), done": [InvalidStateError, /done already/, () => done(1).setException(new Error())],
  "task.setResult()": [RuntimeError, /not support setResult/, () => createTask(sleep(0)).setResult()],
  "task.setException()": [
    RuntimeError,
    /not support setException/,
    () => createTask(sleep(0)).setException(new Error()),
  ],
  "task.result(), pending": [InvalidStateError, /not set/, () => createTask(sleep(0)).result()],
  "lock.release(), not held": [RuntimeError, /once for each acquire\(\)/, () => new Lock().release()],
  "boundedSemaphore.release(), full": [
    RangeError,
    /released too many times/,
    () => new BoundedSemaphore().release(),
  ],
  "condition.release(), not held": [RuntimeError, /not acquired/, () => new Condition().release()],
  "condition.notify(), not held": [RuntimeError, /un-acquired/, () => new Condition().notify()],
  "condition.notifyAll(), not held": [RuntimeError, /un-acquired/, () => new Condition().notifyAll()],
  "condition.wait(), not held": [RuntimeError, /un-acquired/, () => new Condition().wait()],
  "queue.taskDone(), too often": [RangeError, /too many times/, () => new Queue().taskDone()],
  "queue.getNowait(), empty": [QueueEmpty, /^$/, () => new Queue().getNowait()],
  "queue.putNowait(), full": [
    QueueFull,
    /^$/,
    () => {
      const queue = new Queue<number>(1);
      queue.putNowait(1);
      queue.putNowait(2);
    },
  ],
  "queue.put(), shut down": [
    QueueShutDown,
    /^$/,
    () => {
      const queue = new Queue<number>();
      queue.shutdown();
      return queue.put(1);
    },
  ],
  "loop.close(), running": [RuntimeError, /Cannot close a running event loop/, (loop) => loop.close()],
  "loop.runForever(), running": [RuntimeError, /already running/, (loop) => wrapFuture(loop.runForever())],
  "loop.runUntilComplete(), running": [
    RuntimeError,
    /already running/,
    (loop) => wrapFuture(loop.runUntilComplete(sleep(0))),
  ],
  "another loop's runForever()": [
    RuntimeError,
    /while another loop is running/,
    () => wrapFuture(newEventLoop({ backend: "pure" }).runForever()),
  ],
  "run()": [RuntimeError, NOT_IN_LOOP, () => wrapFuture(run(sleep(0)))],
  "runner.run()": [RuntimeError, NOT_IN_LOOP, () => wrapFuture(new Runner().run(sleep(0)))],
  "timeout.reschedule(), not entered": [RuntimeError, /has not been entered/, () => timeout(1).reschedule(2)],
  "a timeout, entered again": [
    RuntimeError,
    /already been entered/,
    () => {
      const limit = timeout(1);
      return asyncWith(limit, () => asyncWith(limit, () => undefined));
    },
  ],
  "a timeout, left without being entered": [RuntimeError, /Cannot leave/, () => timeout(1).aexit(undefined)],
  "a task group, left without being entered": [
    RuntimeError,
    /has not been entered/,
    () => new TaskGroup().aexit(undefined),
  ],
  "group.createTask(), not entered": [
    RuntimeError,
    /has not been entered/,
    () => new TaskGroup().createTask(sleep(0)),
  ],
  "feedData() after feedEof()": [
    RuntimeError,
    /after feedEof/,
    () => {
      const reader = new StreamReader();
      reader.feedEof();
      reader.feedData(Buffer.from("late"));
    },
  ],
};

/** On a loop that is closed; what is a coroutine or promise there is awaited on another. */
const closed: Refusals = {
  "callSoon()": [RuntimeError, /^Event loop is closed$/, (loop) => loop.callSoon(() => undefined)],
  "callSoonThreadsafe()": [
    RuntimeError,
    /^Event loop is closed$/,
    (loop) => loop.callSoonThreadsafe(() => undefined),
  ],
  "callLater()": [RuntimeError, /^Event loop is closed$/, (loop) => loop.callLater(1, () => undefined)],
  "callAt()": [RuntimeError, /^Event loop is closed$/, (loop) => loop.callAt(1, () => undefined)],
  "createTask()": [RuntimeError, /^Event loop is closed$/, (loop) => loop.createTask(sleep(0))],
  "new Task()": [RuntimeError, /^Event loop is closed$/, (loop) => new Task(sleep(0) as never, { loop })],
  "runForever()": [RuntimeError, /^Event loop is closed$/, (loop) => wrapFuture(loop.runForever())],
  "runUntilComplete()": [
    RuntimeError,
    /^Event loop is closed$/,
    (loop) => wrapFuture(loop.runUntilComplete(sleep(0))),
  ],
};

describeBackends("in a wrong state", (backend) => {
  it.each(Object.entries(inALoop))("%s is refused", (_name, [kind, message, call]) =>
    onLoop(backend, function* ({ loop }) {
      const error = yield* errorOf(
        (function* () {
          const made = call(loop) as Coroutine<unknown> | undefined;
          if (made !== undefined && !(made instanceof Task)) return yield* made;
        })(),
      );
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toMatch(message);
    }),
  );

  it.each(Object.entries(closed))("%s of a closed loop is refused", async (_name, [kind, message, call]) => {
    const loop = newEventLoop({ backend });
    loop.close();
    await onLoop(backend, function* () {
      const error = yield* errorOf(
        (function* () {
          return yield* call(loop) as Coroutine<unknown>;
        })(),
      );
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toMatch(message);
    });
  });
});

describeBackends("what can be awaited once", (backend) => {
  const calls: Record<string, () => Awaitable<unknown>> = {
    "a coroutine object": () =>
      coroutine(function* () {
        yield* sleep(0);
      })(),
    "queue.get()": () => {
      const queue = new Queue<number>();
      queue.putNowait(1);
      queue.putNowait(2);
      return queue.get();
    },
    "queue.put()": () => new Queue<number>().put(1),
    "lock.acquire()": () => new Lock().acquire(),
    "event.wait()": () => {
      const event = new Event();
      event.set();
      return event.wait();
    },
    "sleep()": () => sleep(0.001),
    "sleep(0), with a result": () => sleep(0, "result"),
    "reader.read()": () => {
      const reader = new StreamReader();
      reader.feedData(Buffer.from("some, and more"));
      return reader.read(4);
    },
    "wait()": () => wait([done(1)]),
    "waitFor()": () => waitFor(sleep(0), 1),
    "asyncWith()": () => asyncWith(new Lock(), () => 1),
    "an item of asCompleted()": () => [...asCompleted([done(1)])][0],
  };

  it.each(Object.entries(calls))("%s is refused the second time, in every way", (_name, make) =>
    onLoop(backend, function* () {
      const reuse = /^RuntimeError: cannot reuse already awaited coroutine/;
      for (const again of [
        (used: Awaitable<unknown>) => used,
        (used: Awaitable<unknown>) => createTask(used),
        (used: Awaitable<unknown>) => gather(used),
        (used: Awaitable<unknown>) => createTask(async () => await used),
      ]) {
        const used = make();
        yield* used;
        const error = yield* errorOf(
          (function* () {
            return yield* again(used);
          })(),
        );
        expect(label(error)).toMatch(reuse);
      }
    }),
  );

  it("and is being awaited is refused to whoever comes second", () =>
    onLoop(backend, function* () {
      const waiting: Record<string, () => Awaitable<unknown>> = {
        coroutine: coroutine(function* () {
          yield* sleep(0.01);
        }),
        "queue.get()": () => new Queue().get(),
        "event.wait()": () => new Event().wait(),
      };
      for (const make of Object.values(waiting)) {
        const call = make();
        const first = createTask(function* () {
          yield* call;
        });
        yield* sleep(0);
        const second = createTask(function* () {
          yield* call;
        });
        expect(label(yield* errorOf(second))).toBe("RuntimeError: coroutine is being awaited already");
        first.cancel();
        yield* errorOf(first);
      }
    }));
});

describeBackends("a second end", (backend) => {
  it("of a loop, a runner, a handle or a queue does nothing", async () => {
    const loop = newEventLoop({ backend });
    const handle = loop.callSoon(() => undefined);
    handle.cancel();
    handle.cancel();
    loop.close();
    loop.close();
    expect([handle.cancelled(), loop.isClosed()]).toEqual([true, true]);
    const queue = new Queue();
    queue.shutdown();
    queue.shutdown(true);
    const runner = new Runner({ loopFactory: () => newEventLoop({ backend }) });
    await runner.run(sleep(0));
    await runner.close();
    await runner.close();
    for (const refused of [() => runner.getLoop(), () => runner.run(sleep(0))]) {
      const error: unknown = await (async () => refused())().then(String, (e: unknown) => e);
      expect(label(error)).toBe("RuntimeError: Runner is closed");
    }
  });

  it("of a run: while one is on, another is refused, and the first is none the worse", async () => {
    const first = run(sleep(0.01, "first"), { loopFactory: () => newEventLoop({ backend }) });
    const second: unknown = await run(sleep(0)).then(String, (error: unknown) => error);
    expect(label(second)).toMatch(/^RuntimeError: run\(\) cannot be called/);
    expect(await first).toBe("first");
  });

  it("a loop factory that gives a loop which cannot run is told so, and nothing hangs", async () => {
    const used = newEventLoop({ backend });
    used.close();
    const error: unknown = await run(sleep(0), { loopFactory: () => used }).then(String, (e: unknown) => e);
    expect(label(error)).toBe("RuntimeError: Event loop is closed");
    expect(await run(sleep(0, "fine"), { loopFactory: () => newEventLoop({ backend }) })).toBe("fine");
  });
});
