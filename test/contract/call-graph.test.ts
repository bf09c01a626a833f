// Call graphs: the frames of tasks in every state, what depth and limit leave of them, and how they are printed.
import { expect, it } from "vitest";
import {
  captureCallGraph,
  type Coroutine,
  coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  formatCallGraph,
  FrameCallGraphEntry,
  type Future,
  FutureCallGraph,
  gather,
  printCallGraph,
  type StackFrame,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../support/backends.ts";
import { frameNames, type Shape, shapeOf } from "../support/call-graphs.ts";
import { label, thrownBy } from "../support/outcomes.ts";

const shapeHere = (): Shape | null => shapeOf(captureCallGraph(null, { depth: 2 }));

const framesOf = (task: Future<unknown>, options = {}): string[] =>
  frameNames(captureCallGraph(task, options));

const framesHere = (options: { depth?: number; limit?: number }): string[] =>
  frameNames(captureCallGraph(null, options));

/** Three plain generators, one in the other, around `future`. */
function* c3(future: Future<void>): Coroutine<void> {
  yield* future;
}
function* c2(future: Future<void>): Coroutine<void> {
  yield* c3(future);
}
function* c1(future: Future<void>): Coroutine<void> {
  yield* c2(future);
}

describeBackends("the call graph of the current task", (backend) => {
  it("is its real stack, from the call to the task's own coroutine", () =>
    onVirtualLoop(backend, function* () {
      const sync = (): Shape | null => shapeHere();
      const inner = function* (): Coroutine<Shape | null> {
        return [1].map(() => sync())[0]!;
      };
      const outer = coroutine(function* outer(): Coroutine<Shape | null> {
        return yield* inner();
      });
      const task = createTask(outer(), { name: "t" });
      yield* passes(1);
      expect(task.result()).toEqual(["T<t>", ["s sync", "s anonymous", "a inner", "a outer"], []]);
    }));

  it("has the coroutines around the one that goes on, which are not on the real stack", () =>
    onVirtualLoop(backend, function* () {
      const inner = coroutine(function* inner(): Coroutine<Shape | null> {
        yield* passes(1);
        return shapeHere();
      });
      function* plain(): Coroutine<Shape | null> {
        return yield* inner();
      }
      const middle = coroutine(function* middle(): Coroutine<Shape | null> {
        return yield* plain();
      });
      function* outer(): Coroutine<Shape | null> {
        return yield* middle();
      }
      const [, frames] = (yield* createTask(outer()))!;
      expect(frames).toEqual(["a inner", "a plain", "a middle", "a outer"]);
    }));

  it("ends at its own coroutine also where it was started inside another task's step", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      function* eager(): Coroutine<Shape | null> {
        return shapeHere();
      }
      function* starting(): Coroutine<Shape | null> {
        return yield* createTask(eager());
      }
      expect((yield* createTask(starting()))![1]).toEqual(["a eager"]);
      expect(shapeHere()![1]).toEqual(["a anonymous"]);
    }));

  it("leaves out as many frames as depth says", () =>
    onVirtualLoop(backend, function* () {
      const helper = (depth: number): string[] => framesHere({ depth });
      const calls = (depth: number): string[] => helper(depth);
      function* asking(): Coroutine<string[][]> {
        return [0, 1, 2, 3, 4, 5, 6].map(calls);
      }
      const [all, ...less] = yield* createTask(asking());
      expect(all).toEqual(["captureCallGraph", "framesHere", "helper", "calls", "asking"]);
      expect(less).toEqual([1, 2, 3, 4, 5, 6].map((depth) => all.slice(depth)));
    }));

  it("counts depth the same for formatCallGraph() and printCallGraph()", () =>
    onVirtualLoop(backend, function* () {
      const names = (text: string): string[] =>
        [...text.split("Awaited by")[0]!.matchAll(/ in (?:async )?(.*)\(\)/g)].map(([, name]) => name!);
      const printed = (depth?: number): string => {
        let text = "";
        printCallGraph(null, { depth, file: { write: (part) => (text += part) } });
        return text;
      };
      const formatted = (depth?: number): string => formatCallGraph(null, { depth });
      function* asking(): Coroutine<void> {
        expect(names(formatted())).toEqual(["formatted", "asking"]);
        expect(names(printed())).toEqual(["printed", "asking"]);
        expect(names(formatted(0))).toEqual(["formatCallGraph", "formatted", "asking"]);
        expect(names(printed(0))).toEqual(["printCallGraph", "printed", "asking"]);
        expect(names(formatted(2))).toEqual(["asking"]);
        expect(names(printed(2))).toEqual(["asking"]);
      }
      yield* createTask(asking());
    }));

  it("is the same when it is asked for by name, with depth; other tasks know no depth", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const waiting = createTask(c1(future));
      yield* passes(1);
      function* asking(): Coroutine<void> {
        expect(framesOf(currentTask()!)).toEqual(["framesOf", "asking"]);
        expect(framesOf(currentTask()!, { depth: 2 })).toEqual(["asking"]);
        expect(framesOf(waiting, { depth: 2 })).toEqual(["c3", "c2", "c1"]);
      }
      yield* createTask(asking());
      future.setResult();
      yield* waiting;
    }));

  it("is null in a plain callback, and an error outside a loop unless a future is given", async () => {
    const [future] = await onVirtualLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      loop.callSoon(() => seen.push(captureCallGraph(), formatCallGraph()));
      yield* passes(1);
      expect(seen).toEqual([null, ""]);
      return [loop.createFuture<void>()];
    });
    expect(label(thrownBy(() => captureCallGraph()))).toMatch(
      /^RuntimeError: .* outside of a running event loop/,
    );
    expect(label(thrownBy(() => printCallGraph()))).toMatch(/^RuntimeError/);
    expect(shapeOf(captureCallGraph(future))).toEqual(["F", [], []]);
  });
});

