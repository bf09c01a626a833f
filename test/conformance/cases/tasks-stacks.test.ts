// Counterparts of CPython's test_tasks: asking a task where it is.
import { expect, it } from "vitest";
import {
  type Coroutine,
  coroutine,
  createTask,
  ensureFuture,
  type StackFrame,
  type Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";

function printed(task: Task<unknown>, limit?: number): string {
  let text = "";
  task.printStack({ limit, file: { write: (part: string) => (text += part) } });
  return text;
}

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_get_stack: a running task shows its own coroutine", () =>
    onLoop(backend, function* () {
      let frames: StackFrame[] = [];
      let text = "";
      const bar = function* (): Coroutine<void> {
        frames = task.getStack({ limit: 1 });
        text = printed(task, 1);
      };
      const foo = coroutine(function* foo(): Coroutine<void> {
        yield* bar();
      });
      const task = ensureFuture(foo()) as Task<void>;
      yield* task;
      expect(frames.map(({ name }) => name)).toEqual(["foo"]);
      expect(text).toMatch(/^Stack for <Task pending .*foo.*> \(most recent call last\):\n.* in foo\n$/);
    }));

  it("test_get_stack: a task that waits shows where", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(
        (function* waiting(): Coroutine<void> {
          yield* future;
        })(),
      );
      yield* passes(1);
      const [frame] = task.getStack();
      expect([frame.name, frame.file]).toEqual(["waiting", expect.stringContaining("tasks-stacks.test.ts")]);
      expect(frame.line).toBeGreaterThan(0);
      expect(printed(task)).toContain(`tasks-stacks.test.ts", line ${frame.line}, in waiting`);
      expect(task.getStack({ limit: 0 })).toEqual([]);
      future.setResult();
      yield* task;
      expect(task.getStack()).toEqual([]);
      expect(printed(task)).toBe(`No stack for ${String(task)}\n`);
    }));

  it("test_get_stack: a task that failed shows the traceback of its exception, oldest frames first", () =>
    onLoop(backend, function* () {
      const thrower = (): never => {
        throw new RangeError("shown");
      };
      const task = createTask(
        (function* failing(): Coroutine<void> {
          thrower();
        })(),
      );
      yield* passes(1);
      const names = task.getStack().map(({ name }) => name);
      expect(names.slice(-2)).toEqual(["failing", "thrower"]);
      expect(printed(task)).toMatch(
        /^Traceback for <Task finished .*\n[^]* in failing\n[^]* in thrower\nRangeError: shown\n$/,
      );
      expect(task.exception()).toBeInstanceOf(RangeError);
    }));
});
