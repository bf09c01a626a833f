// Reading places out of the text of stacks, in each form in which V8 writes them.
import { describe, expect, it } from "vitest";
import {
  callsOf,
  formatFrame,
  framesInTask,
  framesOfError,
  shownFrames,
  type StackFrame,
  withWholeStacks,
} from "../../../lib/tasks/stack-frames.ts";

/** An error whose stack is the given lines. */
function errorWith(calls: readonly string[], message = "odd"): Error {
  const error = new Error(message);
  error.stack = [`Error: ${message}`, ...calls.map((call) => `    at ${call}`)].join("\n");
  return error;
}

function frameOf(call: string, ...callers: string[]): StackFrame | undefined {
  return framesOfError(errorWith([call, ...callers]))[0];
}

const place = (name: string, file: string, line: number, column: number): StackFrame => ({
  name,
  file,
  line,
  column,
});

describe("framesOfError()", () => {
  it.each<[string, StackFrame]>([
    ["fetchAll (/app/main.js:12:34)", place("fetchAll", "/app/main.js", 12, 34)],
    ["/app/main.js:12:34", place("anonymous", "/app/main.js", 12, 34)],
    ["Object.<anonymous> (/app/main.js:1:1)", place("Object.<anonymous>", "/app/main.js", 1, 1)],
    ["new Pool (/app/pool.js:3:7)", place("new Pool", "/app/pool.js", 3, 7)],
    ["Pool.#grow (/app/pool.js:9:5)", place("Pool.#grow", "/app/pool.js", 9, 5)],
    ["Pool.take [as get] (/app/pool.js:9:5)", place("Pool.take", "/app/pool.js", 9, 5)],
    ["get (/home/me/my (old) app/a:b.js:1:2)", place("get", "/home/me/my (old) app/a:b.js", 1, 2)],
    ["/home/me/my (old) app/a.js:1:2", place("anonymous", "/home/me/my (old) app/a.js", 1, 2)],
    ["main (file:///app/my%20app/main.mjs:5:6)", place("main", "/app/my app/main.mjs", 5, 6)],
    ["file:///app/main.mjs?v=1:5:6", place("anonymous", "/app/main.mjs", 5, 6)],
    ["main (file://server/share/main.mjs:5:6)", place("main", "file://server/share/main.mjs", 5, 6)],
    ["main (C:\\app\\main.js:5:6)", place("main", "C:\\app\\main.js", 5, 6)],
    ["C:\\my app (x86)\\main.js:5:6", place("anonymous", "C:\\my app (x86)\\main.js", 5, 6)],
    ["EventEmitter.emit (node:events:524:28)", place("EventEmitter.emit", "node:events", 524, 28)],
    ["run (evalmachine.<anonymous>:2:3)", place("run", "evalmachine.<anonymous>", 2, 3)],
    ["run (webpack://app/./src/run.ts:2:3)", place("run", "webpack://app/./src/run.ts", 2, 3)],
  ])("reads: at %s", (call, frame) => {
    expect(frameOf(call)).toEqual(frame);
  });

  it("puts code that was evaluated where it was evaluated, however deep", () => {
    expect(frameOf("eval (eval at build (/app/t.js:4:10), <anonymous>:1:1)")).toEqual(
      place("eval", "/app/t.js", 4, 10),
    );
    expect(frameOf("f (eval at eval (eval at g (/app/t.js:4:10)), <anonymous>:1:1)")).toEqual(
      place("f", "/app/t.js", 4, 10),
    );
    expect(frameOf("eval (eval at <anonymous> (file:///app/my%20t.mjs:4:10), <anonymous>:2:3)")).toEqual(
      place("eval", "/app/my t.mjs", 4, 10),
    );
  });

  it("agrees with V8 about code that is really evaluated", () => {
    const evaluate = eval;
    const make = (text: string): Error => evaluate(text) as Error;
    const frames = framesOfError(make(`(function inEval() { return new Error("seen"); })()`));
    const [inner, outer] = frames;
    expect([inner!.name, outer!.name]).toEqual(["inEval", "eval"]);
    expect(inner!.file).toMatch(/stack-frames\.test\.ts$/);
    expect(outer!.line).toBe(inner!.line);
  });

  it("leaves out what has no place in a file", () => {
    const calls = [
      "Array.map (<anonymous>)",
      "new Promise (<anonymous>)",
      "async Promise.all (index 0)",
      "<anonymous>:1:1",
      "Foo.bar (native)",
      "wasm://wasm/0123456",
    ];
    expect(framesOfError(errorWith(calls))).toEqual([]);
  });

  it("marks coroutines by the call that resumed them, and async functions that were awaited", () => {
    const frames = framesOfError(
      errorWith([
        "sync (/app/a.js:1:1)",
        "inner (/app/a.js:2:1)",
        "inner.next (<anonymous>)",
        "failing (/app/a.js:3:1)",
        "failing.throw (<anonymous>)",
        "closing (/app/a.js:4:1)",
        "Generator.return (<anonymous>)",
        "next (/app/a.js:5:1)",
        "async work (/app/a.js:6:1)",
        "async /app/a.js:7:1",
      ]),
    );
    expect(frames.map(({ name, line, async }) => [name, line, async ?? false])).toEqual([
      ["sync", 1, false],
      ["inner", 2, true],
      ["failing", 3, true],
      ["closing", 4, true],
      ["next", 5, false],
      ["work", 6, true],
      ["anonymous", 7, true],
    ]);
  });

  it("agrees with V8 about generators that run", () => {
    let frames: StackFrame[] = [];
    const sync = (): void => {
      frames = framesOfError(new Error());
    };
    function* inner(): Generator<number> {
      sync();
      yield 1;
    }
    class Outer {
      *method(): Generator<number> {
        yield* inner();
      }
    }
    new Outer().method().next();
    expect(frames.slice(0, 3).map(({ name, async }) => [name, async ?? false])).toEqual([
      ["sync", false],
      ["inner", true],
      ["Outer.method", true],
    ]);
  });

  it("takes no line of the message for a call", () => {
    const message = "it said:\n    at fake (/app/fake.js:1:1)";
    expect(framesOfError(errorWith(["real (/app/a.js:2:2)"], message)).map(({ name }) => name)).toEqual([
      "real",
    ]);
  });

  it("gives nothing for an error without a stack, with one that is no text, or for no error", () => {
    const without = new Error("bare");
    delete without.stack;
    const structured = new Error("structured");
    (structured as { stack: unknown }).stack = [];
    expect([without, structured, "text", null, undefined].flatMap(framesOfError)).toEqual([]);
  });
});