describeBackends("the frames of a task", (backend) => {
  it("that waits are its coroutines, with the places of their awaits", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      class Service {
        *request(): Coroutine<void> {
          yield* c1(future);
        }
      }
      const around = coroutine(function* around(): Coroutine<void> {
        yield* new Service().request();
      });
      const task = createTask(around());
      yield* passes(1);
      const { callStack } = captureCallGraph(task)!;
      expect(callStack.every((entry) => entry instanceof FrameCallGraphEntry)).toBe(true);
      const frames = callStack.map(({ frame }) => frame);
      expect(frames.map(({ name }) => name)).toEqual(["c3", "c2", "c1", "Service.request", "around"]);
      for (const { file } of frames) expect(file).toMatch(/call-graph\.test\.ts$/);
      const [inC3, inC2] = frames as [StackFrame, StackFrame];
      expect(inC2.line! - inC3.line!).toBe(3);
      future.setResult();
      yield* task;
    }));

  it("that has not begun is the coroutine, or the function it will call", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const plain = createTask(c1(future));
      const object = createTask(coroutine(c2)(future));
      const asynchronous = createTask(async function work() {});
      expect([plain, object, asynchronous].map((task) => framesOf(task))).toEqual([["c1"], ["c2"], ["work"]]);
      future.setResult();
      yield* gather(plain, object, asynchronous);
    }));

  it("that was woken are those that can be told without resuming it", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(c1(future));
      const around = coroutine(function* around(): Coroutine<void> {
        yield* coroutine(c2)(future);
      });
      const driven = createTask(around());
      yield* passes(1);
      future.setResult();
      expect(framesOf(task)).toEqual(["c1"]);
      expect(framesOf(driven)).toEqual(["c2", "around"]);
      yield* gather(task, driven);
    }));

  it("that gives way, by whatever means, are those that can be told without resuming it", () =>
    onVirtualLoop(backend, function* () {
      function* yielding(): Coroutine<void> {
        yield undefined as never;
      }
      function* sleeping(): Coroutine<void> {
        yield* passes(1);
      }
      const tasks = [createTask(yielding()), createTask(sleeping())];
      yield* passes(1);
      expect(tasks.map((task) => framesOf(task))).toEqual([["yielding"], ["sleeping"]]);
      yield* gather(...tasks);
    }));

  it("that is being cancelled are those of its clean-up", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const [future, cleanUp] = [loop.createFuture<void>(), loop.createFuture<void>()];
      function* stubborn(): Coroutine<void> {
        try {
          yield* c1(future);
        } finally {
          yield* c2(cleanUp);
        }
      }
      const task = createTask(stubborn());
      yield* passes(1);
      task.cancel();
      expect(framesOf(task)).toEqual(["stubborn"]);
      yield* passes(1);
      expect(framesOf(task)).toEqual(["c3", "c2", "stubborn"]);
      cleanUp.setResult();
      yield* passes(1);
      expect([task.cancelled(), framesOf(task)]).toEqual([true, []]);
    }));

  it("that is done are none, nor has a plain future any", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const ended = createTask(passes(0));
      const failed = createTask(function* () {
        throw new RangeError("seen");
      });
      yield* passes(1);
      expect(failed.exception()).toBeInstanceOf(RangeError);
      const future = loop.createFuture<void>();
      future.cancel();
      const shapes = [ended, failed, future, loop.createFuture()].map((one) =>
        shapeOf(captureCallGraph(one)),
      );
      expect(shapes).toEqual([
        ["T<>", [], []],
        ["T<>", [], []],
        ["F", [], []],
        ["F", [], []],
      ]);
    }));

  it("are cut by limit: to the outermost, or to the innermost where it is negative", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const waiting = createTask(c1(future));
      yield* passes(1);
      const here = (limit?: number): string[] => framesHere({ depth: 3, limit });
      const asking = coroutine(function* asking(): Coroutine<void> {
        const inner = coroutine(function* inner(): Coroutine<void> {
          yield* passes(1);
          for (const cut of [here, (limit?: number) => framesOf(waiting, { limit })]) {
            const all = cut();
            expect(all.length).toBe(cut === here ? 2 : 3);
            const limits = [1, 2, 99, 0, -1, -2, -99];
            expect(limits.map(cut)).toEqual([
              all.slice(-1),
              all.slice(-2),
              all,
              [],
              all.slice(0, 1),
              all.slice(0, 2),
              all,
            ]);
          }
          expect(framesOf(waiting, { limit: null })).toEqual(["c3", "c2", "c1"]);
          expect(shapeOf(captureCallGraph(future, { limit: -1 }))).toEqual([
            "F",
            [],
            [["T<>", ["a c3"], []]],
          ]);
          expect(shapeOf(captureCallGraph(future, { limit: 0 }))).toEqual(["F", [], [["T<>", [], []]]]);
        });
        yield* inner();
      });
      yield* createTask(asking());
      future.setResult();
      yield* waiting;
    }));
});

