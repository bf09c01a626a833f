// Counterparts of CPython's test_base_events: the exception handler, the default one, and what becomes of broken ones.
import { expect, it, vi } from "vitest";
import {
  type Coroutine,
  coroutine,
  createTask,
  EventLoop,
  type ExceptionContext,
  newEventLoop,
  sleep,
} from "../../../lib/index.ts";
import { chooseBackend } from "../../../lib/loop/choose-backend.ts";
import { performanceClock } from "../../../lib/loop/clock.ts";
import { describeBackends } from "../../support/backends.ts";
import { reportsOfGarbage } from "../../support/garbage.ts";
import { label, thrownBy } from "../../support/outcomes.ts";
import { stderrOf } from "../../support/stderr.ts";

describeBackends("test_base_events.BaseEventLoopTests", (backend) => {
  function zeroError(): never {
    throw new RangeError("division by zero");
  }

  async function withLoop(body: (loop: EventLoop) => Promise<void> | void): Promise<void> {
    const loop = newEventLoop({ backend });
    try {
      await body(loop);
    } finally {
      loop.close();
    }
  }

  it("test_default_exc_handler_callback: names the callback, a timer's too, and shows the error", () =>
    withLoop(async (loop) => {
      for (const schedule of [
        (callback: () => void) => loop.callSoon(callback),
        (callback: () => void) => loop.callLater(0.001, callback),
      ]) {
        const text = await stderrOf(() => {
          const future = loop.createFuture<boolean>();
          schedule(function zeroErrorIn() {
            future.setResult(true);
            zeroError();
          });
          future.addDoneCallback(() => loop.stop());
          return loop.runForever();
        });
        expect(text).toMatch(/^Exception in callback.*zeroErrorIn/);
        expect(text).toMatch(/RangeError: division by zero/);
      }
    }));

  it("test_default_exc_handler_coro: an error that nobody asked for is shown once the task is gone", () =>
    withLoop(async (loop) => {
      const zeroErrorCoro = coroutine(function* (): Coroutine<void> {
        yield* sleep(0);
        zeroError();
      });
      const text = await stderrOf(() =>
        loop.runUntilComplete(function* () {
          const seen: ExceptionContext[] = [];
          loop.setExceptionHandler((_loop, context) => {
            seen.push(context);
            loop.defaultExceptionHandler(context);
          });
          createTask(zeroErrorCoro());
          yield* reportsOfGarbage(() => seen.splice(0));
        }),
      );
      expect(text).toMatch(/^Task exception was never retrieved/);
      expect(text).toMatch(/RangeError: division by zero/);
    }));

  it("test_set_exc_handler_invalid: neither a function nor null is a TypeError", () =>
    withLoop((loop) => {
      const error = thrownBy(() => loop.setExceptionHandler("spam" as never));
      expect(label(error)).toMatch(/^TypeError: a callable object was expected by setExceptionHandler/);
    }));

  it("test_set_exc_handler_custom: is told everything, and no longer once it is taken out", () =>
    withLoop(async (loop) => {
      loop.setDebug(true);
      expect(loop.getExceptionHandler()).toBe(null);
      const handler = vi.fn<(loop: EventLoop, context: ExceptionContext) => void>();
      loop.setExceptionHandler(handler);
      expect(loop.getExceptionHandler()).toBe(handler);
      const handle = loop.callSoon(zeroError);
      loop.stop();
      await loop.runForever();
      expect(handler).toHaveBeenCalledTimes(1);
      const [told, context] = handler.mock.calls[0];
      expect(told).toBe(loop);
      expect(Object.keys(context).sort()).toEqual(["exception", "handle", "message", "sourceTraceback"]);
      expect(context.message).toMatch(/^Exception in callback.*zeroError/);
      expect(label(context.exception)).toBe("RangeError: division by zero");
      expect(context.handle).toBe(handle);
      expect(context["sourceTraceback"]).toMatch(/base-events-errors\.test\.ts/);

      handler.mockClear();
      loop.setExceptionHandler(null);
      const text = await stderrOf(() => {
        loop.callSoon(zeroError);
        loop.stop();
        return loop.runForever();
      });
      expect(text).toMatch(/^Exception in callback.*zeroError/);
      expect(text).toMatch(/sourceTraceback: Object created at .*\n.*base-events-errors\.test\.ts/);
      expect(handler).not.toHaveBeenCalled();
    }));

  it("test_set_exc_handler_broken: the default one tells of it", () =>
    withLoop(async (loop) => {
      loop.setExceptionHandler(() => {
        throw new TypeError("spam");
      });
      const text = await stderrOf(() => {
        loop.callSoon(zeroError);
        loop.stop();
        return loop.runForever();
      });
      expect(text).toMatch(/^Unhandled error in exception handler/);
      expect(text).toMatch(/TypeError: spam/);
    }));

  it("test_default_exc_handler_broken: a default one that throws harms nobody, alone or after a broken custom one", async () => {
    let context: ExceptionContext | null = null;
    class Loop extends EventLoop {
      override defaultExceptionHandler(given: ExceptionContext): void {
        context = given;
        throw new RangeError("spam");
      }
    }
    const loop = new Loop(chooseBackend(backend), performanceClock);
    const failInCallback = (): Promise<string> =>
      stderrOf(() => {
        loop.callSoon(zeroError);
        loop.stop();
        return loop.runForever();
      });
    const alone = await failInCallback();
    expect(alone).toMatch(/^Exception in default exception handler\n/);
    expect(alone).toMatch(/RangeError: spam/);

    loop.setExceptionHandler(() => {
      throw new RangeError("ham");
    });
    const both = await failInCallback();
    expect(both).toMatch(
      /^Exception in default exception handler while handling an unexpected error in custom/,
    );
    const { exception, context: original } = context as unknown as ExceptionContext;
    expect(label(exception)).toBe("RangeError: ham");
    expect(label((original as ExceptionContext).exception)).toBe("RangeError: division by zero");
    loop.close();
  });
});
