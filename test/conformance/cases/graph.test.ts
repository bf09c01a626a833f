// Counterparts of CPython's test_graph: who is shown on top of whom, and who as waiting for whom.
//
// Unlike there, the library's own coroutines (a TaskGroup's exit, wait()) have no frames here, and a task that is running when
// it is shown as a waiter has its whole stack instead of its outermost frame.
import { expect, it } from "vitest";
import {
  asyncWith,
  captureCallGraph,
  type Coroutine,
  coroutine,
  createTask,
  currentTask,
  Future,
  gather,
  printCallGraph,
  shield,
  sleep,
  type Task,
  TaskGroup,
  timeout,
  wait,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../../support/backends.ts";
import { type Shape, shapeOf } from "../../support/call-graphs.ts";

/** The graph of `future`, or of the current task from the caller on, and the same as text. */
function looked(future?: Future<unknown>): { shape: Shape; text: string } {
  let text = "";
  printCallGraph(future, { depth: 2, file: { write: (part) => (text += part) } });
  return { shape: shapeOf(captureCallGraph(future, { depth: 2 }))!, text };
}

type Looked = ReturnType<typeof looked>;

/** A coroutine that looks where it is after one pass, a level further in. */
function* lookSoon(seen: Looked[]): Coroutine<void> {
  yield* passes(1);
  const look = (): unknown => seen.push(looked());
  look();
}

const lookDeep = coroutine(function* lookDeep(seen: Looked[]): Coroutine<void> {
  yield* sleep(0);
  yield* lookSoon(seen);
});

/** The same within a time limit. */
function* lookInTime(seen: Looked[]): Coroutine<void> {
  yield* asyncWith(timeout(1), function* () {
    yield* sleep(0);
    yield* lookDeep(seen);
  });
}

const DEEP = ["s look", "a lookSoon", "a lookDeep"];
const IN_TIME = [...DEEP, "a anonymous", "a lookInTime"];

/** Runs `main` as a coroutine of the test's own. */
function* inTest(main: Coroutine<unknown>): Coroutine<void> {
  yield* main;
}

const TEST = ["a main", "a inTest", "a anonymous"];

describeBackends("test_graph.CallStackTestBase", (backend) => {
  it("test_stack_tgroup: a member is awaited by the task around its group, and by whoever else awaits it", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      function* awaiting(task: Task<unknown>): Coroutine<void> {
        yield* task;
      }
      function* main(): Coroutine<void> {
        yield* asyncWith(new TaskGroup(), (group) => {
          const member = group.createTask(lookDeep(seen), { name: "member" });
          group.createTask(awaiting(member), { name: "first" });
          group.createTask(awaiting(member), { name: "second" });
        });
      }
      yield* inTest(main());
      const around: Shape = ["T<>", TEST, []];
      const [{ shape, text }] = seen as [Looked];
      expect(shape).toEqual([
        "T<member>",
        DEEP,
        [around, ["T<first>", ["a awaiting"], [around]], ["T<second>", ["a awaiting"], [around]]],
      ]);
      expect(text).toMatch(/^ {6}\| {3}File ".*graph\.test\.ts", line \d+, in async main\(\)$/m);
    }));

  it("test_stack_async_gen: what an async generator calls has its frame below, and that of the loop over it", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      async function called(): Promise<void> {
        seen.push(looked());
        await sleep(0);
      }
      async function* generating(): AsyncGenerator<number> {
        for (let i = 0; i < 2; i++) {
          yield i;
          if (i === 1) await called();
        }
      }
      const task = createTask(async function main() {
        const got: number[] = [];
        for await (const i of generating()) got.push(i);
        return got;
      });
      yield* sleep(1);
      expect(task.result()).toEqual([0, 1]);
      const [{ shape, text }] = seen as [Looked];
      const [who, frames, awaitedBy] = shape;
      expect([who, awaitedBy]).toEqual(["T<>", []]);
      expect(frames.map((frame) => frame.slice(2))).toEqual(["called", "generating", "main"]);
      expect(text).toMatch(/ in async generating\(\)$/m);
    }));

  it("test_stack_gather: a child is awaited by whoever awaits the gathering", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      function* main(): Coroutine<void> {
        yield* gather(lookDeep(seen), sleep(0));
      }
      yield* inTest(main());
      expect(seen[0]!.shape).toEqual(["T<>", DEEP, [["T<>", TEST, []]]]);
    }));

  it("test_stack_shield: what is shielded is awaited by whoever awaits the shield", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      function* main(): Coroutine<void> {
        yield* shield(lookDeep(seen));
      }
      yield* inTest(main());
      expect(seen[0]!.shape).toEqual(["T<>", DEEP, [["T<>", TEST, []]]]);
    }));

  it("test_stack_timeout: a time limit is no task, and has no frame", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      function* main(): Coroutine<void> {
        yield* shield(lookInTime(seen));
      }
      yield* inTest(main());
      expect(seen[0]!.shape).toEqual(["T<>", IN_TIME, [["T<>", TEST, []]]]);
    }));

  it("test_stack_wait: what wait() waits for is awaited by its caller", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      const tasks = [createTask(lookInTime(seen)), createTask(passes(3))];
      function* main(): Coroutine<void> {
        for (let left = 1; left > 0;) {
          const [, pending] = yield* wait(tasks);
          left = pending.size;
        }
      }
      yield* inTest(main());
      expect(seen[0]!.shape).toEqual(["T<>", IN_TIME, [["T<>", TEST, []]]]);
    }));

  it("test_stack_task: a task is awaited by the coroutine that awaits it, in its place", () =>
    onVirtualLoop(backend, function* () {
      const seen: Looked[] = [];
      function* awaiting(): Coroutine<void> {
        yield* createTask(lookDeep(seen), { name: "there there" });
      }
      function* main(): Coroutine<void> {
        yield* awaiting();
      }
      yield* inTest(main());
      expect(seen[0]!.shape).toEqual(["T<there there>", DEEP, [["T<>", ["a awaiting", ...TEST], []]]]);
    }));

  it("test_stack_future: a future has no frames, and is awaited by tasks that others await", () =>
    onVirtualLoop(backend, function* () {
      const future = new Future<void>();
      let seen: Looked | null = null;
      function* inner(): Coroutine<void> {
        yield* future;
      }
      function* outer(): Coroutine<void> {
        yield* inner();
      }
      function* main(): Coroutine<void> {
        yield* asyncWith(new TaskGroup(), function* body(group) {
          group.createTask(outer(), { name: "a" });
          group.createTask(inner(), { name: "b" });
          yield* passes(5);
          expect(captureCallGraph(future)!.awaitedBy[0]!.awaitedBy[0]!.future).toBe(currentTask());
          seen = looked(future);
          future.setResult();
        });
      }
      yield* inTest(main());
      const around: Shape = ["T<>", ["a body", ...TEST], []];
      const { shape, text } = seen! as Looked;
      expect(shape).toEqual([
        "F",
        [],
        [
          ["T<a>", ["a inner", "a outer"], [around]],
          ["T<b>", ["a inner"], [around]],
        ],
      ]);
      expect(text.startsWith("* Future()\n  + Awaited by:\n    * Task(name=")).toBe(true);
    }));
});
