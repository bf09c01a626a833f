// Wrong types and ranges are refused with a named error that says what was wrong, and break nothing.
import { expect, it } from "vitest";
import {
  asyncWith,
  Context,
  ContextVar,
  coroutine,
  createTask,
  currentTask,
  allTasks,
  type EventLoop,
  newEventLoop,
  openConnection,
  Protocol,
  setEventLoop,
  sleep,
  startServer,
  StreamReader,
  Task,
  type Coroutine,
  type Yieldable,
} from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { HOST } from "../support/peers.ts";

type Call = (loop: EventLoop) => unknown;
const nothing = (): void => undefined;
const factory = (): Protocol => new Protocol();
const odd = (value: unknown): never => value as never;
/** An own generator each time, so that a test can tell whether it was run. */
const coro = function* (): Coroutine<void> {
  yield* sleep(0);
};
const fedReader = (): StreamReader => {
  const reader = new StreamReader();
  reader.feedData(Buffer.from("abc"));
  reader.feedEof();
  return reader;
};

const typeErrors: Record<string, Call> = {
  "newEventLoop(5)": () => newEventLoop(odd(5)),
  "newEventLoop({ clock: 5 })": () => newEventLoop({ clock: odd(5) }),
  "setEventLoop(5)": () => setEventLoop(odd(5)),
  "callSoon(5)": (loop) => loop.callSoon(odd(5)),
  "callSoon()": (loop) => loop.callSoon(odd(undefined)),
  "callSoonThreadsafe(null)": (loop) => loop.callSoonThreadsafe(odd(null)),
  "callLater(1, 'x')": (loop) => loop.callLater(1, odd("x")),
  "callAt(1, {})": (loop) => loop.callAt(1, odd({})),
  "setExceptionHandler('x')": (loop) => loop.setExceptionHandler(odd("x")),
  "callExceptionHandler()": (loop) => loop.callExceptionHandler(odd(undefined)),
  "callExceptionHandler('x')": (loop) => loop.callExceptionHandler(odd("x")),
  "loop.createTask(5)": (loop) => loop.createTask(odd(5)),
  "createTask(coro, { context: 5 })": () => createTask(coro(), { context: odd(5) }),
  "createTask(coro, 5)": () => createTask(coro(), odd(5)),
  "createTask of a function that gives no awaitable": () => createTask(odd(() => 5)),
  "new Task(5)": () => new Task(odd(5)),
  "coroutine(5)": () => coroutine(odd(5)),
  "coroutine(undefined)": () => coroutine(odd(undefined)),
  "future.addDoneCallback(5)": (loop) => loop.createFuture().addDoneCallback(odd(5)),
  "future.addDoneCallback(f, { context: 5 })": (loop) =>
    loop.createFuture().addDoneCallback(nothing, { context: odd(5) }),
  "future.setException(5)": (loop) => loop.createFuture().setException(odd(5)),
  "future.setException('text')": (loop) => loop.createFuture().setException(odd("text")),
  "future.setException(undefined)": (loop) => loop.createFuture().setException(odd(undefined)),
  "currentTask(5)": () => currentTask(odd(5)),
  "allTasks(5)": () => allTasks(odd(5)),
  "new ContextVar()": () => new ContextVar(odd(undefined)),
  "new ContextVar(5)": () => new ContextVar(odd(5)),
  "variable.reset(5)": () => new ContextVar("v").reset(odd(5)),
  "context.run(5)": () => new Context().run(odd(5)),
  "new StreamReader({ limit: '1' })": () => new StreamReader({ limit: odd("1") }),
  "new StreamReader({ limit: {} })": () => new StreamReader({ limit: odd({}) }),
  "reader.read('1')": () => fedReader().read(odd("1")),
  "reader.read(null)": () => fedReader().read(odd(null)),
  "reader.readexactly('1')": () => fedReader().readexactly(odd("1")),
  "reader.readexactly()": () => fedReader().readexactly(odd(undefined)),
  "reader.readuntil(5)": () => fedReader().readuntil(odd(5)),
  "reader.readuntil(null)": () => fedReader().readuntil(odd(null)),
  "reader.readuntil([5])": () => fedReader().readuntil(odd([5])),
  "reader.readInto('text')": () => fedReader().readInto(odd("text")),
  "reader.readInto(5)": () => fedReader().readInto(odd(5)),
  "reader.readInto(null)": () => fedReader().readInto(odd(null)),
  "reader.readInto([])": () => fedReader().readInto(odd([])),
  "reader.setException(5)": () => fedReader().setException(odd(5)),
  "reader.feedData('text')": () => new StreamReader().feedData(odd("text")),
  "asyncWith(5, body)": () => asyncWith(odd(5), coro),
  "asyncWith(manager, 5)": () => asyncWith({ aenter: () => sleep(0), aexit: () => sleep(0) }, odd(5)),
  "createServer(5)": (loop) => loop.createServer(odd(5), HOST, 0),
  "createServer(factory, 5)": (loop) => loop.createServer(factory, odd(5), 0),
  "createServer(factory, [5])": (loop) => loop.createServer(factory, odd([5]), 0),
  "createServer(factory, host, {})": (loop) => loop.createServer(factory, HOST, odd({})),
  "createServer(factory, host, 0, { backlog: 'x' })": (loop) =>
    loop.createServer(factory, HOST, 0, { backlog: odd("x") }),
  "createConnection(5)": (loop) => loop.createConnection(odd(5), HOST, 1),
  "createConnection(factory, 5, 1)": (loop) => loop.createConnection(factory, odd(5), 1),
  "createConnection(factory, host, {})": (loop) => loop.createConnection(factory, HOST, odd({})),
  "createConnection(factory, host)": (loop) => loop.createConnection(factory, HOST, odd(undefined)),
  "createConnection(..., { localAddr: 5 })": (loop) =>
    loop.createConnection(factory, HOST, 1, { localAddr: odd(5) }),
  "openConnection(5, 1)": () => openConnection(odd(5), 1),
  "openConnection(host, null)": () => openConnection(HOST, odd(null)),
  "openConnection(..., { limit: '1' })": () => openConnection(HOST, 1, { limit: odd("1") }),
  "startServer(5)": () => startServer(odd(5), HOST, 0),
  "startServer(undefined)": () => startServer(odd(undefined), HOST, 0),
  "startServer(f, host, null)": () => startServer(nothing, HOST, odd(null)),
  "startServer(..., { limit: '1' })": () => startServer(nothing, HOST, 0, { limit: odd("1") }),
  "createServer(..., { reusePort: 1 })": (loop) => loop.createServer(factory, HOST, 0, { reusePort: odd(1) }),
  "createServer(..., { startServing: 'no' })": (loop) =>
    loop.createServer(factory, HOST, 0, { startServing: odd("no") }),
  "createServer(..., an unknown option)": (loop) => loop.createServer(factory, HOST, 0, odd({ limit: 1 })),
  "createConnection(..., an unknown option)": (loop) =>
    loop.createConnection(factory, HOST, 1, odd({ limit: 1 })),
  "startServer(..., an unknown option)": () => startServer(nothing, HOST, 0, odd({ limits: 1 })),
  "openConnection(..., an unknown option)": () => openConnection(HOST, 1, odd({ localAddress: 1 })),
};

