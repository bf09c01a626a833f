// Looking where a task waits resumes its coroutine as far as the awaitable: each of the library's must stand that, again and again.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  asCompleted,
  asyncWith,
  Barrier,
  CancelledError,
  captureCallGraph,
  Condition,
  type Coroutine,
  coroutine,
  createTask,
  Event,
  type EventLoop,
  type Future,
  gather,
  Lock,
  Queue,
  Semaphore,
  shield,
  sleep,
  StreamReader,
  StreamReaderProtocol,
  StreamWriter,
  type Task,
  TaskGroup,
  type Transport,
  wait,
  waitFor,
  type Yieldable,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop, passes } from "../support/backends.ts";
import { frameNames, waitersOf } from "../support/call-graphs.ts";
import { errorOf, label } from "../support/outcomes.ts";

/** Something to await that has to wait, and what makes it go on. */
interface Waiting {
  readonly awaitable: Yieldable<unknown>;
  /** Nothing for what goes on by itself. */
  release?(): unknown;
  /** What it gives then. */
  readonly result: unknown;
}

function inUse<T extends { acquire(): unknown; release(): void }>(gate: T): T {
  (gate.acquire() as Iterator<unknown>).next();
  return gate;
}

/** Every awaitable of the library, by what it is made with. */
const AWAITABLES: Readonly<Record<string, (loop: EventLoop) => Waiting>> = {
  future: (loop) => resolved(loop.createFuture<string>()),
  "gather()": (loop) => {
    const future = loop.createFuture<number>();
    return { awaitable: gather(future), release: () => future.setResult(1), result: [1] };
  },
  "shield()": (loop) => {
    const future = loop.createFuture<string>();
    return { ...resolved(future), awaitable: shield(future) };
  },
  "sleep()": () => ({ awaitable: sleep(1, "slept"), result: "slept" }),
  "sleep(0)": () => ({ awaitable: sleep(0), result: undefined }),
  "sleep(0, result)": () => ({ awaitable: sleep(0, "slept"), result: "slept" }),
  "wait()": (loop) => {
    const future = loop.createFuture<number>();
    return {
      awaitable: wait([future]),
      release: () => future.setResult(1),
      result: [new Set([future]), new Set()],
    };
  },
  "asCompleted().next()": (loop) => {
    const future = loop.createFuture<string>();
    return { ...resolved(future), awaitable: asCompleted([future]).next().value! };
  },
  "asCompleted().anext()": (loop) => {
    const future = loop.createFuture<string>();
    const result = { done: false, value: future };
    return { ...resolved(future), awaitable: asCompleted([future]).anext(), result };
  },
  "lock.acquire()": () => {
    const lock = inUse(new Lock());
    return { awaitable: lock.acquire(), release: () => lock.release(), result: true };
  },
  "semaphore.acquire()": () => {
    const semaphore = inUse(new Semaphore());
    return { awaitable: semaphore.acquire(), release: () => semaphore.release(), result: true };
  },
  "event.wait()": () => {
    const event = new Event();
    return { awaitable: event.wait(), release: () => event.set(), result: true };
  },
  "condition.wait()": () => {
    const lock = new Lock();
    const condition = new Condition(lock);
    return {
      awaitable: asyncWith(condition, () => condition.wait() as never),
      release: () => {
        inUse(condition).notify();
        condition.release();
      },
      result: true,
    };
  },
  "barrier.wait()": () => {
    const barrier = new Barrier(2);
    return { awaitable: barrier.wait(), release: () => createTask(barrier.wait()), result: 0 };
  },
  "queue.get()": () => {
    const queue = new Queue<string>();
    return { awaitable: queue.get(), release: () => queue.putNowait("item"), result: "item" };
  },
  "queue.put()": () => {
    const queue = new Queue<string>(1);
    queue.putNowait("first");
    return { awaitable: queue.put("second"), release: () => queue.getNowait(), result: undefined };
  },
  "reader.read()": (loop) => {
    const reader = new StreamReader({ loop });
    return {
      awaitable: reader.read(10),
      release: () => reader.feedData(Buffer.from("data")),
      result: Buffer.from("data"),
    };
  },
  "writer.drain()": (loop) => {
    const protocol = new StreamReaderProtocol(new StreamReader({ loop }), null, loop);
    const transport = { write: () => {}, isClosing: () => false } as unknown as Transport;
    const writer = new StreamWriter(transport, protocol, null, loop);
    protocol.pauseWriting();
    return { awaitable: writer.drain(), release: () => protocol.resumeWriting(), result: undefined };
  },
  "a coroutine object": (loop) => {
    const future = loop.createFuture<string>();
    const awaiting = coroutine(function* awaiting(): Coroutine<string> {
      return yield* future;
    });
    return { ...resolved(future), awaitable: awaiting() };
  },
  "waitFor()": (loop) => {
    const future = loop.createFuture<string>();
    return { ...resolved(future), awaitable: waitFor(future, 10) };
  },
  "asyncWith()": (loop) => {
    const future = loop.createFuture<string>();
    const awaitable = asyncWith(new TaskGroup(), (group) => {
      group.createTask(awaitIn(future));
      return "body";
    });
    return { awaitable, release: () => future.setResult(""), result: "body" };
  },
};

