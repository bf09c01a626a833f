// run(): its loop, its result, and everything that it does at the end.
import { expect, it, vi } from "vitest";
import {
  allTasks,
  CancelledError,
  coroutine,
  createTask,
  currentTask,
  type EventLoop,
  type ExceptionContext,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  run,
  RuntimeError,
  sleep,
  wrapFuture,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, passes, until } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

const reasonOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    (value) => new Error(`it gave ${String(value)} instead of rejecting`),
    (reason: Error) => reason,
  );

describeBackends("run()", (backend) => {
  const loopFactory = (): EventLoop => newEventLoop({ backend });

  it("takes a generator function, a coroutine of either kind, an async function, a promise", async () => {
    const body = function* (): Coroutine<string> {
      yield* sleep(0);
      return "done";
    };
    expect(await run(body, { loopFactory })).toBe("done");
    expect(await run(body(), { loopFactory })).toBe("done");
    expect(await run(coroutine(body)(), { loopFactory })).toBe("done");
    expect(await run(coroutine(body), { loopFactory })).toBe("done");
    expect(await run(sleep(0.001, 4), { loopFactory })).toBe(4);
    expect(await run(Promise.resolve(5), { loopFactory })).toBe(5);
    const fromAsync = await run(
      async () => {
        await sleep(0.001);
        return (await body2()) + 1;
      },
      { loopFactory },
    );
    expect(fromAsync).toBe(2);

    async function body2(): Promise<number> {
      return await sleep(0, 1);
    }
  });

  it("rejects with main's error, also with CancelledError", async () => {
    const error = new RangeError("mine");
    const failing = function* (): Coroutine<void> {
      yield* sleep(0);
      throw error;
    };
    expect(await reasonOf(run(failing, { loopFactory }))).toBe(error);
    expect(
      await reasonOf(
        run(
          async () => {
            throw error;
          },
          { loopFactory },
        ),
      ),
    ).toBe(error);
    const cancelled = run(
      function* (): Coroutine<void> {
        currentTask()!.cancel("self");
        yield* sleep(0);
      },
      { loopFactory },
    );
    const reason = await reasonOf(cancelled);
    expect(reason).toBeInstanceOf(CancelledError);
    expect(reason.message).toBe("self");
  });

  it("makes a loop, runs main as a task of it, and closes it before its promise settles", async () => {
    let loop!: EventLoop;
    await run(
      function* (): Coroutine<void> {
        loop = getRunningLoop();
        expect(getEventLoop()).toBe(loop);
        expect(currentTask()).not.toBe(null);
        expect(allTasks().size).toBe(1);
        yield* sleep(0);
      },
      { loopFactory },
    );
    expect([loop.isClosed(), loop.isRunning()]).toEqual([true, false]);
    expect(thrownBy(getRunningLoop)).toBeInstanceOf(RuntimeError);
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
    const failed = newEventLoop({ backend });
    await reasonOf(
      run(
        function* (): Coroutine<void> {
          throw new Error("x");
        },
        { loopFactory: () => failed },
      ),
    );
    expect(failed.isClosed()).toBe(true);
  });

  it("cancels the tasks that are left and waits for their clean-up, before it settles", async () => {
    const log: string[] = [];
    const left = (name: string) =>
      function* (): Coroutine<void> {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(0.001);
          log.push(`${name} cleaned up`);
        }
      };
    const value = await run(
      function* (): Coroutine<string> {
        createTask(left("a"));
        createTask(left("b"));
        yield* sleep(0);
        log.push("main ends");
        return "value";
      },
      { loopFactory },
    );
    log.push("settled");
    expect(value).toBe("value");
    expect(log).toEqual(["main ends", "a cleaned up", "b cleaned up", "settled"]);
  });

  it("cancels left tasks also when main fails", async () => {
    let cleaned = false;
    const reason = await reasonOf(
      run(
        function* (): Coroutine<void> {
          createTask(function* () {
            try {
              yield* sleep(1000);
            } finally {
              cleaned = true;
            }
          });
          yield* sleep(0);
          throw new Error("main failed");
        },
        { loopFactory },
      ),
    );
    expect(label(reason)).toBe("Error: main failed");
    expect(cleaned).toBe(true);
  });

  it("reports the errors of left tasks, and ignores their results", async () => {
    const reports: ExceptionContext[] = [];
    let guilty: unknown;
    await run(
      function* (): Coroutine<void> {
        getRunningLoop().setExceptionHandler((_loop, context) => reports.push(context));
        guilty = createTask(function* () {
          try {
            yield* sleep(1000);
          } finally {
            throw new RangeError("while being cancelled");
          }
        });
        createTask(function* () {
          yield* errorOf(sleep(1000));
          return "refused";
        });
        yield* sleep(0);
      },
      { loopFactory },
    );
    expect(reports.map(({ message, exception }) => [message, label(exception)])).toEqual([
      ["unhandled exception during asyncio.run() shutdown", "RangeError: while being cancelled"],
    ]);
    expect(reports[0].task).toBe(guilty);
  });

  it("refuses to be nested, whether called from a coroutine or an async function; the outer goes on", async () => {
    let ran = false;
    const inner = function* (): Coroutine<void> {
      ran = true;
    };
    await run(
      function* (): Coroutine<void> {
        const error = yield* errorOf(wrapFuture(run(inner, { loopFactory })));
        expect(error).toBeInstanceOf(RuntimeError);
        yield* passes(2);
      },
      { loopFactory },
    );
    const error = await run(async () => await reasonOf(run(inner, { loopFactory })), { loopFactory });
    expect(error).toBeInstanceOf(RuntimeError);
    expect(ran).toBe(false);
  });

  it("refuses a second run of the thread while the first is under way", async () => {
    const first = run(sleep(0.005, "first"), { loopFactory });
    const second = await reasonOf(run(sleep(0), { loopFactory }));
    expect(second).toBeInstanceOf(RuntimeError);
    expect(await first).toBe("first");
    expect(await run(sleep(0, "third"), { loopFactory })).toBe("third");
  });

  it("sets the loop's debug flag when asked, and leaves it alone otherwise", async () => {
    const debugOf = function* (): Coroutine<boolean> {
      return getRunningLoop().getDebug();
    };
    const debugging = (): EventLoop => {
      const loop = newEventLoop({ backend });
      loop.setDebug(true);
      return loop;
    };
    expect(await run(debugOf, { loopFactory, debug: true })).toBe(true);
    expect(await run(debugOf, { loopFactory, debug: false })).toBe(false);
    expect(await run(debugOf, { loopFactory })).toBe(false);
    expect(await run(debugOf, { loopFactory: debugging, debug: false })).toBe(false);
    expect(await run(debugOf, { loopFactory: debugging })).toBe(true);
  });

  it("rejects, rather than throws, for what it cannot run, and closes the loop that it made", async () => {
    const made: EventLoop[] = [];
    const factory = (): EventLoop => {
      made.push(newEventLoop({ backend }));
      return made.at(-1)!;
    };
    for (const bad of [1, null, undefined, "text", {}]) {
      expect(await reasonOf(run(bad as never, { loopFactory: factory }))).toBeInstanceOf(TypeError);
    }
    expect(made.every((loop) => loop.isClosed())).toBe(true);
    expect(await reasonOf(run(sleep(0), { loopFactory: 1 as never }))).toBeInstanceOf(TypeError);
    expect(await run(sleep(0, "still fine"), { loopFactory })).toBe("still fine");
  });

  it("passes on an error of the loop factory", async () => {
    const reason = await reasonOf(
      run(sleep(0), {
        loopFactory: () => {
          throw new RangeError("no loop");
        },
      }),
    );
    expect(label(reason)).toBe("RangeError: no loop");
    expect(await run(sleep(0, "next"), { loopFactory })).toBe("next");
  });

  it("leaves no SIGINT listener and no unhandled rejection behind", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const listeners = process.listenerCount("SIGINT");
    await run(sleep(0.001), { loopFactory });
    await reasonOf(
      run(
        function* (): Coroutine<void> {
          createTask(sleep(1000));
          yield* sleep(0);
          throw new Error("x");
        },
        { loopFactory },
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1));
    process.off("unhandledRejection", unhandled);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("lets Node's own callbacks run all the while", async () => {
    const log: string[] = [];
    await run(
      function* (): Coroutine<void> {
        setTimeout(() => log.push("timeout"), 1);
        setImmediate(() => log.push("immediate"));
        process.nextTick(() => log.push("tick"));
        yield* until(() => log.length === 3, "Node's callbacks");
      },
      { loopFactory },
    );
    expect(log[0]).toBe("tick");
    expect(new Set(log)).toEqual(new Set(["tick", "immediate", "timeout"]));
  });
});
