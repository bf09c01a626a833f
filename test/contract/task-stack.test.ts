// Task.getStack() and printStack(): waiting, running, failed and ended tasks, the limit, and what is printed.
import { expect, it } from "vitest";
import {
  type Coroutine,
  coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  type Future,
  gather,
  sleep,
  type StackFrame,
  type Task,
  waitFor,
} from "../../lib/index.ts";
import { wasRetrieved } from "../../lib/futures/unretrieved.ts";
import { describeBackends, onVirtualLoop, passes } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";
import { stderrOf } from "../support/stderr.ts";

const THIS_FILE = /task-stack\.test\.ts$/;

const names = (frames: StackFrame[]): string[] => frames.map(({ name }) => name);

function printed(task: Task<unknown>, limit?: number): string[] {
  let text = "";
  task.printStack({ limit, file: { write: (part) => (text += part) } });
  expect(text.endsWith("\n")).toBe(true);
  return text.slice(0, -1).split("\n");
}

function* inner(future: Future<void>): Coroutine<void> {
  yield* future;
}
function* middle(future: Future<void>): Coroutine<void> {
  yield* inner(future);
}
const outer = coroutine(function* outer(future: Future<void>): Coroutine<void> {
  yield* middle(future);
});
function* outermost(future: Future<void>): Coroutine<void> {
  yield* outer(future);
}
const ALL = ["outermost", "outer", "middle", "inner"];

describeBackends("the stack of a task", (backend) => {
  it("that waits has all of its coroutines, outermost first; limit keeps the innermost", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(outermost(future));
      yield* passes(1);
      const stack = task.getStack();
      expect(names(stack)).toEqual(ALL);
      for (const { file, line, column, async } of stack) {
        expect(file).toMatch(THIS_FILE);
        expect([line! > 0, column! > 0, async]).toEqual([true, true, true]);
      }
      expect(stack[2]!.line! - stack[3]!.line!).toBe(3);
      expect([null, undefined, 4, 99].map((limit) => task.getStack({ limit }))).toEqual(Array(4).fill(stack));
      expect([2, 1, 0].map((limit) => names(task.getStack({ limit })))).toEqual([
        ["middle", "inner"],
        ["inner"],
        [],
      ]);
      future.setResult();
      yield* task;
    }));

  it("that runs has its coroutine, and not what that has called", () =>
    onVirtualLoop(backend, function* () {
      const seen: StackFrame[][] = [];
      const look = (): unknown => seen.push(currentTask()!.getStack());
      const looking = coroutine(function* looking(): Coroutine<void> {
        const plain = function* (): Coroutine<void> {
          look();
          yield* passes(1);
          look();
        };
        yield* plain();
      });
      function* around(): Coroutine<void> {
        yield* looking();
      }
      yield* createTask(around());
      // At first the coroutine object runs inside the one around it; afterwards it is resumed by itself.
      expect(seen.map(names)).toEqual([["around"], ["around", "looking"]]);
      for (const { file, line } of seen.flat())
        expect([file, line]).toEqual([expect.stringMatching(THIS_FILE), expect.any(Number)]);
    }));

  it("that runs further out, around an eager one, is known by its coroutine and file", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      let stack: StackFrame[] = [];
      function* starting(): Coroutine<void> {
        const self = currentTask()!;
        yield* createTask(function* eager() {
          stack = self.getStack();
        });
      }
      const task = createTask(starting());
      expect(stack).toEqual([
        {
          name: "starting",
          file: expect.stringMatching(THIS_FILE) as string,
          line: null,
          column: null,
          async: true,
        },
      ]);
      expect(printed(task)).toEqual([`No stack for ${task.toString()}`]);
      yield* passes(1);
    }));

  it("that has not begun, or was woken, has what can be told without resuming it", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(outermost(future));
      expect(names(task.getStack())).toEqual(["outermost"]);
      yield* passes(1);
      future.setResult();
      expect(names(task.getStack())).toEqual(["outermost", "outer"]);
      yield* task;
    }));

  it("of an async function has the function, and the coroutine that it awaits", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const stacks: StackFrame[][] = [];
      const task = createTask(async function work() {
        stacks.push(currentTask()!.getStack());
        await sleep(1);
        stacks.push(currentTask()!.getStack());
        await outer(future);
      });
      stacks.push(task.getStack());
      yield* sleep(0.5);
      stacks.push(task.getStack());
      yield* sleep(1);
      stacks.push(task.getStack());
      expect(stacks.map(names)).toEqual([
        ["work"],
        ["work"],
        ["work"],
        ["work"],
        ["work", "outer", "middle", "inner"],
      ]);
      future.setResult();
      yield* task;
    }));

  it("that failed is that of its error, outermost first; limit keeps the outermost", () =>
    onVirtualLoop(backend, function* () {
      const thrower = (): never => {
        throw new RangeError("shown");
      };
      function* failing(): Coroutine<void> {
        [1].forEach(thrower);
        yield* passes(0);
      }
      const task = createTask(
        (function* around(): Coroutine<void> {
          yield* waitFor(failing(), 5);
        })(),
      );
      yield* passes(1);
      const stack = task.getStack();
      expect(names(stack)).toEqual(["around", "failing", "thrower"]);
      expect([2, 1, 0].map((limit) => names(task.getStack({ limit })))).toEqual([
        ["around", "failing"],
        ["around"],
        [],
      ]);
      yield* errorOf(task);
    }));

  it("is empty once it has ended otherwise, or failed with what has no stack", () =>
    onVirtualLoop(backend, function* () {
      const well = createTask(passes(0));
      const cancelled = createTask(passes(5));
      const textual = createTask(function* () {
        throw "just text";
      });
      yield* passes(1);
      cancelled.cancel();
      yield* passes(1);
      const tasks = [well, cancelled, textual];
      expect(tasks.map((task) => task.getStack())).toEqual([[], [], []]);
      expect(tasks.map((task) => printed(task))).toEqual([
        [`No stack for ${well.toString()}`],
        [`No stack for ${cancelled.toString()}`],
        [`No stack for ${textual.toString()}`, "just text"],
      ]);
      yield* gather(tasks, { returnExceptions: true });
    }));

  it("may be looked at without that the exception counts as seen", () =>
    onVirtualLoop(backend, function* ({ takeReports }) {
      const task = createTask(function* failing() {
        throw new RangeError("seen by nobody");
      });
      yield* passes(1);
      task.getStack();
      printed(task);
      expect(wasRetrieved(task)).toBe(false);
      expect((yield* errorOf(task)).message).toBe("seen by nobody");
      expect([wasRetrieved(task), takeReports()]).toEqual([true, []]);
    }));
});

