// Counterparts of CPython's test_runners: Runner.
import { afterEach, expect, it, vi } from "vitest";
import {
  Context,
  ContextVar,
  copyContext,
  type Coroutine,
  coroutine,
  EventLoop,
  getEventLoop,
  newEventLoop,
  Runner,
  RuntimeError,
  setEventLoop,
  sleep,
  wrapFuture,
  type Yieldable,
} from "../../../lib/index.ts";
import { type Outcome, runFixture } from "../../lifecycle/run-fixture.ts";
import { describeBackends } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

const reasonOf = (promise: Promise<unknown>): Promise<string> => promise.then(String, label);

afterEach(() => {
  vi.unstubAllEnvs();
  setEventLoop(null);
});

describeBackends("test_runners.RunnerTests", (backend) => {
  const loopFactory = (): EventLoop => newEventLoop({ backend });
  const interrupted = (way: string): Promise<Outcome> =>
    runFixture("interrupted-run", { args: [way], env: { ASYNCIO_UV_BACKEND: backend } });

  function* done(): Coroutine<string> {
    yield* sleep(0);
    return "done";
  }

  it("test_non_debug: debug: false turns the debug mode off", async () => {
    vi.stubEnv("ASYNCIO_UV_DEBUG", "1");
    await using runner = new Runner({ debug: false, loopFactory });
    expect(runner.getLoop().getDebug()).toBe(false);
  });

  it("test_debug: debug: true turns it on", async () => {
    await using runner = new Runner({ debug: true, loopFactory });
    expect(runner.getLoop().getDebug()).toBe(true);
  });

  it("test_custom_factory: the loop is the one that the factory gives", async () => {
    const loop = loopFactory();
    await using runner = new Runner({ loopFactory: () => loop });
    expect(runner.getLoop()).toBe(loop);
  });

  it("test_run: runs, and refuses once it was left", async () => {
    let runner!: Runner;
    let loop!: EventLoop;
    {
      await using entered = new Runner({ loopFactory });
      runner = entered;
      expect(await runner.run(done())).toBe("done");
      loop = runner.getLoop();
    }
    expect(label(thrownBy(() => runner.getLoop()))).toBe("RuntimeError: Runner is closed");
    expect(loop.isClosed()).toBe(true);
  });

  it("test_run_non_coro: what cannot be awaited is a TypeError, and the runner can still be used", async () => {
    await using runner = new Runner({ loopFactory });
    for (const bad of [123, "text", null, undefined, {}]) {
      expect(await reasonOf(runner.run(bad as never))).toMatch(/^TypeError: a coroutine was expected/);
    }
    expect(await runner.run(done())).toBe("done");
  });

  it("test_run_future: a future gives its result", async () => {
    await using runner = new Runner({ loopFactory });
    const future = runner.getLoop().createFuture<string>();
    future.setResult("done");
    expect(await runner.run(future)).toBe("done");
  });

  it("test_run_awaitable: so does anything else that can be awaited", async () => {
    class Waitable implements Yieldable<string> {
      [Symbol.iterator](): Coroutine<string> {
        return done();
      }
    }
    await using runner = new Runner({ loopFactory });
    expect(await runner.run(new Waitable())).toBe("done");
    expect(await runner.run(Promise.resolve("a promise"))).toBe("a promise");
  });

  it("test_explicit_close: a closed runner refuses everything", async () => {
    const runner = new Runner({ loopFactory });
    const loop = runner.getLoop();
    await runner.close();
    expect(label(thrownBy(() => runner.getLoop()))).toBe("RuntimeError: Runner is closed");
    expect(await reasonOf(runner.run(done))).toBe("RuntimeError: Runner is closed");
    expect(loop.isClosed()).toBe(true);
  });

  it("test_double_close: closing once more does nothing", async () => {
    const runner = new Runner({ loopFactory });
    const loop = runner.getLoop();
    await runner.close();
    expect(loop.isClosed()).toBe(true);
    await runner.close();
    expect(loop.isClosed()).toBe(true);
  });

  it("test_second_with_block_raises: it can be entered once only", async () => {
    const seen: number[] = [];
    const append = (value: number) =>
      function* (): Coroutine<void> {
        seen.push(value);
      };
    const runner = new Runner({ loopFactory });
    expect(await runner.aenter()).toBe(runner);
    await runner.run(append(1));
    await runner.aexit(undefined);
    expect(await reasonOf(runner.aenter())).toBe("RuntimeError: Runner is closed");
    expect(await reasonOf(runner.run(append(2)))).toBe("RuntimeError: Runner is closed");
    expect(seen).toEqual([1]);
  });

  it("test_run_keeps_context: what one run sets, the next one sees", async () => {
    const variable = new ContextVar<number>("variable", { default: -1 });
    const exchange = (value: number) =>
      function* (): Coroutine<number> {
        const old = variable.get();
        yield* sleep(0);
        variable.set(value);
        return old;
      };
    await using runner = new Runner({ loopFactory });
    expect(await runner.run(exchange(1))).toBe(-1);
    expect(await runner.run(exchange(2))).toBe(1);
    const context = await runner.run(function* () {
      return copyContext();
    });
    expect(context.run(() => variable.get())).toBe(2);
    expect(variable.get()).toBe(-1);
    expect(await runner.run(exchange(3), { context: new Context() })).toBe(-1);
    expect(await runner.run(exchange(4))).toBe(2);
  });

  it("test_recursive_run: refused from inside; what was given is left alone, and can still be awaited", async () => {
    const inner = coroutine(done)();
    await using runner = new Runner({ loopFactory });
    const outcome = await runner.run(function* () {
      const error = yield* errorOf(wrapFuture(runner.run(inner)));
      return [label(error), yield* inner];
    });
    expect(outcome).toEqual([
      expect.stringMatching(/^RuntimeError: Runner.run\(\) cannot be called from a running event loop/),
      "done",
    ]);
  });

  it("test_interrupt_call_soon: SIGINT cancels a main that never waits, and the process ends by it", async () => {
    const outcome = await interrupted("while main runs without waiting");
    expect(outcome).toEqual({ end: "SIGINT", report: ["main got CancelledError"], stderr: "" });
  });

  it("test_interrupt_wait: SIGINT cancels main and the future that it waits for", async () => {
    const outcome = await interrupted("while main waits for a future");
    const report = ["future cancelled: true", "main got CancelledError"];
    expect(outcome).toEqual({ end: "SIGINT", report, stderr: "" });
  });

  it("test_interrupt_cancelled_task: main was cancelled by somebody else too, so CancelledError comes out", async () => {
    const outcome = await interrupted("when main was cancelled by somebody else as well");
    const report = ["CancelledError somebody", "0 listeners", "value again"];
    expect(outcome).toEqual({ end: 0, report, stderr: "" });
  });

  it("test_signal_install_not_supported_ok: where SIGINT cannot be watched, everything else works", async () => {
    const outcome = await interrupted("where it cannot be watched");
    expect(outcome).toEqual({ end: 0, report: ["value ran"], stderr: "" });
  });

  it("test_set_event_loop_called_once: the loop is set for the thread at the first run, and not again at the second", async () => {
    vi.stubEnv("ASYNCIO_UV_BACKEND", backend);
    await using runner = new Runner();
    await runner.run(done);
    expect(getEventLoop()).toBe(runner.getLoop());
    setEventLoop(null);
    await runner.run(done);
    expect(thrownBy(getEventLoop)).toBeInstanceOf(RuntimeError);
  });

  it("test_no_repr_is_call_on_the_task_result: nobody turns the result into text", async () => {
    const texts = vi.fn(() => "text");
    const result = { toString: texts, toJSON: texts, [Symbol.for("nodejs.util.inspect.custom")]: texts };
    await using runner = new Runner({ loopFactory });
    const given = await runner.run(function* () {
      return result;
    });
    expect(given).toBe(result);
    expect(texts).not.toHaveBeenCalled();
  });
});
