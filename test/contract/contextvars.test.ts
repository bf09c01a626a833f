// Context variables: captured when a callback or task is made, one copy for each task and connection.
import { expect, it } from "vitest";
import {
  Context,
  ContextVar,
  copyContext,
  coroutine,
  createTask,
  currentTask,
  gather,
  openConnection,
  RuntimeError,
  sleep,
  startServer,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { HOST } from "../support/peers.ts";
import { errorOf, thrownBy } from "../support/outcomes.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";

describeBackends("context variables", (backend) => {
  it("give the value, else the fallback, else the default, else a RangeError", () => {
    const plain = new ContextVar<number>("plain");
    const withDefault = new ContextVar("withDefault", { default: 7 });
    expect(plain.name).toBe("plain");
    copyContext().run(() => {
      expect(thrownBy(() => plain.get())).toBeInstanceOf(RangeError);
      expect([plain.get(1), withDefault.get(), withDefault.get(8)]).toEqual([1, 7, 8]);
      const token = plain.set(2);
      expect([plain.get(), plain.get(1)]).toEqual([2, 2]);
      plain.set(3);
      plain.reset(token);
      expect(plain.get(0)).toBe(0);
      expect(thrownBy(() => plain.reset(token))).toBeInstanceOf(RuntimeError);
      expect(thrownBy(() => withDefault.reset(plain.set(1) as never))).toBeInstanceOf(RangeError);
    });
    expect(plain.get(-1)).toBe(-1);
  });

  it("reset() refuses a token of another context", () => {
    const variable = new ContextVar<number>("variable");
    const token = copyContext().run(() => variable.set(1));
    expect(thrownBy(() => copyContext().run(() => variable.reset(token)))).toBeInstanceOf(RangeError);
  });

  it("a context cannot be entered twice, and can be again after it was left by an error", () => {
    const context = copyContext();
    expect(context).toBeInstanceOf(Context);
    expect(thrownBy(() => context.run(() => context.run(() => 1)))).toBeInstanceOf(RuntimeError);
    expect(context.run((a: number, b: number) => a + b, 1, 2)).toBe(3);
  });

  it("a copy sees what was set before it was made, and nothing after", () => {
    const variable = new ContextVar("variable", { default: 0 });
    copyContext().run(() => {
      variable.set(1);
      const copy = copyContext();
      variable.set(2);
      expect(copy.run(() => variable.get())).toBe(1);
      copy.run(() => variable.set(3));
      expect([variable.get(), copy.copy().run(() => variable.get())]).toEqual([2, 3]);
    });
  });

  it("callbacks run in what was current when they were scheduled", () =>
    onLoop(backend, function* ({ loop }) {
      const variable = new ContextVar("variable", { default: "none" });
      const seen: string[] = [];
      const note = (where: string): unknown => seen.push(`${where} ${variable.get()}`);
      const future = loop.createFuture<void>();
      variable.set("first");
      loop.callSoon(note, "soon");
      loop.callLater(0, note, "timer");
      loop.callSoonThreadsafe(note, "threadsafe");
      future.addDoneCallback(() => note("done"));
      variable.set("second");
      future.setResult();
      yield* until(() => seen.length === 4, "all callbacks");
      expect(new Set(seen)).toEqual(new Set(["soon first", "timer first", "threadsafe first", "done first"]));
    }));

  it("callbacks run in the context they are given, and what they set stays there", () =>
    onLoop(backend, function* ({ loop }) {
      const variable = new ContextVar("variable", { default: 0 });
      const context = copyContext();
      context.run(() => variable.set(10));
      const seen: number[] = [];
      const add = (n: number): void => {
        seen.push(variable.get());
        variable.set(variable.get() + n);
      };
      const future = loop.createFuture<void>();
      const handle = loop.callSoon(add, 1, { context });
      expect(handle.getContext()).toBe(context);
      loop.callLater(0, add, 2, { context });
      future.addDoneCallback(() => add(4), { context });
      future.setResult();
      yield* until(() => seen.length === 3, "all callbacks");
      expect(context.run(() => variable.get())).toBe(17);
      expect(variable.get()).toBe(0);
    }));

  it("a task copies the context when it is made, and keeps its own changes through every step", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: 0 });
      variable.set(1);
      const body = function* (add: number): Coroutine<number[]> {
        const seen = [variable.get()];
        variable.set(variable.get() + add);
        yield* sleep(0);
        seen.push(variable.get());
        yield* sleep(0.001);
        seen.push(variable.get());
        return seen;
      };
      const a = createTask(body(10));
      variable.set(2);
      const b = createTask(body(20));
      variable.set(3);
      expect(yield* gather(a, b, body(30))).toEqual([
        [1, 11, 11],
        [2, 22, 22],
        [3, 33, 33],
      ]);
      expect(variable.get()).toBe(3);
      expect(a.getContext().run(() => variable.get())).toBe(11);
    }));

  it("a task given a context runs in that very one", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: 0 });
      const context = copyContext();
      const task = createTask(
        function* () {
          variable.set(5);
          yield* sleep(0);
          return variable.get();
        },
        { context },
      );
      expect(task.getContext()).toBe(context);
      expect(yield* task).toBe(5);
      expect([context.run(() => variable.get()), variable.get()]).toEqual([5, 0]);
    }));

  it("coroutines awaited in a task share its context", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: 0 });
      const set = coroutine(function* (value: number): Coroutine<void> {
        yield* sleep(0);
        variable.set(value);
      });
      yield* set(4);
      expect(variable.get()).toBe(4);
      yield* createTask(set(5));
      expect(variable.get()).toBe(4);
    }));

  it("the exception handler runs in the context of the handle that failed", () =>
    onLoop(backend, function* ({ loop }) {
      const variable = new ContextVar("variable", { default: "none" });
      const original = loop.getExceptionHandler();
      const seen: string[] = [];
      loop.setExceptionHandler(() => seen.push(variable.get()));
      variable.set("of the callback");
      loop.callSoon(() => {
        throw new Error("x");
      });
      variable.set("of main");
      yield* passes(2);
      loop.setExceptionHandler(original);
      expect(seen).toEqual(["of the callback"]);
    }));

  it("each connection of a server gets a copy of the server's, in which all its callbacks run", () =>
    onLoop(backend, function* ({ loop }) {
      const variable = new ContextVar("variable", { default: "none" });
      const seen: string[][] = [];
      let number = 0;
      variable.set("server");
      const server = yield* loop.createServer(
        () => {
          const log: string[] = [];
          seen.push(log);
          const id = ++number;
          return new RecordingProtocol({
            made: () => {
              log.push(variable.get());
              variable.set(`connection ${id}`);
            },
            data: () => log.push(variable.get()),
            eof: () => log.push(variable.get()) < 0,
            lost: () => log.push(variable.get()),
          });
        },
        HOST,
        0,
      );
      variable.set("later");
      const port = server.sockets[0].getsockname()[1];
      for (let i = 1; i <= 2; i++) {
        const [, writer] = yield* openConnection(HOST, port);
        yield* until(() => seen[i - 1]?.length === 1, "connectionMade");
        writer.write(Buffer.from("x"));
        yield* until(() => seen[i - 1].length === 2, "data");
        writer.close();
        yield* writer.waitClosed();
        yield* until(() => seen[i - 1].length === 4, "connectionLost");
      }
      server.close();
      yield* server.waitClosed();
      expect(seen).toEqual([
        ["server", "connection 1", "connection 1", "connection 1"],
        ["server", "connection 2", "connection 2", "connection 2"],
      ]);
    }));

  it("the coroutine of a stream server sees the context that the server was made in", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: "none" });
      const seen: string[] = [];
      variable.set("server");
      const server = yield* startServer(
        function* (_reader, writer) {
          seen.push(variable.get());
          variable.set("changed by one connection");
          yield* sleep(0);
          writer.close();
        },
        HOST,
        0,
      );
      variable.set("later");
      for (let i = 0; i < 2; i++) {
        const [reader, writer] = yield* openConnection(HOST, server.sockets[0].getsockname()[1]);
        yield* reader.read();
        writer.close();
        yield* writer.waitClosed();
      }
      server.close();
      yield* server.waitClosed();
      expect(seen).toEqual(["server", "server"]);
    }));

  it("a client's protocol callbacks run in the context of the connect", () =>
    onLoop(backend, function* ({ loop }) {
      const variable = new ContextVar("variable", { default: "none" });
      const seen: string[] = [];
      const server = yield* startServer((_reader, writer) => writer.write(Buffer.from("hello")), HOST, 0);
      variable.set("connecting");
      const [transport, protocol] = yield* loop.createConnection(
        () =>
          new RecordingProtocol({
            made: () => seen.push(variable.get()),
            data: () => seen.push(variable.get()),
          }),
        HOST,
        server.sockets[0].getsockname()[1],
      );
      variable.set("connected");
      yield* until(() => protocol.text === "hello", "the greeting");
      transport.abort();
      yield* until(() => protocol.lost, "the end");
      server.abortClients();
      server.close();
      yield* server.waitClosed();
      expect(seen).toEqual(["connecting", "connecting"]);
    }));

  it("are not disturbed by an error or cancellation in a task", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: 0 });
      const failing = createTask(function* (): Coroutine<void> {
        variable.set(9);
        throw new Error("x");
      });
      const cancelled = createTask(function* () {
        variable.set(8);
        yield* sleep(1000);
      });
      yield* errorOf(failing);
      cancelled.cancel();
      yield* errorOf(cancelled);
      expect(variable.get()).toBe(0);
    }));

  it("set in a step is seen through Task.getContext() at once", () =>
    onLoop(backend, function* () {
      const variable = new ContextVar<string>("v");
      const task = createTask(function* () {
        variable.set("first");
        const early = currentTask()!.getContext();
        variable.set("second");
        yield* sleep(0);
        return [early === currentTask()!.getContext(), early.get(variable)];
      });
      expect(yield* task).toEqual([true, "second"]);
    }));
});