describeBackends("printStack()", (backend) => {
  it("prints as Python does", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(outermost(future), { name: "printed" });
      yield* passes(1);
      const [title, ...lines] = printed(task, 2);
      expect(title).toBe(`Stack for ${task.toString()} (most recent call last):`);
      const places = task
        .getStack({ limit: 2 })
        .map(({ file, line }) => `  File "${file}", line ${line}, in`);
      expect(lines).toEqual([`${places[0]} middle`, `${places[1]} inner`]);
      future.setException(new RangeError("printed"));
      yield* errorOf(task);
      const failed = printed(task);
      expect(failed[0]).toBe(`Traceback for ${task.toString()} (most recent call last):`);
      expect(failed.at(-1)).toBe("RangeError: printed");
    }));

  it("prints to standard error when no file is given", async () => {
    const text = await stderrOf(() =>
      onVirtualLoop(backend, function* () {
        createTask(passes(0), { name: "told" }).printStack();
        yield* passes(1);
      }),
    );
    expect(text).toMatch(
      /^Stack for <Task pending name="told" .*> \(most recent call last\):\n {2}File ".*", line \d+, in passes\n$/,
    );
  });

  it.each<[string, (task: Task<unknown>) => unknown, string]>([
    ["a limit below 0", (task) => task.getStack({ limit: -1 }), "RangeError: limit must be an integer"],
    ["half a limit", (task) => task.printStack({ limit: 0.5 }), "RangeError: limit must be an integer"],
    ["a bare limit", (task) => task.getStack(1 as never), "TypeError: the options of getStack()"],
    ["a bare file", (task) => task.printStack(process as never), "TypeError: the options of printStack()"],
    [
      "an unknown option",
      (task) => task.printStack({ to: 1 } as never),
      "TypeError: printStack() has no option",
    ],
    ["a file that is none", (task) => task.printStack({ file: {} as never }), "TypeError: file must have"],
  ])("refuses %s", (_what, call, error) =>
    onVirtualLoop(backend, function* () {
      const task = createTask(passes(0));
      expect(label(thrownBy(() => call(task)))).toContain(error);
      yield* task;
    }),
  );
});
