// aclosing() and loop.shutdownAsyncgens(): JavaScript's async generators end with the block, or with the loop.
import { afterEach, expect, it, vi } from "vitest";
import {
  aclosing,
  asyncWith,
  CancelledError,
  type Coroutine,
  type CoroutineObject,
  createTask,
  currentTask,
  type EventLoop,
  newEventLoop,
  run,
  RuntimeError,
  sleep,
} from "../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describeBackends("aclosing()", (backend) => {
  async function* counting(log: string[], end = "closed"): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) {
        yield i;
        await sleep(0.001);
      }
    } finally {
      await sleep(1);
      log.push(end);
    }
  }

  it("closes the generator when the block is left: its clean-up may wait, and is waited for", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const sum = yield* asyncWith(aclosing(counting(log)), async (numbers) => {
        let total = 0;
        for await (const number of numbers) {
          total += number;
          if (number === 4) return total;
        }
        return -1;
      });
      expect(sum).toBe(10);
      expect(log).toEqual(["closed"]);
    }));

  it("does so when the body throws too, and in an async function", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const task = createTask(async () => {
        await asyncWith(aclosing(counting(log)), async (numbers) => {
          await numbers.next();
          throw new RangeError("in the body");
        });
      });
      expect(label(yield* errorOf(task))).toBe("RangeError: in the body");
      expect(log).toEqual(["closed"]);
    }));

  it("closes a generator that was never begun, or that has ended already", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const generator = counting(log);
      yield* asyncWith(aclosing(generator), () => undefined);
      yield* asyncWith(aclosing(generator), () => undefined);
      expect(log).toEqual([]);
    }));

  it("passes on the error of the clean-up", () =>
    onLoop(backend, function* () {
      async function* failing(): AsyncGenerator<number> {
        try {
          yield 1;
        } finally {
          throw new RangeError("of the clean-up");
        }
      }
      const left = asyncWith(aclosing(failing()), async (numbers) => void (await numbers.next()));
      expect(label(yield* errorOf(left))).toBe("RangeError: of the clean-up");
    }));

  it("lets the clean-up know its task, whose cancellation reaches it", () =>
    onVirtualLoop(backend, function* () {
      const seen: unknown[] = [];
      async function* stubborn(): AsyncGenerator<number> {
        try {
          yield 1;
        } finally {
          seen.push(currentTask()?.getName());
          await sleep(1000).catch((error: unknown) => seen.push(error instanceof CancelledError));
        }
      }
      const task = createTask(
        () => asyncWith(aclosing(stubborn()), async (numbers) => void (await numbers.next())),
        { name: "mine" },
      );
      yield* sleep(1);
      task.cancel();
      yield* errorOf(task);
      expect(seen).toEqual(["mine", true]);
    }));

  it("takes anything with a return() method, and refuses the rest", () =>
    onLoop(backend, function* () {
      const log: unknown[] = [];
      const closable = { return: (...args: unknown[]) => log.push(args.length, args[0]) };
      yield* asyncWith(aclosing(closable), (entered) => expect(entered).toBe(closable));
      expect(log).toEqual([1, undefined]);
      for (const bad of [null, undefined, 1, {}, { return: 1 }]) {
        expect(thrownBy(() => aclosing(bad as never))).toBeInstanceOf(TypeError);
      }
    }));

  it("needs a running loop to be entered", async () => {
    const entered = Promise.resolve(aclosing(counting([])).aenter());
    await expect(entered).rejects.toBeInstanceOf(RuntimeError);
  });
});

describeBackends("loop.shutdownAsyncgens()", (backend) => {
  /** Enters a generator, half uses it, and leaves it open. */
  function* leaveOpen<G extends AsyncGenerator<unknown>>(generator: G): Coroutine<G> {
    yield* aclosing(generator).aenter() as CoroutineObject<G>;
    yield* createTask(async () => void (await generator.next()));
    return generator;
  }

  async function* waiting(log: string[], name: string, seconds: number): AsyncGenerator<void> {
    try {
      yield;
    } finally {
      log.push(`${name} begins`);
      await sleep(seconds);
      log.push(`${name} ends`);
    }
  }

  it("closes all that are open, at the same time", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      yield* leaveOpen(waiting(log, "slow", 2));
      yield* leaveOpen(waiting(log, "quick", 1));
      yield* asyncWith(aclosing(waiting(log, "left", 0)), async (one) => void (await one.next()));
      log.length = 0;
      const before = loop.time();
      yield* loop.shutdownAsyncgens();
      expect(log).toEqual(["slow begins", "quick begins", "quick ends", "slow ends"]);
      expect(loop.time() - before).toBe(2);
      yield* loop.shutdownAsyncgens();
      expect(log).toHaveLength(4);
    }));

  it("reports the errors, and lets no one keep the others from being closed", () =>
    onVirtualLoop(backend, function* ({ loop, takeReports }) {
      const log: string[] = [];
      async function* failing(): AsyncGenerator<void> {
        try {
          yield;
        } finally {
          throw new RangeError("of the clean-up");
        }
      }
      const guilty = yield* leaveOpen(failing());
      yield* leaveOpen(waiting(log, "good", 1));
      yield* loop.shutdownAsyncgens();
      expect(log).toEqual(["good begins", "good ends"]);
      const [report, ...others] = takeReports();
      expect(others).toEqual([]);
      expect(report.message).toMatch(
        /^an error occurred during closing of asynchronous generator .*AsyncGenerator/,
      );
      expect(label(report.exception)).toBe("RangeError: of the clean-up");
      expect(report.asyncgen).toBe(guilty);
    }));

  it("does nothing until it is awaited, and nothing where none is open", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      yield* leaveOpen(waiting(log, "open", 0));
      const shutdown = loop.shutdownAsyncgens();
      yield* sleep(0);
      expect(log).toEqual([]);
      yield* shutdown;
      expect(log).toEqual(["open begins", "open ends"]);
      yield* loop.shutdownAsyncgens();
    }));

  it("makes entering another one afterwards a ResourceWarning; that one can still be closed", () =>
    onLoop(backend, function* ({ loop }) {
      const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
      const log: string[] = [];
      yield* loop.shutdownAsyncgens();
      expect(warn).not.toHaveBeenCalled();
      yield* asyncWith(aclosing(waiting(log, "late", 0)), async (late) => void (await late.next()));
      expect(warn.mock.calls).toEqual([
        [
          expect.stringMatching(
            /^asynchronous generator .* was scheduled after loop\.shutdownAsyncgens\(\) call$/,
          ),
          "ResourceWarning",
        ],
      ]);
      expect(log).toEqual(["late begins", "late ends"]);
    }));

  it("is what run() does at its end, after the tasks that were left", async () => {
    const log: string[] = [];
    const loopFactory = (): EventLoop => newEventLoop({ backend });
    await run(
      function* () {
        yield* leaveOpen(waiting(log, "generator", 0));
        createTask(function* () {
          try {
            yield* sleep(1000);
          } finally {
            log.push("task ends");
          }
        });
        yield* sleep(0);
      },
      { loopFactory },
    );
    expect(log).toEqual(["task ends", "generator begins", "generator ends"]);
  });
});
