// runUntilComplete(): what becomes of the coroutine it was given, when it is refused and when the run is cut short.
import { expect, it } from "vitest";
import { type Coroutine, coroutine, type EventLoop, newEventLoop, sleep } from "../../lib/index.ts";
import { describeBackends } from "../support/backends.ts";
import { label } from "../support/outcomes.ts";

const reasonOf = (promise: Promise<unknown>): Promise<string> => promise.then(String, label);

const STOPPED = "RuntimeError: Event loop stopped before Future completed.";

describeBackends("runUntilComplete()", (backend) => {
  const noting = (loop: EventLoop): string[] => {
    const messages: string[] = [];
    loop.setExceptionHandler((_loop, { message }) => messages.push(message));
    return messages;
  };

  it("says itself that it was cut short: its own task is not reported as destroyed too, others are", async () => {
    const loop = newEventLoop({ backend });
    const messages = noting(loop);
    loop.callSoon(() => loop.stop());
    expect(await reasonOf(loop.runUntilComplete(sleep(1000)))).toBe(STOPPED);
    const mine = loop.createTask(sleep(1000));
    loop.callSoon(() => loop.stop());
    expect(await reasonOf(loop.runUntilComplete(mine))).toBe(STOPPED);
    loop.close();
    expect(messages).toEqual(["Task was destroyed but it is pending!"]);
  });

  it("goes on with what it was cut short in, when run again", async () => {
    const loop = newEventLoop({ backend });
    const log: string[] = [];
    const cut = function* (): Coroutine<void> {
      log.push("begun");
      yield* sleep(0.001);
      log.push("ended");
    };
    loop.callSoon(() => loop.stop());
    expect(await reasonOf(loop.runUntilComplete(cut))).toBe(STOPPED);
    expect(log).toEqual(["begun"]);
    await loop.runUntilComplete(sleep(0.002));
    expect(log).toEqual(["begun", "ended"]);
    loop.close();
  });

  it("closes a coroutine that it refuses because the loop is closed, and leaves it alone when another loop runs", async () => {
    const body = coroutine(function* (): Coroutine<string> {
      yield* sleep(0);
      return "ran";
    });
    const closed = newEventLoop({ backend });
    closed.close();
    const running = newEventLoop({ backend });
    const idle = newEventLoop({ backend });
    const [toClosed, toIdle] = [body(), body()];
    await running.runUntilComplete(async () => {
      expect(await reasonOf(closed.runUntilComplete(toClosed))).toBe("RuntimeError: Event loop is closed");
      expect(await reasonOf(idle.runUntilComplete(toIdle))).toMatch(
        /^RuntimeError: Cannot run the event loop/,
      );
    });
    expect(await reasonOf(idle.runUntilComplete(toClosed))).toMatch(/^RuntimeError: cannot reuse/);
    expect(await idle.runUntilComplete(toIdle)).toBe("ran");
    running.close();
    idle.close();
  });

  it("leaves promises, functions and futures alone that a closed loop refuses", async () => {
    const loop = newEventLoop({ backend });
    const future = loop.createFuture<void>();
    loop.close();
    let called = false;
    const body = function* (): Coroutine<void> {
      yield* sleep(0);
    };
    const call = (): Coroutine<void> => {
      called = true;
      return body();
    };
    const refused = [Promise.resolve(1), future, call];
    for (const awaitable of refused) {
      expect(await reasonOf(loop.runUntilComplete(awaitable))).toBe("RuntimeError: Event loop is closed");
    }
    expect([called, future.done()]).toEqual([false, false]);
  });
});
