// Counterparts of CPython's test_runners: run().
import { afterEach, expect, it, vi } from "vitest";
import {
  aclosing,
  type Coroutine,
  coroutine,
  createTask,
  EventLoop,
  type ExceptionContext,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  run,
  RuntimeError,
  setEventLoop,
  sleep,
  type Task,
  wrapFuture,
} from "../../../lib/index.ts";
import { runFixture } from "../../lifecycle/run-fixture.ts";
import { describeBackends } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

const reasonOf = (promise: Promise<unknown>): Promise<string> => promise.then(String, label);

afterEach(() => {
  vi.unstubAllEnvs();
  setEventLoop(null);
});

describeBackends("test_runners.RunTests", (backend) => {
  const loopFactory = (): EventLoop => newEventLoop({ backend });

  function* fortyTwo(): Coroutine<number> {
    yield* sleep(0);
    return 42;
  }

  it("test_asyncio_run_return: the result of main comes out", async () => {
    expect(await run(fortyTwo(), { loopFactory })).toBe(42);
  });

  it("test_asyncio_run_raises: the error of main comes out", async () => {
    const failing = function* (): Coroutine<void> {
      yield* sleep(0);
      throw new RangeError("spam");
    };
    expect(await reasonOf(run(failing(), { loopFactory }))).toBe("RangeError: spam");
  });

  it("test_asyncio_run_only_coro: what cannot be awaited is a TypeError, and so is a function that gives such", async () => {
    const nothing = (): void => undefined;
    expect(await reasonOf(run(1 as never, { loopFactory }))).toMatch(/^TypeError: a coroutine was expected/);
    expect(await reasonOf(run(nothing as never, { loopFactory }))).toMatch(
      /^TypeError: a coroutine function was expected/,
    );
  });

  it("test_asyncio_run_debug: the option wins over the environment, which decides without it", async () => {
    const debugOf = (debug?: boolean): Promise<boolean> =>
      run(
        function* () {
          return getRunningLoop().getDebug();
        },
        { loopFactory, debug },
      );
    expect([await debugOf(false), await debugOf(true)]).toEqual([false, true]);
    vi.stubEnv("ASYNCIO_UV_DEBUG", "1");
    expect([await debugOf(), await debugOf(false)]).toEqual([true, false]);
    vi.stubEnv("ASYNCIO_UV_DEBUG", "");
    expect([await debugOf(), await debugOf(true)]).toEqual([false, true]);
  });

  it("test_asyncio_run_from_running_loop: a RuntimeError, and the coroutine is not touched", async () => {
    const refused = coroutine(fortyTwo)();
    const main = function* (): Coroutine<number> {
      const error = yield* errorOf(wrapFuture(run(refused, { loopFactory })));
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error.message).toMatch(/cannot be called from a running event loop/);
      return yield* refused;
    };
    expect(await run(main(), { loopFactory })).toBe(42);
  });

  it("test_asyncio_run_cancels_hanging_tasks: no task is left when it settles", async () => {
    let leftover!: Task<void>;
    const main = function* (): Coroutine<number> {
      leftover = createTask(sleep(1000));
      yield* sleep(0);
      return 123;
    };
    expect(await run(main(), { loopFactory })).toBe(123);
    expect([leftover.done(), leftover.cancelled()]).toEqual([true, true]);
  });

  it("test_asyncio_run_reports_hanging_tasks_errors: an error of a task left over goes to the exception handler", async () => {
    const reports: ExceptionContext[] = [];
    const error = new RangeError("division by zero");
    let leftover!: Task<void>;
    const main = function* (): Coroutine<number> {
      getRunningLoop().setExceptionHandler((_loop, context) => reports.push(context));
      leftover = createTask(function* () {
        try {
          yield* sleep(1000);
        } catch {
          throw error;
        }
      });
      yield* sleep(0);
      return 123;
    };
    expect(await run(main(), { loopFactory })).toBe(123);
    expect(leftover.done()).toBe(true);
    expect(reports).toHaveLength(1);
    expect(reports[0].message).toMatch(/asyncio.run.*shutdown/);
    expect(reports[0].exception).toBe(error);
    expect(reports[0].task).toBe(leftover);
  });

  it("test_asyncio_run_closes_gens_after_hanging_tasks_errors: async generators are closed last, however main and tasks end", async () => {
    const log: string[] = [];
    let spinner!: AsyncGenerator<number>;
    let lazy!: Task<void>;
    async function* fidget(name: string): AsyncGenerator<number> {
      try {
        for (;;) {
          yield 1;
          await sleep(1000);
        }
      } finally {
        log.push(`${name} closed`);
      }
    }
    const main = async (): Promise<void> => {
      getRunningLoop().setExceptionHandler((_loop, context) => log.push(label(context.exception)));
      lazy = createTask(async () => {
        spinner = fidget("half used");
        await aclosing(spinner).aenter();
        await spinner.next();
        try {
          for await (const _ of fidget("spinning")) void _;
        } catch {
          throw new RangeError("of the task");
        }
      });
      await sleep(0.001);
      throw new Error("of main");
    };
    expect(await reasonOf(run(main, { loopFactory }))).toBe("Error: of main");
    expect(lazy.done()).toBe(true);
    expect(log).toEqual(["spinning closed", "RangeError: of the task", "half used closed"]);
    expect(await spinner.next()).toEqual({ done: true, value: undefined });
  });

  it("test_asyncio_run_set_event_loop: its loop is set for the thread, and unset at the end", async () => {
    vi.stubEnv("ASYNCIO_UV_BACKEND", backend);
    const other = loopFactory();
    setEventLoop(other);
    expect(await run(fortyTwo(), { loopFactory })).toBe(42);
    expect(getEventLoop()).toBe(other);
    expect(await run(fortyTwo())).toBe(42);
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
    other.close();
  });

  it("test_asyncio_run_without_uncancel: SIGINT ends a task that has no uncancel() with CancelledError", async () => {
    const outcome = await runFixture("interrupted-run", {
      args: ["when the task cannot take a request back"],
      env: { ASYNCIO_UV_BACKEND: backend },
    });
    expect(outcome).toEqual({ end: 0, report: ["CancelledError", "0 listeners"], stderr: "" });
  });

  it("test_asyncio_run_loop_factory: the factory is called once, without arguments, and its loop is used", async () => {
    const loop = loopFactory();
    const factory = vi.fn(() => loop);
    const seen = await run(
      function* () {
        return getRunningLoop();
      },
      { loopFactory: factory },
    );
    expect(seen).toBe(loop);
    expect(factory.mock.calls).toEqual([[]]);
    expect(loop.isClosed()).toBe(true);
  });

  it("test_loop_factory_default_event_loop: newEventLoop() is a factory for the ordinary loop", async () => {
    vi.stubEnv("ASYNCIO_UV_BACKEND", backend);
    const seen = await run(async () => getRunningLoop(), { loopFactory: newEventLoop });
    expect(seen).toBeInstanceOf(EventLoop);
    expect(seen.statistics().backend).toBe(backend);
  });
});
