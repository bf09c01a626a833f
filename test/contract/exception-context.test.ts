// In which context an exception handler is called, and what the default one makes of odd reports.
import { expect, it } from "vitest";
import {
  Context,
  ContextVar,
  type Coroutine,
  createTask,
  currentTask,
  type ExceptionContext,
  newEventLoop,
  sleep,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { reportsOfGarbage } from "../support/garbage.ts";
import { label, thrownBy } from "../support/outcomes.ts";
import { stderrOf } from "../support/stderr.ts";

describeBackends("the exception handler's context", (backend) => {
  const variable = new ContextVar("who", { default: "nobody" });

  /** Runs `body` under a handler that notes whose context it is called in. */
  const handlersContext = (
    body: (seen: string[]) => Coroutine<void>,
    looks: (context: ExceptionContext) => string = () => variable.get(),
  ): Promise<string[]> =>
    onLoop(backend, function* ({ loop }) {
      const original = loop.getExceptionHandler();
      const seen: string[] = [];
      loop.setExceptionHandler((_loop, context) => seen.push(looks(context)));
      yield* body(seen);
      loop.setExceptionHandler(original);
      return seen;
    });

  const contextOf = (who: string): Context => {
    const context = new Context();
    context.run(() => variable.set(who));
    return context;
  };

  it("is that of the task, else of the future, else of the handle that it is about", async () => {
    const seen = await handlersContext(function* () {
      const task = createTask(sleep(0), { context: contextOf("task") });
      const other = createTask(sleep(0), { context: contextOf("other") });
      const loop = task.getLoop();
      const handle = loop.callSoon(() => undefined, { context: contextOf("handle") });
      for (const context of [{ task, future: other, handle }, { future: other, handle }, { handle }, {}]) {
        loop.callExceptionHandler({ message: "mine", ...context });
      }
      yield* passes(2);
    });
    expect(seen).toEqual(["task", "other", "handle", "nobody"]);
  });

  it("is that of a callback that throws", async () => {
    const seen = await handlersContext(function* () {
      const loop = currentTask()!.getLoop();
      const fail = (): never => {
        throw new Error("in a callback");
      };
      loop.callSoon(fail, { context: contextOf("soon") });
      loop.callLater(0, fail, { context: contextOf("later") });
      yield* sleep(0.001);
    });
    expect(seen).toEqual(["soon", "later"]);
  });

  it("is that of a task whose error nobody asked for, with what its last step has set", async () => {
    const seen = await handlersContext(function* (reports) {
      createTask(function* () {
        yield* sleep(0);
        variable.set("forgotten task");
        throw new Error("nobody asks");
      });
      yield* passes(3);
      yield* reportsOfGarbage(() => reports.map((message) => ({ message })));
    });
    expect(seen).toEqual(["forgotten task"]);
  });

  it("may be the current one: a task can report about itself", async () => {
    const seen = await handlersContext(function* () {
      const task = createTask(
        function* () {
          currentTask()!.getLoop().callExceptionHandler({ message: "of mine", task: currentTask() });
          yield* sleep(0);
        },
        { context: contextOf("self") },
      );
      yield* task;
      const context = contextOf("entered");
      context.run(() => {
        const loop = task.getLoop();
        loop.callExceptionHandler({
          message: "of mine",
          handle: loop.callSoon(() => undefined, { context }),
        });
      });
      yield* passes(1);
    });
    expect(seen).toEqual(["self", "entered"]);
  });

  it("is left again, also when the handler throws", async () => {
    const loop = newEventLoop({ backend });
    loop.setExceptionHandler(() => {
      throw new Error("broken");
    });
    const handle = loop.callSoon(() => undefined, { context: contextOf("handle") });
    await stderrOf(async () => loop.callExceptionHandler({ message: "mine", handle }));
    expect(variable.get()).toBe("nobody");
    loop.close();
  });
});

describeBackends("callExceptionHandler() and the default handler", (backend) => {
  it("refuse what is no object", async () => {
    const loop = newEventLoop({ backend });
    for (const bad of [null, undefined, 1, "text"]) {
      expect(label(thrownBy(() => loop.callExceptionHandler(bad as never)))).toMatch(
        /^TypeError: callExceptionHandler\(\) takes an object/,
      );
    }
    loop.close();
  });

  it("make up a message where there is none", async () => {
    const loop = newEventLoop({ backend });
    const text = await stderrOf(async () => {
      loop.callExceptionHandler({ message: "" });
      loop.callExceptionHandler({} as never);
    });
    expect(text).toBe("Unhandled exception in event loop\n\nUnhandled exception in event loop\n");
    loop.close();
  });

  it("say in debug mode where the handle was made that was running", async () => {
    const loop = newEventLoop({ backend });
    const report = (): void => loop.callExceptionHandler({ message: "mine" });
    const textOf = (): Promise<string> =>
      stderrOf(() => {
        loop.callSoon(report);
        loop.stop();
        return loop.runForever();
      });
    expect(await textOf()).toBe("mine\n");
    loop.setDebug(true);
    expect(await textOf()).toMatch(
      /^mine\nhandleTraceback: Handle created at .*:\n.*exception-context\.test\.ts/,
    );
    expect(await stderrOf(async () => report())).toBe("mine\n");
    loop.close();
  });
});