describe("whole stacks", () => {
  it("have all frames however deep, and the limit is put back, also after a throw", () => {
    const limit = Error.stackTraceLimit;
    const deep = (n: number): number => (n === 0 ? callsOf(new Error()).length : deep(n - 1));
    expect(withWholeStacks(() => deep(100))).toBeGreaterThan(100);
    expect(() =>
      withWholeStacks(() => {
        throw new RangeError("thrown through");
      }),
    ).toThrow("thrown through");
    expect(Error.stackTraceLimit).toBe(limit);
  });
});

describe("what is shown", () => {
  const library = new URL("../../../lib/", import.meta.url).pathname;
  const own = place("Task._drive", `${library}tasks/coroutine-driver.ts`, 1, 1);
  const user = place("main", "/app/main.js", 1, 1);

  it("is what is not the library's and not inside Node", () => {
    const inside = place("emit", "node:internal/process", 1, 1);
    const near = place("main", `${library.slice(0, -1)}rary/main.js`, 1, 1);
    expect(shownFrames([own, user, inside, near, own])).toEqual([user, near]);
  });

  it("is all there is where all is the library's, as in a bundle", () => {
    expect(shownFrames([own, own])).toEqual([own, own]);
  });

  it("ends where the innermost task was resumed", () => {
    const foreign = place("Car._drive", "/app/car.js", 1, 1);
    expect(framesInTask([user, foreign, own, user, own])).toEqual([user, foreign]);
    expect(framesInTask([user, foreign])).toEqual([user, foreign]);
  });

  it("is printed as Python does", () => {
    expect(formatFrame(user)).toBe('File "/app/main.js", line 1, in main');
    expect(formatFrame({ ...user, line: null })).toBe('File "/app/main.js", line ?, in main');
    expect(formatFrame({ name: "main", file: null, line: null, column: null })).toBe("in main");
  });
});
