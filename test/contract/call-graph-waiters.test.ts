// Who waits for whom in call graphs: directly, through each combinator, and in async functions.
import { expect, it } from "vitest";
import {
  asCompleted,
  asyncWith,
  captureCallGraph,
  type Coroutine,
  coroutine,
  createTask,
  currentTask,
  formatCallGraph,
  type Future,
  futureAddToAwaitedBy,
  futureDiscardFromAwaitedBy,
  gather,
  shield,
  sleep,
  staggeredRace,
  Task,
  TaskGroup,
  timeout,
  wait,
  waitFor,
  type Yieldable,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes, until } from "../support/backends.ts";
import { frameNames, type Shape, shapeOf, waitersOf } from "../support/call-graphs.ts";
import { errorOf } from "../support/outcomes.ts";

const graphOf = (future: Future<unknown>): Shape => shapeOf(captureCallGraph(future))!;

/** Async functions come to their awaits in any order. */
const sortedWaiters = (future: Future<unknown>): Shape[] =>
  graphOf(future)[2].sort(([one], [other]) => (one < other ? -1 : 1));

function* waiting(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  return yield* awaitable;
}

/** A task of this name that awaits `awaitable`, and does so by now. */
function* waiter(name: string, awaitable: Yieldable<unknown>): Coroutine<Task<unknown>> {
  const task = createTask(waiting(awaitable), { name });
  yield* passes(1);
  return task;
}

function* cancelAll(...tasks: Task<unknown>[]): Coroutine<void> {
  for (const task of tasks) task.cancel();
  yield* gather(tasks, { returnExceptions: true });
}

