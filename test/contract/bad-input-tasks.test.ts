// Every kind of wrong argument, given to futures, tasks, contexts and errors.
import { expect, it } from "vitest";
import {
  allTasks,
  CancelledError,
  Context,
  ContextVar,
  coroutine,
  createEagerTaskFactory,
  createTask,
  currentTask,
  eagerTaskFactory,
  ExceptionGroup,
  Future,
  futureAddToAwaitedBy,
  futureDiscardFromAwaitedBy,
  IncompleteReadError,
  iscoroutine,
  iscoroutinefunction,
  isfuture,
  RuntimeError,
  sleep,
  Task,
  Token,
  wrapFuture,
} from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";
import {
  type Attempt,
  AWAITABLES,
  CALLABLE,
  COUNT,
  FUNCTIONS,
  nothing,
  OPTIONS,
  tryEverySpecimen,
} from "../support/specimens.ts";

const oneError = (): ExceptionGroup => new ExceptionGroup("message", [new Error("one")]);

const futures: Record<string, Attempt> = {
  "new Future(options)": { call: (v) => new Future(v), takes: OPTIONS },
  "new Future({ loop })": { call: (v) => new Future({ loop: v }), takes: "undefined loop" },
  "future.setException(error)": {
    call: (v, loop) => {
      const future = loop.createFuture();
      future.setException(v);
      future.exception();
    },
    takes: "error",
  },
  "future.addDoneCallback(callback)": {
    call: (v, loop) => loop.createFuture().addDoneCallback(v),
    takes: CALLABLE,
  },
  "future.addDoneCallback(f, options)": {
    call: (v, loop) => loop.createFuture().addDoneCallback(nothing, v),
    takes: OPTIONS,
  },
  "future.addDoneCallback(f, { context })": {
    call: (v, loop) => loop.createFuture().addDoneCallback(nothing, { context: v }),
    takes: "undefined context",
  },
  "wrapFuture(promise)": {
    call: (v) => wrapFuture(v),
    takes: "coroutine sleep promise thenable future task",
  },
  "wrapFuture(promise, options)": { call: (v) => wrapFuture(Promise.resolve(), v), takes: OPTIONS },
  "wrapFuture(promise, { loop })": {
    call: (v) => wrapFuture(Promise.resolve(), { loop: v }),
    takes: "undefined loop",
  },
};

const tasks: Record<string, Attempt> = {
  "createTask(coro)": { call: (v) => createTask(v), takes: AWAITABLES },
  "loop.createTask(coro)": { call: (v, loop) => loop.createTask(v), takes: AWAITABLES },
  "new Task(coro)": { call: (v) => new Task(v), takes: "generator coroutine sleep" },
  "createTask(f(), options)": { call: (v) => createTask(sleep(0), v), takes: OPTIONS },
  "createTask(f(), { context })": {
    call: (v) => createTask(sleep(0), { context: v }),
    takes: "undefined context",
  },
  "createTask(f(), { signal })": {
    call: (v) => createTask(sleep(0), { signal: v }),
    takes: "undefined signal",
  },
  "createTask(f(), { eagerStart })": {
    call: (v) => createTask(sleep(0), { eagerStart: v }),
    takes: "undefined true",
  },
  "coroutine(f)": { call: (v) => coroutine(v), takes: "generator-function" },
  "currentTask(loop)": { call: (v) => currentTask(v), takes: "undefined loop" },
  "allTasks(loop)": { call: (v) => allTasks(v), takes: "undefined loop" },
  "createEagerTaskFactory(constructor)": {
    call: (v) => createEagerTaskFactory(v),
    takes: "coroutine-function class",
  },
  "eagerTaskFactory(loop, f())": { call: (v) => eagerTaskFactory(v, sleep(0) as never), takes: "loop" },
  "eagerTaskFactory(loop, coro)": {
    call: (v, loop) => eagerTaskFactory(loop, v),
    takes: "generator coroutine sleep",
  },
  "a task factory's result": {
    call: (v, loop) => {
      loop.setTaskFactory((() => v) as never);
      try {
        return createTask(sleep(0));
      } finally {
        loop.setTaskFactory(null);
      }
    },
    takes: "future task",
  },
};

/** Not among them: context.run(), where V8 itself says that a class cannot be called. */
const contexts: Record<string, Attempt> = {
  "new ContextVar(name)": { call: (v) => new ContextVar(v), takes: "text empty" },
  "new ContextVar(name, options)": { call: (v) => new ContextVar("name", v), takes: OPTIONS },
  "variable.reset(token)": { call: (v) => new ContextVar("name").reset(v), takes: "" },
  "context.has(variable)": { call: (v) => new Context().has(v), takes: "" },
  "context.get(variable)": { call: (v) => new Context().get(v), takes: "" },
};

