// then(), catch() and finally() of what the library returns: whose awaits they are, and what becomes of cancellations there.
import { expect, it } from "vitest";
import {
  createTask,
  Event,
  Future,
  gather,
  newEventLoop,
  Queue,
  shield,
  sleep,
  type Coroutine,
  type Task,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

/** The unhandledRejections during `body`. */
async function unhandledIn(body: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): unknown => unhandled.push(reason);
  process.on("unhandledRejection", note);
  await body();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  return unhandled;
}

function* failing(): Coroutine<never> {
  yield* sleep(1);
  throw new Error("background");
}

describeBackends("promises made of awaitables", (backend) => {
  it("count as awaits of the async function: its cancellation interrupts them, from its first line on", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const bodies: (() => Promise<unknown>)[] = [
        async () => await sleep(100).catch((error: unknown) => Promise.reject(error as Error)),
        async () => await new Queue().get().then((item) => item),
        async () => {
          await sleep(0.5);
          await sleep(100).finally(() => undefined);
        },
        async () => {
          const kept = sleep(100).then(() => 1);
          await kept;
        },
        async () => await gather(sleep(100), sleep(200)).then(([first]) => first),
        () => sleep(100).then(() => 1),
      ];
      for (const body of bodies) {
        const task = createTask(body);
        yield* sleep(1);
        const before = loop.time();
        task.cancel("enough");
        expect([body.toString(), label(yield* errorOf(task))]).toEqual([
          body.toString(),
          "CancelledError: enough",
        ]);
        expect(loop.time()).toBe(before);
      }
    }));

  it("tell the function's callbacks the outcome also when it has ended; a mere await nobody hears of", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const future = new Future<string>();
      const background = createTask(failing());
      const task = createTask(async () => {
        background.catch((error: unknown) => log.push(`catch ${label(error)}`));
        void future.finally(() => log.push("finally")).then((value) => log.push(`then ${value}`));
        void sleep(100).finally(() => log.push("a coroutine is cancelled"));
        await Promise.race([future, sleep(0.1)]);
      });
      yield* task;
      yield* sleep(2);
      expect([future._callbacks].flat().length).toBe(1); // that of finally(): the race has left none
      future.setResult("value");
      yield* sleep(1);
      expect(log).toEqual(["a coroutine is cancelled", "catch Error: background", "finally", "then value"]);
    }));

  it("that are dropped are no unhandledRejections when they are cancelled", async () => {
    const unhandled = await unhandledIn(() =>
      onVirtualLoop(backend, function* () {
        const future = new Future<void>();
        const task = createTask(sleep(100));
        for (const one of [future, task]) {
          void one.toPromise();
          void one.then(() => undefined);
          void one.then(undefined, undefined);
          void one.finally(() => undefined);
        }
        const asynchronous = createTask(async () => {
          void sleep(50).then(() => undefined);
          await sleep(10);
        });
        yield* sleep(1);
        future.cancel();
        task.cancel();
        asynchronous.cancel();
        yield* errorOf(asynchronous);
      }),
    );
    expect(unhandled).toEqual([]);
  });

  it("that are dropped are unhandledRejections when they fail otherwise", async () => {
    const unhandled = await unhandledIn(() =>
      onVirtualLoop(backend, function* () {
        const future = new Future<void>();
        void future.then(() => undefined);
        future.setException(new Error("nobody looks"));
        yield* sleep(1);
      }),
    );
    expect(unhandled.map(label)).toEqual(["Error: nobody looks"]);
  });
});

describeBackends("a cancellation between the end of what is awaited and its await", (backend) => {
  const ends: [string, (future: Future<string>) => void, string][] = [
    ["a result", (future) => future.setResult("result"), "CancelledError: task"],
    ["an error", (future) => future.setException(new Error("error")), "CancelledError: task"],
    ["a cancellation", (future) => future.cancel("future"), "CancelledError: future"],
  ];
  for (const [what, end, thrown] of ends) {
    it(`is thrown there, once, in place of ${what}`, () =>
      onVirtualLoop(backend, function* () {
        const future = new Future<string>();
        const task = createTask(async () => [
          await future.then(undefined, label),
          await sleep(1, "not again"),
        ]);
        yield* sleep(1);
        end(future);
        task.cancel("task");
        expect(yield* task).toEqual([thrown, "not again"]);
      }));
  }

  it("and one more through shield() are one", () =>
    onVirtualLoop(backend, function* () {
      const inner = createTask(sleep(5, "inner"));
      const task = createTask(async () => [await shield(inner).catch(label), await inner]);
      yield* sleep(1);
      task.cancel("first");
      task.cancel("second");
      expect(yield* task).toEqual(["CancelledError: first", "inner"]);
    }));

  it("is dropped when it is taken back", () =>
    onVirtualLoop(backend, function* () {
      const future = new Future<string>();
      const task = createTask(async () => await future);
      yield* sleep(1);
      future.setResult("result");
      task.cancel();
      task.uncancel();
      expect(yield* task).toBe("result");
    }));
});

describeBackends("awaiting when the loop runs no more", (backend) => {
  it("gives what is done already, and refuses what never will be once the loop is closed", async () => {
    const loop = newEventLoop({ backend });
    const tasks: Task<string>[] = [];
    const pending = loop.createFuture<void>();
    await loop.runUntilComplete(async () => {
      tasks.push(createTask(async () => "done"));
      tasks.push(createTask(async () => Promise.reject(new Error("failed"))));
      const event = new Event();
      tasks.push(createTask(async () => await event.wait().then(() => "never")));
      await sleep(0);
      tasks[2]!.cancel();
      await Promise.allSettled(tasks);
    });
    const all = async (): Promise<string[]> => {
      const settled = await Promise.allSettled(tasks);
      return settled.map((one) => (one.status === "fulfilled" ? one.value : label(one.reason)));
    };
    const expected = ["done", "Error: failed", "CancelledError: "];
    expect(await all()).toEqual(expected);
    loop.close();
    expect(await all()).toEqual(expected);
    await expect(pending).rejects.toThrow(/Event loop is closed/);
  });
});