describeBackends("a future is awaited by", (backend) => {
  it("the tasks that await it, and those that await them", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const a = yield* waiter("a", future);
      const b = yield* waiter("b", a);
      const c = yield* waiter("c", a);
      expect(graphOf(future)).toEqual([
        "F",
        [],
        [
          [
            "T<a>",
            ["a waiting"],
            [
              ["T<b>", ["a waiting"], []],
              ["T<c>", ["a waiting"], []],
            ],
          ],
        ],
      ]);
      future.setResult();
      expect(waitersOf(future)).toEqual([]);
      yield* gather(b, c);
    }));

  it("nobody who only asked to be told", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      future.addDoneCallback(() => {});
      const promise = future.toPromise();
      expect(waitersOf(future)).toEqual([]);
      future.setResult();
      yield* passes(1);
      return promise;
    }));

  it("whoever awaits gather(), for each of its children until it ends", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const [one, two] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const both = gather(one, gather(two));
      expect([waitersOf(one), waitersOf(both)]).toEqual([[], []]);
      const task = yield* waiter("gathering", both);
      expect([one, two, both].map(waitersOf)).toEqual(Array(3).fill(["T<gathering>"]));
      expect(graphOf(two)).toEqual(["F", [], [["T<gathering>", ["a waiting"], []]]]);
      one.setException(new RangeError("first"));
      yield* passes(1);
      expect(waitersOf(two)).toEqual([]);
      expect((yield* errorOf(task)).message).toBe("first");
      two.cancel();
    }));

  it("whoever awaits wait(), until that ends", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const futures = [loop.createFuture<void>(), loop.createFuture<void>()];
      const task = yield* waiter("in wait", wait(futures, { timeout: 1 }));
      expect(futures.map(waitersOf)).toEqual(Array(2).fill(["T<in wait>"]));
      expect(graphOf(futures[0]!)[2]).toEqual([["T<in wait>", ["a waiting"], []]]);
      yield* task;
      expect(futures.map(waitersOf)).toEqual([[], []]);
    }));

  it("whoever waits for the next that asCompleted() gives", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const futures = [loop.createFuture<number>(), loop.createFuture<number>()];
      const completions = asCompleted(futures);
      expect(futures.map(waitersOf)).toEqual([[], []]);
      const first = yield* waiter("for", completions.next().value!);
      const second = yield* waiter("async for", completions.anext());
      expect(futures.map(waitersOf)).toEqual(Array(2).fill(["T<for>"]));
      futures[1]!.setResult(1);
      expect(yield* first).toBe(1);
      expect(futures.map(waitersOf)).toEqual([["T<async for>"], []]);
      futures[0]!.setResult(0);
      yield* second;
    }));

  it("whoever awaits shield(), until that is cancelled", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const inner = loop.createFuture<void>();
      const task = yield* waiter("shielded", shield(inner));
      expect(waitersOf(inner)).toEqual(["T<shielded>"]);
      yield* cancelAll(task);
      expect([inner.done(), waitersOf(inner)]).toEqual([false, []]);
    }));

  it("the task around a TaskGroup, while the block runs and while it waits at the end", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      let member: Task<unknown> | null = null;
      const inBody = loop.createFuture<void>();
      const group = new TaskGroup();
      const parent = yield* waiter(
        "parent",
        asyncWith(group, function* body() {
          member = group.createTask(waiting(future), { name: "member" });
          expect(waitersOf(member)).toEqual(["T<parent>"]);
          yield* inBody;
        }),
      );
      const frames = (): string[] => frameNames(captureCallGraph(parent));
      expect([waitersOf(member), frames()]).toEqual([["T<parent>"], ["body", "waiting"]]);
      inBody.setResult();
      yield* passes(1);
      expect([waitersOf(member), frames()]).toEqual([["T<parent>"], ["waiting"]]);
      future.setResult();
      yield* parent;
      expect(waitersOf(member)).toEqual([]);
    }));

  it("the task itself under timeout() and waitFor(), which make none", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const limited = yield* waiter(
        "timeout",
        asyncWith(timeout(1), () => waiting(future)),
      );
      const inWaitFor = yield* waiter("waitFor", waitFor(waiting(future), 1));
      const onFuture = yield* waiter("waitFor future", waitFor(future, 1));
      expect(graphOf(future)[2]).toEqual([
        ["T<timeout>", ["a waiting", "a waiting"], []],
        ["T<waitFor>", ["a waiting", "a waiting"], []],
        ["T<waitFor future>", ["a waiting"], []],
      ]);
      future.setResult();
      yield* gather(limited, inWaitFor, onFuture);
    }));

  it("the task in waitFor() without any time, while what it waits for refuses to end", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const cleanUp = loop.createFuture<void>();
      function* stubborn(): Coroutine<void> {
        try {
          yield* sleep(10);
        } finally {
          yield* cleanUp;
        }
      }
      const inner = yield* waiter("inner", stubborn());
      const task = yield* waiter("impatient", waitFor(inner, 0));
      expect(waitersOf(inner)).toEqual(["T<impatient>"]);
      cleanUp.setResult();
      expect((yield* errorOf(task)).name).toBe("TimeoutError");
    }));

  it("the task in staggeredRace(), for each of its tasks", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const race = yield* waiter("race", staggeredRace([() => waiting(future)], null));
      yield* passes(2);
      const [runner] = captureCallGraph(future)!.awaitedBy;
      expect(waitersOf(runner!.future)).toEqual(["T<race>"]);
      future.setResult();
      yield* race;
      expect(waitersOf(runner!.future)).toEqual([]);
    }));

  it("whoever said so by hand, until they take it back", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const [future, other] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const task = yield* waiter("a", other);
      futureAddToAwaitedBy(future, other);
      futureAddToAwaitedBy(future, task);
      futureAddToAwaitedBy(future, task);
      expect(graphOf(future)[2]).toEqual([
        ["F", [], [["T<a>", ["a waiting"], []]]],
        ["T<a>", ["a waiting"], []],
      ]);
      futureDiscardFromAwaitedBy(future, other);
      futureDiscardFromAwaitedBy(other, future);
      expect(waitersOf(future)).toEqual(["T<a>"]);
      futureDiscardFromAwaitedBy(future, task);
      expect(waitersOf(future)).toEqual([]);
      // What is no future of ours is passed over, as in Python.
      futureAddToAwaitedBy({} as never, task);
      futureAddToAwaitedBy(future, {} as never);
      futureDiscardFromAwaitedBy(null as never, task);
      expect(waitersOf(future)).toEqual([]);
      yield* cancelAll(task);
    }));
});

