// Every kind of wrong argument, given to loops, runners, the call graph and the door for tests.
import { expect, it } from "vitest";
import {
  captureCallGraph,
  currentTask,
  EventLoop,
  formatCallGraph,
  newEventLoop,
  printCallGraph,
  run,
  Runner,
  setEventLoop,
  sleep,
} from "../../lib/index.ts";
import { passes, randomOrder, VirtualClock } from "../../lib/testing/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { label, thrownBy } from "../support/outcomes.ts";
import {
  type Attempt,
  CALLABLE,
  COUNT,
  FUNCTIONS,
  nothing,
  OPTIONS,
  SECONDS,
  tryEverySpecimen,
} from "../support/specimens.ts";

const silent = { write: nothing };

const scheduling: Record<string, Attempt> = {
  "callSoon(callback)": { call: (v, loop) => loop.callSoon(v).cancel(), takes: CALLABLE },
  "callSoonThreadsafe(callback)": { call: (v, loop) => loop.callSoonThreadsafe(v).cancel(), takes: CALLABLE },
  "callLater(delay, f)": { call: (v, loop) => loop.callLater(v, nothing).cancel(), ...SECONDS },
  "callLater(1, callback)": { call: (v, loop) => loop.callLater(1, v).cancel(), takes: CALLABLE },
  "callAt(when, f)": { call: (v, loop) => loop.callAt(v, nothing).cancel(), ...SECONDS },
  "callAt(1, callback)": { call: (v, loop) => loop.callAt(1, v).cancel(), takes: CALLABLE },
};

const settings: Record<string, Attempt> = {
  "setExceptionHandler(handler)": {
    call: (v, loop) => {
      const before = loop.getExceptionHandler();
      loop.setExceptionHandler(v);
      loop.setExceptionHandler(before);
    },
    takes: `null ${FUNCTIONS}`,
  },
  "setTaskFactory(factory)": {
    call: (v, loop) => {
      loop.setTaskFactory(v);
      loop.setTaskFactory(null);
    },
    takes: `null ${FUNCTIONS}`,
  },
  "setDebug(enabled)": {
    call: (v, loop) => {
      loop.setDebug(v);
      loop.setDebug(false);
    },
    takes: "undefined true",
  },
  "newEventLoop(options)": { call: (v) => newEventLoop(v).close(), takes: OPTIONS },
  "newEventLoop({ backend })": {
    call: (v) => newEventLoop({ backend: v }).close(),
    takes: "undefined",
    otherwise: "RangeError",
  },
  "newEventLoop({ clock })": {
    call: (v) => newEventLoop({ backend: "pure", clock: v }).close(),
    takes: "undefined loop",
  },
  "setEventLoop(loop)": {
    call: (v) => {
      setEventLoop(v);
      setEventLoop(null);
    },
    takes: "null loop",
  },
  "new EventLoop()": { call: (v) => new EventLoop(v, v), takes: "" },
  "new Runner(options)": { call: (v) => new Runner(v), takes: OPTIONS },
  "new Runner({ debug })": { call: (v) => new Runner({ debug: v }), takes: "undefined true" },
  "new Runner({ loopFactory })": {
    call: (v) => new Runner({ loopFactory: v }),
    takes: `undefined ${FUNCTIONS}`,
  },
};

const graph: Record<string, Attempt> = {
  "captureCallGraph(future)": { call: (v) => captureCallGraph(v), takes: "undefined null future task" },
  "captureCallGraph(null, options)": { call: (v) => captureCallGraph(null, v), takes: OPTIONS },
  "captureCallGraph(null, { depth })": {
    call: (v) => captureCallGraph(null, { depth: v }),
    ...COUNT,
    takes: `undefined ${COUNT.takes}`,
  },
  "captureCallGraph(null, { limit })": {
    call: (v) => captureCallGraph(null, { limit: v }),
    takes: "undefined null -0 0 1 -1",
    range: "NaN Infinity -Infinity 1.5",
  },
  "formatCallGraph(future)": { call: (v) => formatCallGraph(v), takes: "undefined null future task" },
  "formatCallGraph(null, options)": { call: (v) => formatCallGraph(null, v), takes: OPTIONS },
  "formatCallGraph(null, { depth })": {
    call: (v) => formatCallGraph(null, { depth: v }),
    ...COUNT,
    takes: `undefined ${COUNT.takes}`,
  },
  "printCallGraph(future)": {
    call: (v) => printCallGraph(v, { file: silent }),
    takes: "undefined null future task",
  },
  "printCallGraph(null, { depth })": {
    call: (v) => printCallGraph(null, { depth: v, file: silent }),
    ...COUNT,
    takes: `undefined ${COUNT.takes}`,
  },
  "printCallGraph(null, { file })": {
    // Nothing means standard output, which is not written to here.
    call: (v) => (v ?? null) === null || printCallGraph(null, { file: v }),
    takes: "undefined null bytes",
  },
  "task.getStack(options)": { call: (v) => currentTask()!.getStack(v), takes: OPTIONS },
  "task.getStack({ limit })": {
    call: (v) => currentTask()!.getStack({ limit: v }),
    ...COUNT,
    takes: `undefined null ${COUNT.takes}`,
  },
};

