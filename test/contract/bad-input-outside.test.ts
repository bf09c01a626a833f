// Calls where no loop runs, or where one runs but no task: each says what is missing.
import { expect, it } from "vitest";
import {
  allTasks,
  asCompleted,
  asyncWith,
  Barrier,
  captureCallGraph,
  createTask,
  currentTask,
  ensureFuture,
  Event,
  type EventLoop,
  Future,
  gather,
  getEventLoop,
  getRunningLoop,
  Lock,
  newEventLoop,
  openConnection,
  Queue,
  RuntimeError,
  Semaphore,
  shield,
  sleep,
  Task,
  TaskGroup,
  timeout,
  timeoutAt,
  wait,
  waitFor,
  wrapFuture,
} from "../../lib/index.ts";
import { passes, waitUntilBlocked } from "../../lib/testing/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { thrownBy } from "../support/outcomes.ts";

type ErrorClass = new (...args: never[]) => Error;
type Call = (loop: EventLoop) => unknown;
/** What is called, and what its error says to whoever did it. */
type Refusals = Record<string, [kind: ErrorClass, message: RegExp, call: Call]>;

const NO_LOOP = /^no running event loop: call this from a coroutine or callback of run\(main\)/;

/** Where no loop runs and none is set. Coroutines are awaited, and reject. */
const outside: Refusals = {
  "getRunningLoop()": [RuntimeError, NO_LOOP, () => getRunningLoop()],
  "getEventLoop()": [RuntimeError, /use run\(main\) or setEventLoop\(\)/, () => getEventLoop()],
  "createTask()": [RuntimeError, NO_LOOP, () => createTask(sleep(0))],
  "new Task()": [RuntimeError, NO_LOOP, () => new Task(sleep(0) as never)],
  "new Future()": [RuntimeError, NO_LOOP, () => new Future()],
  "ensureFuture()": [RuntimeError, NO_LOOP, () => ensureFuture(sleep(0))],
  "wrapFuture()": [RuntimeError, NO_LOOP, () => wrapFuture(Promise.resolve())],
  "currentTask()": [RuntimeError, NO_LOOP, () => currentTask()],
  "allTasks()": [RuntimeError, NO_LOOP, () => allTasks()],
  "gather()": [RuntimeError, NO_LOOP, () => gather()],
  "gather(f())": [RuntimeError, NO_LOOP, () => gather(sleep(0))],
  "shield(f())": [RuntimeError, NO_LOOP, () => shield(sleep(0))],
  "asCompleted([f()])": [RuntimeError, NO_LOOP, () => asCompleted([sleep(0)])],
  "timeout()": [RuntimeError, NO_LOOP, () => timeout(1)],
  "captureCallGraph()": [RuntimeError, /no future to introspect was provided/, () => captureCallGraph()],
  "await sleep()": [RuntimeError, NO_LOOP, () => sleep(0)],
  "await wait()": [RuntimeError, NO_LOOP, () => wait([])],
  "await waitFor()": [RuntimeError, NO_LOOP, () => waitFor(sleep(0), 1)],
  "await queue.get()": [RuntimeError, NO_LOOP, () => new Queue().get()],
  "await lock.acquire()": [RuntimeError, NO_LOOP, () => new Lock().acquire()],
  "await event.wait()": [RuntimeError, NO_LOOP, () => new Event().wait()],
  "await semaphore.acquire()": [RuntimeError, NO_LOOP, () => new Semaphore(0).acquire()],
  "await barrier.wait()": [RuntimeError, NO_LOOP, () => new Barrier(2).wait()],
  "await asyncWith()": [RuntimeError, NO_LOOP, () => asyncWith(new Lock(), () => undefined)],
  "await asyncWith(new TaskGroup())": [
    RuntimeError,
    NO_LOOP,
    () => asyncWith(new TaskGroup(), () => undefined),
  ],
  "await openConnection()": [RuntimeError, NO_LOOP, () => openConnection("127.0.0.1", 1)],
  "await passes()": [RuntimeError, NO_LOOP, () => passes(1)],
  "await waitUntilBlocked()": [RuntimeError, NO_LOOP, () => waitUntilBlocked()],
};

/** In a callback of a loop, where no task runs. */
const inACallback: Refusals = {
  "entering a timeout": [RuntimeError, /inside a task/, () => timeout(1).aenter().next()],
  "entering a task group": [
    RuntimeError,
    /cannot determine the parent task/,
    () => new TaskGroup().aenter().next(),
  ],
};

describeBackends("outside any loop", (backend) => {
  it.each(Object.entries(outside))("%s is refused", async (_name, [kind, message, call]) => {
    const loop = newEventLoop({ backend });
    const error: unknown = await (async () => (await call(loop)) as unknown)().then(
      String,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(message);
    loop.close();
  });

  it("what waits for nothing can be made and used", () => {
    expect([new Queue(1).qsize(), new Event().isSet(), new Lock().locked(), timeoutAt(5).when()]).toEqual([
      0,
      false,
      false,
      5,
    ]);
  });
});

describeBackends("in a callback, where no task runs,", (backend) => {
  it.each(Object.entries(inACallback))("%s is refused", (_name, [kind, message, call]) =>
    onLoop(backend, function* ({ loop }) {
      const errors: Error[] = [];
      loop.callSoon(() => errors.push(thrownBy(() => call(loop))));
      yield* sleep(0);
      yield* sleep(0);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBeInstanceOf(kind);
      expect(errors[0]!.message).toMatch(message);
    }),
  );
});