const errors: Record<string, Attempt> = {
  "new ExceptionGroup(message, errors)": {
    call: (v) => new ExceptionGroup(v, [new Error()]),
    takes: "text empty",
  },
  "new ExceptionGroup(message, list)": {
    call: (v) => new ExceptionGroup("message", v),
    takes: "",
    range: "array map bytes generator coroutine sleep iterator future task context",
  },
  "new ExceptionGroup(message, [error])": {
    call: (v) => new ExceptionGroup("message", [v]),
    takes: "error",
    otherwise: "RangeError",
  },
  "group.split(condition)": { call: (v) => oneError().split(v), takes: `array ${FUNCTIONS}` },
  "group.subgroup([condition])": { call: (v) => oneError().subgroup([v]), takes: "" },
  "group.derive(list)": {
    call: (v) => oneError().derive(v),
    takes: "",
    range: "array map bytes generator coroutine sleep iterator future task context",
  },
  "new IncompleteReadError(partial, 5)": { call: (v) => new IncompleteReadError(v, 5), takes: "bytes" },
  "new IncompleteReadError(bytes, expected)": {
    call: (v) => new IncompleteReadError(Buffer.alloc(0), v),
    ...COUNT,
    takes: `null ${COUNT.takes}`,
  },
};

for (const [what, attempts] of Object.entries({ futures, tasks, contexts, errors })) {
  describeBackends(`${what} tried with everything`, (backend) => {
    for (const [name, attempt] of Object.entries(attempts)) tryEverySpecimen(backend, name, attempt);
  });
}

describeBackends("what is said of wrong arguments", (backend) => {
  it("names unknown options and those there are", () =>
    onLoop(backend, function* ({ loop }) {
      expect(label(thrownBy(() => createTask(sleep(0), { nmae: "x" } as never)))).toBe(
        'TypeError: createTask() has no option "nmae", only name, context, eagerStart and signal',
      );
      expect(label(thrownBy(() => loop.createTask(sleep(0), { loop } as never)))).toMatch(
        /has no option "loop"/,
      );
      expect(label(thrownBy(() => new Future({ lop: loop } as never)))).toBe(
        'TypeError: Future() has no option "lop", only loop',
      );
      yield* sleep(0);
    }));

  it("leaves unknown options to a task factory, as Python does", () =>
    onLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      loop.setTaskFactory((of, coro, options) => {
        seen.push(options);
        return new Task(coro, { loop: of });
      });
      yield* createTask(sleep(0), { priority: 5 } as never);
      expect(seen).toEqual([{ priority: 5 }]);
      loop.setTaskFactory(null);
    }));

  it("does not call a function whose options are wrong", () =>
    onLoop(backend, function* () {
      let calls = 0;
      const counting = coroutine(function* () {
        calls++;
        yield* sleep(0);
      });
      const made = (): unknown => {
        calls++;
        return counting();
      };
      expect(thrownBy(() => createTask(made as never, 5 as never))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => createTask(counting, { eagerStart: 1 } as never))).toBeInstanceOf(TypeError);
      yield* sleep(0);
      expect([calls, allTasks().size]).toEqual([0, 1]);
    }));

  it("takes a class of errors for an exception, but no other class", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      expect(label(thrownBy(() => future.setException(Task as never)))).toBe(
        "TypeError: setException() takes an Error or a class of errors, got the class Task: wrap other values in an Error",
      );
      expect(future.done()).toBe(false);
      future.setException(RangeError);
      expect(label(yield* errorOf(future))).toBe("RangeError: ");
    }));

  it("asks anything whether it is a coroutine or a future, and notes no waiter that is none", () => {
    const anything = [
      undefined,
      null,
      NaN,
      -0,
      "",
      1n,
      Symbol("s"),
      {},
      Object.create(null),
      [],
      nothing,
      Future,
    ];
    for (const value of anything) {
      expect([iscoroutine(value), iscoroutinefunction(value), isfuture(value)]).toEqual([
        false,
        false,
        false,
      ]);
      futureAddToAwaitedBy(value as never, value as never);
      futureDiscardFromAwaitedBy(value as never, value as never);
    }
  });

  it("makes no token by hand", () => {
    expect(thrownBy(() => Reflect.construct(Token, []))).toBeInstanceOf(RuntimeError);
  });

  it("removes a callback that was never added, whatever it is, as often as it is there", () =>
    onLoop(backend, function* ({ loop }) {
      for (const value of [undefined, null, 5, {}]) {
        expect(loop.createFuture().removeDoneCallback(value as never)).toBe(0);
      }
      yield* sleep(0);
    }));
});

describeBackends("a cancel message that is no string", (backend) => {
  const messages: [unknown, string][] = [
    [undefined, ""],
    [null, ""],
    [5, "5"],
    [NaN, "NaN"],
    [1n, "1"],
    [Symbol("why"), "Symbol(why)"],
    [new Error("reason"), "Error: reason"],
    [{ toString: () => "told" }, "told"],
    [Object.create(null), "an object"],
  ];

  it.each(messages)(
    "%# comes out as text, of a future and of a task before and while it waits",
    (message, text) =>
      onLoop(backend, function* ({ loop }) {
        const future = loop.createFuture<void>();
        future.cancel(message as never);
        const early = createTask(sleep(1));
        early.cancel(message as never);
        const late = createTask(sleep(1));
        yield* sleep(0);
        late.cancel(message as never);
        for (const cancelled of [future, early, late]) {
          const error = yield* errorOf(cancelled);
          expect(error).toBeInstanceOf(CancelledError);
          expect(error.message).toBe(text);
        }
        // Errors made after it still have their stacks.
        expect(new Error("later").stack).toContain("bad-input-tasks");
      }),
  );
});