const forTests: Record<string, Attempt> = {
  "passes(count)": { call: (v) => passes(v), awaited: true, ...COUNT },
  "randomOrder(loop, 1)": { call: (v) => randomOrder(v, 1), takes: "loop" },
  "randomOrder(loop, seed)": { call: (v) => randomOrder(newEventLoop({ backend: "pure" }), v), ...COUNT },
  "new VirtualClock(options)": { call: (v) => new VirtualClock(v), takes: OPTIONS },
  "new VirtualClock({ start })": {
    call: (v) => new VirtualClock({ start: v }),
    takes: "undefined -0 0 1 -1 1.5",
    range: "NaN Infinity -Infinity",
  },
  "new VirtualClock({ autojump })": {
    call: (v) => new VirtualClock({ autojump: v }),
    takes: "undefined true",
  },
  "clock.advance(seconds)": {
    call: (v) => new VirtualClock().advance(v),
    takes: "-0 0 1 1.5",
    range: "NaN Infinity -Infinity -1",
  },
};

for (const [what, attempts] of Object.entries({ scheduling, settings, graph, forTests })) {
  describeBackends(`${what} tried with everything`, (backend) => {
    for (const [name, attempt] of Object.entries(attempts)) tryEverySpecimen(backend, name, attempt);
  });
}

describeBackends("what a loop says of wrong arguments", (backend) => {
  it("says how loops are made, and that a class is no factory", () => {
    expect(label(thrownBy(() => Reflect.construct(EventLoop, [])))).toBe(
      "TypeError: event loops are made with newEventLoop()",
    );
    expect(label(thrownBy(() => new Runner({ loopFactory: EventLoop as never })))).toBe(
      "TypeError: a function was expected by Runner(), got the class EventLoop: () => new EventLoop(...) is one",
    );
  });

  it("prints nothing where it is told in a wrong way to where", () =>
    onLoop(backend, function* () {
      for (const options of [null, 5, [], new VirtualClock(), { file: silent, unknown: 1 }, { file: {} }]) {
        expect(thrownBy(() => printCallGraph(null, options as never))).toBeInstanceOf(TypeError);
        expect(thrownBy(() => currentTask()!.printStack(options as never))).toBeInstanceOf(TypeError);
      }
      expect(label(thrownBy(() => printCallGraph(null, { fiel: silent } as never)))).toBe(
        'TypeError: printCallGraph() has no option "fiel", only depth, limit and file',
      );
      expect(label(thrownBy(() => currentTask()!.printStack({ file: 5 as never })))).toBe(
        "TypeError: file must have a write() method, as process.stderr has, got 5",
      );
      yield* sleep(0);
    }));

  it("refuses clocks that give no time, before anything runs on them", () => {
    for (const time of [NaN, "1", null, undefined, 1n]) {
      expect(
        thrownBy(() => newEventLoop({ backend, clock: { time: () => time as number } })).message,
      ).toMatch(/^the time of the clock must be a number of seconds, got /);
    }
    expect(
      thrownBy(() => newEventLoop({ backend, clock: { time: () => 0, idle: 5 as never } })),
    ).toBeInstanceOf(TypeError);
  });

  it("takes an object of any shape for a report, and nothing else", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      for (const odd of [undefined, null, 5, "text", Symbol("s"), nothing, ["message"]]) {
        for (const method of ["callExceptionHandler", "defaultExceptionHandler"] as const) {
          expect(label(thrownBy(() => loop[method](odd as never)))).toMatch(
            new RegExp(`^TypeError: ${method}\\(\\) takes an object with a message, got `),
          );
        }
      }
      expect(takeReports()).toEqual([]);
      loop.callExceptionHandler({} as never);
      loop.callExceptionHandler(Object.create(null) as never);
      expect(takeReports()).toHaveLength(2);
      yield* sleep(0);
    }));

  it("says what to await instead, when run() and runUntilComplete() reject", async () => {
    const loop = newEventLoop({ backend });
    const loopFactory = (): EventLoop => newEventLoop({ backend });
    for (const odd of [undefined, null, NaN, "text", {}, [sleep(0)], Runner, loop]) {
      for (const rejecting of [
        () => loop.runUntilComplete(odd as never),
        () => run(odd as never, { loopFactory }),
        () => new Runner({ loopFactory }).run(odd as never),
      ]) {
        expect(label(await rejecting().then(String, (error: unknown) => error))).toMatch(
          /^TypeError: a coroutine was expected, got /,
        );
      }
    }
    for (const options of [null, 5, { dubug: true }, new VirtualClock(), { debug: "yes" }]) {
      const error: unknown = await run(sleep(0), options as never).then(String, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(TypeError);
    }
    // None of them has spoilt it.
    expect(await loop.runUntilComplete(sleep(0, "fine"))).toBe("fine");
    loop.close();
  });

  it("keeps to the rules of run() in Runner.run()", async () => {
    const runner = new Runner({ loopFactory: () => newEventLoop({ backend }) });
    for (const options of [null, 5, { contxt: 1 }, { context: {} }]) {
      const error: unknown = await runner.run(sleep(0), options as never).then(String, (e: unknown) => e);
      expect(error).toBeInstanceOf(TypeError);
    }
    expect(await runner.run(sleep(0, "fine"))).toBe("fine");
    await runner.close();
  });

  it("refuses coroutines as callbacks in debug mode, before they are called for nothing", () =>
    onLoop(backend, function* ({ loop }) {
      loop.setDebug(true);
      for (const odd of [function* () {}, async () => undefined, passes]) {
        for (const schedule of [
          () => loop.callSoon(odd as never),
          () => loop.callSoonThreadsafe(odd as never),
          () => loop.callLater(0, odd as never),
          () => loop.callAt(0, odd as never),
        ]) {
          expect(label(thrownBy(schedule))).toMatch(
            /^TypeError: coroutines cannot be used with call(Soon|Later|At)\(\); use createTask\(\)$/,
          );
        }
      }
      loop.setDebug(false);
      yield* sleep(0);
    }));
});