function resolved(future: Future<string>): Waiting & { release(): void } {
  return { awaitable: future, release: () => future.setResult("result"), result: "result" };
}

function* awaitIn(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  return yield* awaitable;
}

function* awaitOutside(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  return yield* awaitIn(awaitable);
}

/** The frames of a task that runs awaitOutside(), in call graph and stack. */
function look(task: Task<unknown>): string[][] {
  const stack = task.getStack().map(({ name }) => name);
  return [frameNames(captureCallGraph(task)), stack.reverse()].map((names) =>
    names.filter((name) => name === "awaitIn" || name === "awaitOutside"),
  );
}

const BOTH_FRAMES = Array(2).fill(["awaitIn", "awaitOutside"]) as string[][];

describeBackends("a task that is looked at while it awaits", (backend) => {
  it.each(Object.entries(AWAITABLES))("%s gets the result all the same", (name, make) =>
    onVirtualLoop(backend, function* ({ loop }) {
      const { awaitable, release, result } = make(loop);
      const task = createTask(awaitOutside(awaitable));
      yield* passes(1);
      const givesWay = name.startsWith("sleep(0");
      for (let looks = 0; looks < 3; looks++) {
        expect(look(task)).toEqual(givesWay ? Array(2).fill(["awaitOutside"]) : BOTH_FRAMES);
      }
      release?.();
      look(task);
      expect(yield* task).toEqual(result);
      expect(look(task)).toEqual([[], []]);
    }),
  );

  it.each(Object.entries(AWAITABLES))("%s can be cancelled all the same", (_name, make) =>
    onVirtualLoop(backend, function* ({ loop }) {
      const { awaitable, release } = make(loop);
      const task = createTask(awaitOutside(awaitable));
      yield* passes(1);
      look(task);
      task.cancel("enough");
      look(task);
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      yield* passes(2);
      if (release !== undefined) yield* errorOf(settled(release));
    }),
  );

  it("leaves other coroutines alone that are just being started", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<void>();
      const task = createTask(awaitOutside(future));
      yield* passes(1);
      const looking = coroutine(function* looking(): Coroutine<string> {
        look(task);
        yield* future;
        return "on time";
      });
      const other = createTask(awaitOutside(looking()));
      yield* passes(1);
      expect([waitersOf(future).length, look(other)]).toEqual([2, BOTH_FRAMES]);
      future.setResult();
      expect(yield* gather(task, other)).toEqual([undefined, "on time"]);
    }));

  it("still refuses to be awaited by another meanwhile", () =>
    onVirtualLoop(backend, function* () {
      const queue = new Queue<number>();
      const get = queue.get();
      const task = createTask(awaitOutside(get));
      yield* passes(1);
      look(task);
      expect(label(yield* errorOf(get))).toBe("RuntimeError: coroutine is being awaited already");
      queue.putNowait(1);
      expect(yield* task).toBe(1);
    }));
});

/** What a release gives may be an error, where there is nothing left to be released. */
function* settled(release: () => unknown): Coroutine<unknown> {
  const made = release();
  if (made instanceof Object && "cancel" in made) (made as Task<unknown>).cancel();
  yield* passes(2);
  return made;
}

describe("the table above", () => {
  it("has an awaitable of each class that waits by itself", async () => {
    const library = fileURLToPath(new URL("../../lib", import.meta.url));
    const classes = readdirSync(library, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [...readFileSync(join(library, file), "utf8").matchAll(CLASS)])
      .map(([, name]) => name!);
    const tried = await onVirtualLoop("pure", function* ({ loop }) {
      const names = Object.values(AWAITABLES).map((make) => {
        const { awaitable } = make(loop);
        (awaitable as { close?: () => void }).close?.();
        return awaitable.constructor.name;
      });
      yield* passes(0);
      return new Set(names);
    });
    expect(classes.length).toBeGreaterThan(8);
    expect(classes.filter((name) => !tried.has(name))).toEqual([]);
  });
});

/** A class whose objects are awaited, and that is no base of others. */
const CLASS =
  /^(?:export )?class (\w+)[^{]* extends (?:LibraryCoroutine|CoroutineObject|NextCompletion|QueueCall)\b/gm;