describeBackends("a call graph", (backend) => {
  it("is printed as Python does, without ids", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const first = createTask(c1(future), { name: 'the "first"' });
      const second = createTask(c3(first), { name: "second" });
      yield* passes(1);
      const places = captureCallGraph(first)!.callStack.map(
        ({ frame }) => `File "${frame.file}", line ${frame.line}`,
      );
      expect(formatCallGraph(future)).toBe(
        [
          `* Future()`,
          `  + Awaited by:`,
          `    * Task(name="the \\"first\\"")`,
          `      + Call stack:`,
          `      |   ${places[0]}, in async c3()`,
          `      |   ${places[1]}, in async c2()`,
          `      |   ${places[2]}, in async c1()`,
          `      + Awaited by:`,
          `        * Task(name="second")`,
          `          + Call stack:`,
          `          |   ${places[0]}, in async c3()`,
        ].join("\n"),
      );
      let printed = "";
      printCallGraph(first, { file: { write: (text) => (printed += text) } });
      expect(printed).toBe(`${formatCallGraph(first)}\n`);
      future.setResult();
      yield* second;
      expect([formatCallGraph(first), formatCallGraph(future)]).toEqual([
        `* Task(name="the \\"first\\"")`,
        "* Future()",
      ]);
    }));

  it("is made of the classes that asyncio names", () =>
    onVirtualLoop(backend, function* () {
      const graph = captureCallGraph()!;
      expect(graph).toBeInstanceOf(FutureCallGraph);
      expect(graph.future).toBe(currentTask());
      expect(graph.callStack[0]).toBeInstanceOf(FrameCallGraphEntry);
      yield* passes(0);
    }));

  it.each<[string, () => unknown, string]>([
    [
      "of a number",
      () => captureCallGraph(3 as never),
      "TypeError: captureCallGraph() takes a future or a task, got 3",
    ],
    [
      "of options",
      () => captureCallGraph({ limit: 1 } as never),
      "TypeError: captureCallGraph() takes a future or a",
    ],
    [
      "with a depth below 0",
      () => captureCallGraph(null, { depth: -1 }),
      "RangeError: depth must be an integer",
    ],
    [
      "with half a limit",
      () => formatCallGraph(null, { limit: 0.5 }),
      "RangeError: limit must be an integer",
    ],
    [
      "with a limit in words",
      () => formatCallGraph(null, { limit: "1" as never }),
      "TypeError: limit must be an",
    ],
    [
      "with an unknown option",
      () => captureCallGraph(null, { file: process.stdout } as never),
      'TypeError: captureCallGraph() has no option "file"',
    ],
    [
      "printed with an unknown option",
      () => printCallGraph(null, { deep: 1 } as never),
      'TypeError: printCallGraph() has no option "deep"',
    ],
    [
      "printed to a bare file",
      () => printCallGraph(null, process.stdout as never),
      "TypeError: the options of",
    ],
    [
      "to a file that is none",
      () => printCallGraph(null, { file: {} as never }),
      "TypeError: file must have",
    ],
  ])("%s is refused", (_what, call, error) =>
    onVirtualLoop(backend, function* () {
      expect(label(thrownBy(call))).toContain(error);
      yield* passes(0);
    }),
  );
});
