// Methods that were taken off their object: Python's stay bound to it, JavaScript's do not.
import { expect, it } from "vitest";
import * as asyncio from "../../lib/index.ts";
import {
  BoundedSemaphore,
  Condition,
  ContextVar,
  createTask,
  Event,
  type EventLoop,
  Lock,
  Queue,
  Semaphore,
  sleep,
  StreamReader,
  Task,
  TaskGroup,
  timeout,
} from "../../lib/index.ts";
import * as testing from "../../lib/testing/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { label, thrownBy } from "../support/outcomes.ts";

type Method = (...args: never[]) => unknown;

/** What programs written after Python's hand on as it is, and what they should have handed on. */
const handedOn: Record<string, (loop: EventLoop) => Method> = {
  "event.set()": () => new Event().set,
  "event.clear()": () => new Event().clear,
  "event.wait()": () => new Event().wait,
  "lock.acquire()": () => new Lock().acquire,
  "lock.release()": () => new Lock().release,
  "lock.guard()": () => new Lock().guard,
  "lock.aenter()": () => new Semaphore().aenter,
  "lock.aexit(error)": () => new Condition().aexit,
  "semaphore.acquire()": () => new Semaphore().acquire,
  "semaphore.release()": () => new Semaphore().release,
  "condition.acquire()": () => new Condition().acquire,
  "condition.release()": () => new Condition().release,
  "condition.notify(n)": () => new Condition().notify,
  "condition.notifyAll()": () => new Condition().notifyAll,
  "queue.put(item)": () => new Queue().put,
  "queue.get()": () => new Queue().get,
  "queue.taskDone()": () => new Queue().taskDone,
  "queue.shutdown(immediate)": () => new Queue().shutdown,
  "future.setResult(result)": (loop) => loop.createFuture().setResult,
  "future.setException(error)": (loop) => loop.createFuture().setException,
  "future.cancel()": (loop) => loop.createFuture().cancel,
  "group.createTask(coro)": () => new TaskGroup().createTask,
  "group.cancel()": () => new TaskGroup().cancel,
  "timeout.reschedule(when)": () => timeout(1).reschedule,
  "handle.cancel()": (loop) => loop.callSoon(() => undefined).cancel,
  "loop.callSoon(callback)": (loop) => loop.callSoon,
  "loop.callSoonThreadsafe(callback)": (loop) => loop.callSoonThreadsafe,
  "loop.callLater(delay, callback)": (loop) => loop.callLater,
  "loop.callAt(when, callback)": (loop) => loop.callAt,
  "loop.stop()": (loop) => loop.stop,
  "loop.close()": (loop) => loop.close,
  "loop.createTask(coro)": (loop) => loop.createTask,
  "loop.createFuture()": (loop) => loop.createFuture,
  "loop.createServer(...)": (loop) => loop.createServer,
  "loop.createConnection(...)": (loop) => loop.createConnection,
  "loop.shutdownAsyncgens()": (loop) => loop.shutdownAsyncgens,
  "loop.callExceptionHandler(context)": (loop) => loop.callExceptionHandler,
  "reader.read(n)": () => new StreamReader().read,
  "reader.feedData(data)": () => new StreamReader().feedData,
  "reader.feedEof()": () => new StreamReader().feedEof,
  "variable.get()": () => new ContextVar("name").get,
  "variable.set(value)": () => new ContextVar("name").set,
};

/** Asks nothing of its object, or is no call of a user's. */
const NEEDS_NO_OBJECT = new Set([
  "Protocol",
  "Task.setResult",
  "Task.setException",
  "TimerHandle.getContext",
]);
/** JavaScript's own, and the protocol whose methods do nothing. */
const NOT_LOOKED_AT = new Set<object>([
  Object.prototype,
  Error.prototype,
  AggregateError.prototype,
  asyncio.Protocol.prototype,
]);
/** The protocol of iterators: it is `yield*` that calls these. */
const ITERATOR = new Set(["next", "throw", "return"]);

/** Every public method and getter of every class that the doors give, inherited ones included. */
function publicMethods(): Map<Method, string> {
  const found = new Map<Method, string>();
  for (const [name, value] of Object.entries({ ...asyncio, ...testing } as Record<string, unknown>)) {
    if (typeof value !== "function") continue;
    for (const prototype of prototypesOf(value)) {
      for (const [key, { value: method, get }] of Object.entries(
        Object.getOwnPropertyDescriptors(prototype),
      )) {
        const called: unknown = method ?? get;
        if (typeof called !== "function" || key === "constructor" || key.startsWith("_")) continue;
        if (ITERATOR.has(key) || NEEDS_NO_OBJECT.has(`${name}.${key}`)) continue;
        found.set(called as Method, `${name}.${key}`);
      }
    }
  }
  return found;
}

/** The prototypes of a class and of those it extends. */
function* prototypesOf(type: { readonly prototype?: unknown }): Generator<object> {
  let prototype = type.prototype as object | null | undefined;
  while (prototype && !NOT_LOOKED_AT.has(prototype)) {
    yield prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
}

describeBackends("a method without its object", (backend) => {
  it.each(Object.entries(handedOn))("says () => %s", (call, take) =>
    onLoop(backend, function* ({ loop }) {
      const method = take(loop) as () => unknown;
      expect(label(thrownBy(() => method()))).toBe(
        `TypeError: a method was taken off its object: hand on () => ${call} instead`,
      );
      yield* sleep(0);
    }),
  );

  it("is refused at once, or by the promise that it gives, whatever method it is", async () => {
    const methods = publicMethods();
    expect(methods.size).toBeGreaterThan(100);
    const accepted: string[] = [];
    await onLoop(backend, function* () {
      yield* sleep(0);
      for (const [method, name] of methods) {
        let made: unknown;
        try {
          made = method.call(undefined);
        } catch (error) {
          if (!(error instanceof TypeError)) accepted.push(`${name}: ${label(error)}`);
          continue;
        }
        if (made instanceof Promise) made.catch(() => undefined);
        else accepted.push(name);
      }
    });
    expect(accepted).toEqual([]);
  });

  it("is reported where a callback was meant, with what to do, and the loop goes on", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const event = new Event();
      loop.callSoon(event.set);
      loop.callLater(0, event.set);
      const future = loop.createFuture<void>();
      future.addDoneCallback(event.set);
      future.setResult();
      yield* sleep(0.001);
      expect(takeReports().map(({ exception }) => label(exception))).toEqual(
        Array(3).fill("TypeError: a method was taken off its object: hand on () => event.set() instead"),
      );
      loop.callSoon(() => event.set());
      expect(yield* event.wait()).toBe(true);
    }));

  it("is refused too where somebody else calls it as a method of their own", () =>
    onLoop(backend, function* ({ loop }) {
      const task = createTask(sleep(1));
      const event = new Event();
      const bounded = new BoundedSemaphore();
      const own = {
        cancelTask: task.cancel,
        cancelFuture: loop.createFuture().cancel,
        set: event.set,
        release: bounded.release,
        stop: loop.stop,
      };
      for (const call of [
        () => own.cancelTask(),
        () => own.cancelFuture(),
        () => own.set(),
        () => own.release(),
        () => own.stop(),
      ]) {
        expect(thrownBy(call)).toBeInstanceOf(TypeError);
      }
      expect([task.cancelling(), event.isSet(), loop.isRunning()]).toEqual([0, false, true]);
      task.cancel();
      yield* sleep(0);
      expect(task).toBeInstanceOf(Task);
    }));
});