describeBackends("an async function", (backend) => {
  it("awaits as its task, futures as well as coroutines", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const [future, inner] = [loop.createFuture<void>(), loop.createFuture<void>()];
      const outer = coroutine(function* outer(): Coroutine<void> {
        yield* waiting(inner);
      });
      const first = createTask(
        async function first() {
          await future;
        },
        { name: "first" },
      );
      const second = createTask(
        async function second() {
          await outer();
        },
        { name: "second" },
      );
      const third = createTask(
        async function third() {
          await gather(future, inner);
        },
        { name: "third" },
      );
      yield* until(() => waitersOf(inner).length === 2, "the async functions to await");
      expect(sortedWaiters(future)).toEqual([
        ["T<first>", ["a first"], []],
        ["T<third>", ["a third"], []],
      ]);
      expect(sortedWaiters(inner)).toEqual([
        ["T<second>", ["a waiting", "a outer", "a second"], []],
        ["T<third>", ["a third"], []],
      ]);
      const { frame } = captureCallGraph(first)!.callStack[0]!;
      expect([frame.file, frame.line]).toEqual([
        expect.stringMatching(/call-graph-waiters\.test\.ts$/),
        null,
      ]);
      expect(formatCallGraph(first)).toMatch(/ {2}\| {3}File ".*", line \?, in async first\(\)$/);
      future.setResult();
      inner.setResult();
      yield* gather(first, second, third);
    }));

  it("in a coroutine, in an async function, is a part of one task all the same", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const inMiddle = coroutine(function* inMiddle(): Coroutine<void> {
        yield* waitFor(async function innermost() {
          await coroutine(waiting)(future);
        }, 5);
      });
      const task = createTask(
        async function outermost() {
          await inMiddle();
        },
        { name: "one" },
      );
      yield* until(() => waitersOf(future).length === 1, "the innermost function to await");
      expect(graphOf(future)[2]).toEqual([
        ["T<one>", ["a waiting", "a innermost", "a inMiddle", "a outermost"], []],
      ]);
      future.setResult();
      yield* task;
    }));

  it("that awaits several things at once shows none of their frames, but waits for each", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const futures = [loop.createFuture<void>(), loop.createFuture<void>()];
      const awaited = coroutine(waiting);
      const task = createTask(
        async function several() {
          await Promise.all(futures.map((future) => awaited(future)));
        },
        { name: "several" },
      );
      yield* until(() => waitersOf(futures[1]!).length === 1, "both awaits");
      for (const future of futures) expect(graphOf(future)[2]).toEqual([["T<several>", ["a several"], []]]);
      for (const future of futures) future.setResult();
      yield* task;
    }));

  it("that runs has its real stack, and the coroutines around it", () =>
    onVirtualLoop(backend, function* () {
      const seen: string[][] = [];
      const look = (): unknown => seen.push(frameNames(captureCallGraph()));
      async function helper(): Promise<void> {
        look();
        await sleep(0);
        look();
        await Promise.resolve();
        look();
      }
      const within = coroutine(function* within(): Coroutine<void> {
        yield* waitFor(async function work() {
          await helper();
        }, 5);
      });
      yield* createTask(within());
      expect(seen).toEqual(Array(3).fill(["look", "helper", "work", "within"]));
    }));

  it("that awaits several coroutines at once has the frames of the one that runs", () =>
    onVirtualLoop(backend, function* () {
      const seen: string[][] = [];
      const looking = coroutine(function* looking(seconds: number): Coroutine<void> {
        yield* sleep(seconds);
        seen.push(frameNames(captureCallGraph()));
      });
      const first = coroutine(function* first(): Coroutine<void> {
        yield* looking(1);
      });
      const second = coroutine(function* second(): Coroutine<void> {
        yield* waitFor(async function inner() {
          await Promise.all([looking(2), sleep(3)]);
        }, 5);
      });
      yield* createTask(async function work() {
        await Promise.all([first(), second()]);
      });
      expect(seen).toEqual([
        ["looking", "first", "work"],
        ["looking", "inner", "second", "work"],
      ]);
    }));

  it("whose coroutine runs has that one's frames, and its own", () =>
    onVirtualLoop(backend, function* () {
      const seen: string[][] = [];
      const look = (): unknown => seen.push(frameNames(captureCallGraph(currentTask())));
      const stepping = coroutine(function* stepping(): Coroutine<void> {
        const inner = coroutine(function* inner(): Coroutine<void> {
          look();
          yield* sleep(0);
          look();
        });
        yield* inner();
      });
      yield* createTask(async function work() {
        await stepping();
      });
      expect(seen).toEqual(Array(2).fill(["look", "inner", "stepping", "work"]));
    }));
});

describeBackends("waiters", (backend) => {
  it("that wait for each other in a circle are drawn once round", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const a = yield* waiter("a", future);
      const b = yield* waiter("b", a);
      futureAddToAwaitedBy(b, a);
      expect(graphOf(a)).toEqual(["T<a>", ["a waiting"], [["T<b>", ["a waiting"], []]]]);
      expect(graphOf(future)[2]).toEqual([graphOf(a)]);
      futureAddToAwaitedBy(a, a);
      expect(waitersOf(a)).toEqual(["T<b>"]);
      expect(formatCallGraph(a).match(/\* Task/g)).toHaveLength(2);
      future.setResult();
      yield* b;
    }));

  it("in long rows do not exhaust the stack", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      let last: Future<unknown> = future;
      for (let i = 0; i < 3000; i++) last = createTask(waiting(last));
      yield* passes(1);
      let depth = 0;
      for (let at = captureCallGraph(future, { limit: 0 }); at !== undefined; at = at!.awaitedBy[0]!) depth++;
      expect(depth).toBe(3001);
      expect(formatCallGraph(future, { limit: 0 }).split("\n")).toHaveLength(1 + 2 * 3000);
      future.setResult();
      yield* last;
    }));
});
