// Runner beyond what CPython's own cases ask: who may use the thread when, and how it ends.
import { afterEach, expect, it, vi } from "vitest";
import {
  asyncWith,
  type Coroutine,
  createTask,
  currentTask,
  type EventLoop,
  getEventLoop,
  newEventLoop,
  run,
  Runner,
  RuntimeError,
  setEventLoop,
  sleep,
  wrapFuture,
} from "../../lib/index.ts";
import { describeBackends } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

const reasonOf = (promise: PromiseLike<unknown>): Promise<string> =>
  Promise.resolve(promise.then(String, label));

const REFUSED = /^RuntimeError: \S+\(\) cannot be called from a running event loop/;

afterEach(() => {
  vi.unstubAllEnvs();
  setEventLoop(null);
});

describeBackends("Runner", (backend) => {
  const loopFactory = (): EventLoop => newEventLoop({ backend });

  it("makes its loop when it is first needed, and none when it is closed before that", async () => {
    const factory = vi.fn(loopFactory);
    const unused = new Runner({ loopFactory: factory });
    await unused.close();
    expect(factory).not.toHaveBeenCalled();
    // As in Python, a runner that had nothing to close is not closed.
    expect(await unused.run(sleep(0, "run"))).toBe("run");
    expect(factory).toHaveBeenCalledTimes(1);
    await unused.close();
  });

  it("keeps its loop, and what waits on it, from run to run", async () => {
    await using runner = new Runner({ loopFactory });
    const log: string[] = [];
    const waiter = await runner.run(function* () {
      const task = createTask(function* (): Coroutine<string> {
        yield* sleep(0.001);
        log.push("background");
        return "of the first run";
      });
      yield* sleep(0);
      return () => task;
    });
    expect(log).toEqual([]);
    expect(await runner.run(waiter())).toBe("of the first run");
    expect(log).toEqual(["background"]);
  });

  it("passes on the error of a run, and goes on", async () => {
    await using runner = new Runner({ loopFactory });
    const failing = async (): Promise<void> => {
      await sleep(0);
      throw new RangeError("mine");
    };
    expect(await reasonOf(runner.run(failing))).toBe("RangeError: mine");
    const cancelled = function* (): Coroutine<void> {
      currentTask()!.cancel("self");
      yield* sleep(0);
    };
    expect(await reasonOf(runner.run(cancelled))).toBe("CancelledError: self");
    expect(await runner.run(sleep(0, "still there"))).toBe("still there");
  });

  it("lets no other run of the thread begin before its own has ended, nor close itself meanwhile", async () => {
    await using runner = new Runner({ loopFactory });
    const first = runner.run(sleep(0.001, "first"));
    expect(await reasonOf(runner.run(sleep(0)))).toMatch(REFUSED);
    expect(await reasonOf(run(sleep(0), { loopFactory }))).toMatch(REFUSED);
    expect(await reasonOf(runner.close())).toMatch(REFUSED);
    expect(await first).toBe("first");
    expect(await runner.run(sleep(0, "next"))).toBe("next");
  });

  it("refuses to be closed from inside, and can be closed after that", async () => {
    const runner = new Runner({ loopFactory });
    const inside = await runner.run(() => errorOf(wrapFuture(runner.close())));
    expect(label(inside)).toMatch(REFUSED);
    expect(await runner.run(sleep(0, "open"))).toBe("open");
    await runner.close();
    expect(label(thrownBy(() => runner.getLoop()))).toBe("RuntimeError: Runner is closed");
  });

  it("does not let a second run() slip in between the end of main and the end of the first", async () => {
    const log: string[] = [];
    let inBetween!: Promise<string>;
    await run(
      function* () {
        createTask(function* () {
          try {
            yield* sleep(1000);
          } finally {
            log.push("left over, cleaned up");
          }
        });
        yield* sleep(0);
        // Its reaction comes right after the turn in which main ends.
        inBetween = Promise.resolve().then(() => reasonOf(run(sleep(0), { loopFactory })));
      },
      { loopFactory },
    );
    expect(await inBetween).toMatch(REFUSED);
    expect(log).toEqual(["left over, cleaned up"]);
  });

  it("closes once, however often it is asked at the same time", async () => {
    const runner = new Runner({ loopFactory });
    let cleaned = 0;
    await runner.run(function* () {
      createTask(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(0.001);
          cleaned++;
        }
      });
      yield* sleep(0);
    });
    await Promise.all([runner.close(), runner.close(), runner[Symbol.asyncDispose]()]);
    expect(cleaned).toBe(1);
  });

  it("is closed although its loop was closed or its leftovers made trouble, and says what went wrong", async () => {
    const closed = new Runner({ loopFactory });
    closed.getLoop().close();
    expect(await reasonOf(closed.close())).toBe("RuntimeError: Event loop is closed");
    expect(label(thrownBy(() => closed.getLoop()))).toBe("RuntimeError: Runner is closed");

    const stopped = new Runner({ loopFactory });
    const loop = stopped.getLoop();
    await stopped.run(function* () {
      createTask(function* () {
        try {
          yield* sleep(1000);
        } finally {
          loop.stop();
          yield* sleep(1000);
        }
      });
      yield* sleep(0);
    });
    loop.setExceptionHandler(() => undefined);
    expect(await reasonOf(stopped.close())).toBe("RuntimeError: Event loop stopped before Future completed.");
    expect(loop.isClosed()).toBe(true);
    // The thread is free again.
    expect(await run(sleep(0, "free"), { loopFactory })).toBe("free");
  });

  it("sets its loop for the thread unless it has a factory, and unsets it when it is closed", async () => {
    vi.stubEnv("ASYNCIO_UV_BACKEND", backend);
    const made = new Runner({ loopFactory });
    made.getLoop();
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
    await made.close();

    const plain = new Runner();
    expect(plain.getLoop()).toBe(getEventLoop());
    await plain.close();
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
  });

  it("takes a context to run in instead of its own, and refuses anything else", async () => {
    await using runner = new Runner({ loopFactory });
    expect(await reasonOf(runner.run(sleep(0), { context: {} as never }))).toMatch(
      /^TypeError: context must be/,
    );
    expect(await reasonOf(runner.run(sleep(0), 1 as never))).toMatch(/^TypeError: the options of run\(\)/);
  });

  it("refuses options that are no object, a factory that is no function or gives no loop", async () => {
    expect(thrownBy(() => new Runner(1 as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => new Runner({ loopFactory: 1 as never }))).toBeInstanceOf(TypeError);
    const runner = new Runner({ loopFactory: () => ({}) as never });
    expect(await reasonOf(runner.run(sleep(0)))).toBe(
      "TypeError: loopFactory must return an event loop, it gave an object",
    );
    await runner.close();
  });

  it("can be entered with asyncWith() where no loop runs, and is left closed however the body ends", async () => {
    let loop!: EventLoop;
    const result = await asyncWith(new Runner({ loopFactory }), async (runner) => {
      loop = runner.getLoop();
      return [await runner.run(sleep(0, 1)), await runner.run(sleep(0, 2))];
    });
    expect(result).toEqual([1, 2]);
    expect(loop.isClosed()).toBe(true);
    const failing = asyncWith(new Runner({ loopFactory }), (runner) => {
      loop = runner.getLoop();
      throw new RangeError("in the body");
    });
    expect(await reasonOf(failing)).toBe("RangeError: in the body");
    expect(loop.isClosed()).toBe(true);
    expect(await reasonOf(failing)).toMatch(/^RuntimeError: coroutine is being awaited already/);
  });

  it("is entered there with an async function only", async () => {
    let ran = false;
    const body = function* (): Coroutine<void> {
      ran = true;
      yield* sleep(0);
    };
    expect(await reasonOf(asyncWith(new Runner({ loopFactory }), body))).toMatch(
      /^RuntimeError: no running event loop/,
    );
    expect(ran).toBe(false);
  });
});