const rangeErrors: Record<string, Call> = {
  "newEventLoop({ backend: 'fast' })": () => newEventLoop({ backend: odd("fast") }),
  "callLater(NaN)": (loop) => loop.callLater(NaN, nothing),
  "callAt(NaN)": (loop) => loop.callAt(NaN, nothing),
  "new StreamReader({ limit: 0 })": () => new StreamReader({ limit: 0 }),
  "new StreamReader({ limit: -5 })": () => new StreamReader({ limit: -5 }),
  "new StreamReader({ limit: NaN })": () => new StreamReader({ limit: NaN }),
  "reader.read(NaN)": () => fedReader().read(NaN),
  "reader.readexactly(-1)": () => fedReader().readexactly(-1),
  "reader.readexactly(1.5)": () => fedReader().readexactly(1.5),
  "reader.readexactly(NaN)": () => fedReader().readexactly(NaN),
  "createServer(factory, host, -1)": (loop) => loop.createServer(factory, HOST, -1),
  "createServer(factory, host, 65536)": (loop) => loop.createServer(factory, HOST, 65536),
  "createServer(factory, host, 1.5)": (loop) => loop.createServer(factory, HOST, 1.5),
  "createServer(factory, host, NaN)": (loop) => loop.createServer(factory, HOST, NaN),
  "createServer(factory, host, 0, { family: 5 })": (loop) =>
    loop.createServer(factory, HOST, 0, { family: odd(5) }),
  "createServer(factory, host, 0, { backlog: -1 })": (loop) =>
    loop.createServer(factory, HOST, 0, { backlog: -1 }),
  "createConnection(factory, host, 65536)": (loop) => loop.createConnection(factory, HOST, 65536),
  "createConnection(factory, host, -1)": (loop) => loop.createConnection(factory, HOST, -1),
  "openConnection(host, NaN)": () => openConnection(HOST, NaN),
  "openConnection(..., { limit: 0 })": () => openConnection(HOST, 1, { limit: 0 }),
  "openConnection(..., { family: 5 })": () => openConnection(HOST, 1, { family: odd(5) }),
  "startServer(f, host, 70000)": () => startServer(nothing, HOST, 70000),
  "startServer(..., { limit: 0 })": () => startServer(nothing, HOST, 0, { limit: 0 }),
  "sleep(NaN)": () => sleep(NaN),
};

/** The error of a call, whether it throws at once or only where it is awaited. */
function* errorOfCall(call: Call, loop: EventLoop): Coroutine<unknown> {
  try {
    const awaitable = call(loop);
    const iterable = typeof awaitable === "object" && awaitable !== null && Symbol.iterator in awaitable;
    if (iterable && !(awaitable instanceof StreamReader)) yield* awaitable as Yieldable<unknown>;
  } catch (error) {
    return error;
  }
  return "it was taken";
}

describeBackends("bad input", (backend) => {
  for (const [kind, calls] of [
    [TypeError, typeErrors],
    [RangeError, rangeErrors],
  ] as const) {
    it.each(Object.entries(calls))(`${kind.name} for %s`, (_name, call) =>
      onLoop(backend, function* ({ loop }) {
        const error = yield* errorOfCall(call, loop);
        expect(error).toBeInstanceOf(kind);
        // A message of ours names what was wrong; V8's own complaints mean that nobody checked.
        expect((error as Error).message).not.toMatch(
          /Cannot read|is not a function$|is not iterable|undefined \(/,
        );
        expect((error as Error).message.length).toBeGreaterThan(10);
        // The loop is none the worse for it.
        expect(yield* sleep(0, "alive")).toBe("alive");
      }),
    );
  }
});
