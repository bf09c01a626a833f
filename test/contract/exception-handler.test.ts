// Handles, and what becomes of errors nobody sees: a callback's error never stops the loop.
import { expect, it, vi } from "vitest";
import { createTask, Handle, newEventLoop, sleep, type ExceptionContext } from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { label, thrownBy } from "../support/outcomes.ts";

/** What `console.error` and stderr were given while `body` ran. */
async function stderrOf(body: () => Promise<void>): Promise<string> {
  const written: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const consoleError = vi.spyOn(console, "error").mockImplementation((...args) => {
    written.push(args.map(String).join(" "));
  });
  try {
    await body();
  } finally {
    stderr.mockRestore();
    consoleError.mockRestore();
  }
  return written.join("\n");
}

describeBackends("handles", (backend) => {
  it("do not run once cancelled, also by one that runs before them in the same pass", () =>
    onLoop(backend, function* ({ loop }) {
      const log: string[] = [];
      loop.callSoon(() => {
        log.push("a");
        b.cancel();
      });
      const b = loop.callSoon(() => log.push("b"));
      const c = loop.callSoon(() => log.push("c"));
      expect(b.cancelled()).toBe(false);
      yield* passes(2);
      expect(log).toEqual(["a", "c"]);
      expect(b.cancelled()).toBe(true);
      b.cancel();
      expect(c.cancelled()).toBe(false);
    }));

  it("cancel themselves from inside without harm", () =>
    onLoop(backend, function* ({ loop }) {
      let calls = 0;
      const handle: Handle = loop.callSoon(() => {
        calls++;
        handle.cancel();
      });
      yield* passes(2);
      expect(calls).toBe(1);
    }));
});

describeBackends("exception handler", (backend) => {
  it("is told of a callback that throws, with message, exception and handle; the pass goes on", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const log: string[] = [];
      const boom = new Error("boom");
      const handle = loop.callSoon(() => {
        throw boom;
      });
      loop.callSoon(() => log.push("after"));
      const timer = loop.callLater(0, () => {
        throw "a string";
      });
      yield* sleep(0.002);
      expect(log).toEqual(["after"]);
      const [first, second] = takeReports();
      expect(first).toMatchObject({ exception: boom, handle });
      expect(first.message).toMatch(/^Exception in callback/);
      expect(second).toMatchObject({ exception: "a string", handle: timer });
    }));

  it("is told of a done-callback that throws; the other callbacks run", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const log: string[] = [];
      const future = loop.createFuture<number>();
      future.addDoneCallback(() => {
        throw new Error("in a done-callback");
      });
      future.addDoneCallback(() => log.push("second"));
      future.setResult(1);
      yield* passes(2);
      expect(log).toEqual(["second"]);
      expect(takeReports().map((context) => label(context.exception))).toEqual(["Error: in a done-callback"]);
    }));

  it("gets the loop and the context, and can be taken out again", () =>
    onLoop(backend, function* ({ loop }) {
      const original = loop.getExceptionHandler();
      const seen: unknown[][] = [];
      const handler = (...args: unknown[]): unknown => seen.push(args);
      loop.setExceptionHandler(handler);
      expect(loop.getExceptionHandler()).toBe(handler);
      const context = { message: "mine", extra: 1 };
      loop.callExceptionHandler(context);
      expect(seen).toEqual([[loop, context]]);
      loop.setExceptionHandler(null);
      expect(loop.getExceptionHandler()).toBe(null);
      loop.setExceptionHandler(original);
      yield* sleep(0);
    }));

  it("prints one report on stderr by default: message first, other keys in alphabetical order", async () => {
    const loop = newEventLoop({ backend });
    const text = await stderrOf(async () => {
      loop.callSoon(() => {
        throw new Error("printed");
      });
      await loop.runUntilComplete(sleep(0.001));
      loop.callExceptionHandler({ message: "Something", zebra: "last", apple: "first" });
    });
    expect(text).toMatch(/Exception in callback/);
    expect(text.match(/Error: printed/g)?.length).toBe(1);
    expect(text).toMatch(/Something[\s\S]*apple[\s\S]*zebra/);
    loop.close();
  });

  it("that throws itself is reported by the default one, and the loop goes on", async () => {
    const loop = newEventLoop({ backend });
    const log: string[] = [];
    loop.setExceptionHandler(() => {
      throw new Error("handler broke");
    });
    const text = await stderrOf(async () => {
      loop.callSoon(() => {
        throw new Error("original");
      });
      loop.callSoon(() => log.push("next"));
      await loop.runUntilComplete(sleep(0.001));
    });
    expect(log).toEqual(["next"]);
    expect(text).toMatch(/Unhandled error in exception handler/);
    expect(text).toMatch(/handler broke/);
    loop.close();
  });

  it("never throws out of callExceptionHandler(), whatever the context holds", async () => {
    const loop = newEventLoop({ backend });
    const hostile = Object.defineProperty({}, "toString", {
      value: () => {
        throw new Error("no text for you");
      },
    });
    const odd = await stderrOf(async () => {
      for (const value of [Object.create(null), Symbol("s"), null, undefined, 10n]) {
        loop.callExceptionHandler({ message: "odd", exception: value, thing: value });
      }
    });
    expect(odd.match(/odd/g)?.length).toBe(5);
    const text = await stderrOf(async () => {
      loop.callExceptionHandler({ message: "odd", exception: hostile, thing: hostile });
    });
    expect(text).not.toBe("");
    loop.close();
  });

  it("refuses a handler that is neither a function nor null", async () => {
    const loop = newEventLoop({ backend });
    for (const bad of [1, "x", {}, true]) {
      expect(thrownBy(() => loop.setExceptionHandler(bad as unknown as null))).toBeInstanceOf(TypeError);
    }
    loop.close();
  });

  it("is not told of a task's error that somebody awaits", () =>
    onLoop(backend, function* ({ takeReports }) {
      const task = createTask(function* () {
        yield* sleep(0);
        throw new Error("seen");
      });
      try {
        yield* task;
      } catch {
        // What matters is that it was retrieved.
      }
      yield* passes(3);
      expect(takeReports()).toEqual([]);
    }));

  it("goes on working when the handler stops or replaces itself", () =>
    onLoop(backend, function* ({ loop }) {
      const original = loop.getExceptionHandler();
      const seen: string[] = [];
      const second = (_loop: unknown, context: ExceptionContext): unknown =>
        seen.push(`2 ${label(context.exception)}`);
      loop.setExceptionHandler((_loop, context) => {
        seen.push(`1 ${label(context.exception)}`);
        loop.setExceptionHandler(second);
      });
      for (const name of ["a", "b"]) {
        loop.callSoon(() => {
          throw new Error(name);
        });
      }
      yield* passes(2);
      expect(seen).toEqual(["1 Error: a", "2 Error: b"]);
      loop.setExceptionHandler(original);
    }));
});
