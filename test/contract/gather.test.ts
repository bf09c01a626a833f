// gather(): order, errors, cancellation in both directions, and what happens to the siblings.
import { expect, it } from "vitest";
import {
  CancelledError,
  coroutine,
  createTask,
  Future,
  gather,
  isfuture,
  newEventLoop,
  RuntimeError,
  sleep,
  Task,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

function* failing(message: string, after = 0): Coroutine<never> {
  yield* passes(after);
  throw new Error(message);
}

describeBackends("gather()", (backend) => {
  it("gives results in the order of its arguments, whatever order they end in", () =>
    onLoop(backend, function* ({ loop }) {
      const late = loop.createFuture<string>();
      loop.callLater(0.003, () => late.setResult("late"));
      const results = yield* gather(
        late,
        sleep(0.001, "timer"),
        function* () {
          return "function";
        },
        coroutine(function* (): Coroutine<string> {
          return "object";
        })(),
        async () => "async",
        Promise.resolve("promise"),
      );
      expect(results).toEqual(["late", "timer", "function", "object", "async", "promise"]);
    }));

  it("of nothing is a finished future with an empty list", () =>
    onLoop(backend, function* () {
      const empty = gather();
      expect([isfuture(empty), empty.done()]).toEqual([true, true]);
      expect(yield* empty).toEqual([]);
      expect(yield* gather([])).toEqual([]);
      expect(yield* gather([], { returnExceptions: true })).toEqual([]);
    }));

  it("starts its children although nobody awaits it", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const outer = gather(
        function* () {
          log.push("a");
          yield* sleep(0);
        },
        function* () {
          log.push("b");
          yield* sleep(0);
        },
      );
      expect(outer).not.toBeInstanceOf(Task);
      expect(outer).toBeInstanceOf(Future);
      yield* sleep(0);
      expect(log).toEqual(["a", "b"]);
      yield* outer;
    }));

  it("runs the same awaitable once and reports it as often as it was given", () =>
    onLoop(backend, function* () {
      let runs = 0;
      const counted = coroutine(function* (): Coroutine<number> {
        yield* sleep(0);
        return ++runs;
      });
      const call = counted();
      const plain = (function* (): Coroutine<number> {
        return ++runs;
      })();
      const task = createTask(sleep(0, "task"));
      expect(yield* gather(call, task, call, plain, task, plain)).toEqual([2, "task", 2, 1, "task", 1]);
      expect(runs).toBe(2);
    }));

  it("takes tasks and futures as they are; when all are done already, it is done at once", () =>
    onLoop(backend, function* ({ loop }) {
      const done = loop.createFuture<number>();
      done.setResult(1);
      const task = createTask(sleep(0, 2));
      yield* task;
      const outer = gather(done, task);
      expect(outer.done()).toBe(true);
      expect(yield* outer).toEqual([1, 2]);
      const failed = loop.createFuture<number>();
      failed.setException(new Error("failed before"));
      expect(label(gather(done, loop.createFuture(), failed).exception())).toBe("Error: failed before");
      const mixed = gather([failed, sleep(0, 3)], { returnExceptions: true });
      expect(mixed.done()).toBe(false);
      expect((yield* mixed).map(label)).toEqual(["Error: failed before", "3"]);
    }));

  it("fails with the first error; the siblings go on, and their errors count as seen", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const sibling = createTask(function* () {
        yield* passes(10);
        log.push("sibling ended");
      });
      const second = createTask(failing("second", 8));
      const error = yield* errorOf(gather(sibling, failing("first", 1), second));
      expect(label(error)).toBe("Error: first");
      expect([sibling.done(), second.done()]).toEqual([false, false]);
      yield* sibling;
      expect(log).toEqual(["sibling ended"]);
      expect(second.done()).toBe(true);
    }));

  it("fails with CancelledError when a child was cancelled, without being cancelled itself", () =>
    onLoop(backend, function* () {
      const child = createTask(sleep(1000));
      const sibling = createTask(passes(4));
      const outer = gather(child, sibling);
      yield* sleep(0);
      child.cancel("child only");
      expect(yield* errorOf(outer)).toBeInstanceOf(CancelledError);
      expect([outer.done(), outer.cancelled(), child.cancelled()]).toEqual([true, false, true]);
      expect(outer.exception()).toBeInstanceOf(CancelledError);
      expect(sibling.cancelling()).toBe(0);
      yield* sibling;
      expect(sibling.cancelled()).toBe(false);
    }));

  it("cancelled: cancels every unfinished child with the message, and ends with the first of them", () =>
    onLoop(backend, function* ({ loop }) {
      const messages: string[] = [];
      const finished = createTask(sleep(0, "kept"));
      const quick = function* (): Coroutine<void> {
        const error = yield* errorOf(sleep(1000));
        messages.push(`quick ${error.message}`);
        throw error;
      };
      const cleaning = loop.createFuture<void>();
      const slow = createTask(function* () {
        const error = yield* errorOf(sleep(1000));
        messages.push(`slow ${error.message}`);
        yield* cleaning;
        throw error;
      });
      const outer = gather(finished, quick(), slow);
      yield* passes(3);
      expect(outer.cancel("all")).toBe(true);
      expect(outer.done()).toBe(false);
      const error = yield* errorOf(outer);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("all");
      expect(messages).toEqual(["quick all", "slow all"]);
      expect(slow.done()).toBe(false);
      cleaning.setResult();
      yield* errorOf(slow);
      expect([finished.cancelled(), slow.cancelled()]).toEqual([false, true]);
    }));

  it("cancelled through the task that awaits it", () =>
    onLoop(backend, function* () {
      const children = [createTask(sleep(1000)), createTask(sleep(1000))];
      const parent = createTask(function* () {
        yield* gather(...children);
      });
      yield* passes(2);
      parent.cancel("from above");
      expect((yield* errorOf(parent)).message).toBe("from above");
      yield* passes(2);
      expect([parent.cancelled(), ...children.map((child) => child.cancelled())]).toEqual([true, true, true]);
    }));

  it("cannot be cancelled when it is done, or when no child can be; later children are left alone", () =>
    onLoop(backend, function* () {
      const slow = createTask(passes(5));
      const outer = gather(failing("first"), slow);
      yield* errorOf(outer);
      expect(outer.cancel()).toBe(false);
      yield* slow;
      expect([slow.cancelled(), slow.cancelling()]).toEqual([false, 0]);
      const done = createTask(sleep(0, 1));
      yield* done;
      const all = gather(done);
      expect(all.cancel()).toBe(false);
      expect(yield* all).toEqual([1]);
    }));

  it("with returnExceptions puts errors and cancellations of children into the list", () =>
    onLoop(backend, function* () {
      const child = createTask(sleep(1000));
      const outer = gather([sleep(0, "good"), failing("bad", 2), child], { returnExceptions: true });
      yield* sleep(0);
      child.cancel("only me");
      const [good, bad, cancelled] = yield* outer;
      expect(good).toBe("good");
      expect(label(bad)).toBe("Error: bad");
      expect(label(cancelled)).toBe("CancelledError: ");
      // The error with the message is left for who asks the task itself.
      expect(label(yield* errorOf(child))).toBe("CancelledError: only me");
    }));

  it("with returnExceptions and cancelled: waits for every child, and still throws CancelledError", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const child = (name: string, rounds: number) =>
        function* (): Coroutine<void> {
          try {
            yield* sleep(1000);
          } finally {
            yield* passes(rounds);
            log.push(name);
          }
        };
      const outer = gather([sleep(0, "c"), child("a", 1), child("b", 5)], { returnExceptions: true });
      yield* passes(3);
      expect(outer.cancel("whole")).toBe(true);
      const error = yield* errorOf(outer);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe("whole");
      expect(log).toEqual(["a", "b"]);
    }));

  it("with returnExceptions and cancelled: the last child decides what message there is", () =>
    onLoop(backend, function* () {
      const outer = gather([sleep(1000), sleep(0)], { returnExceptions: true });
      yield* passes(3);
      outer.cancel("lost");
      expect(label(yield* errorOf(outer))).toBe("CancelledError: ");
    }));

  it("cancels an awaitable once for each of its places", () =>
    onLoop(backend, function* () {
      const child = createTask(sleep(1000));
      const outer = gather(child, child);
      yield* sleep(0);
      outer.cancel();
      expect(child.cancelling()).toBe(2);
      expect(yield* errorOf(outer)).toBeInstanceOf(CancelledError);
    }));

  it("with returnExceptions and cancelled: children that refuse do not undo the cancel", () =>
    onLoop(backend, function* () {
      const stubborn = createTask(function* () {
        yield* errorOf(sleep(1000));
        return "finished anyway";
      });
      const outer = gather([stubborn], { returnExceptions: true });
      yield* sleep(0);
      outer.cancel();
      expect(yield* errorOf(outer)).toBeInstanceOf(CancelledError);
      expect(stubborn.result()).toBe("finished anyway");
    }));

  it("nests", () =>
    onLoop(backend, function* () {
      const inner = (from: number) => gather(sleep(0, from), sleep(0.001, from + 1));
      expect(yield* gather(inner(1), gather(), inner(3))).toEqual([[1, 2], [], [3, 4]]);
    }));

  it("takes 10 000 children", () =>
    onLoop(backend, function* () {
      const numbers = Array.from({ length: 10_000 }, (_, i) => i);
      const results = yield* gather(numbers.map((n) => sleep(n % 3 === 0 ? 0.001 : 0, n)));
      expect(results).toEqual(numbers);
    }));

  it("refuses futures of different loops, what cannot be awaited, and to work without a loop", async () => {
    const other = newEventLoop({ backend });
    await onLoop(backend, function* ({ loop }) {
      const mine = loop.createFuture<void>();
      const foreign = new Future<void>({ loop: other });
      expect(thrownBy(() => gather(mine, foreign))).toBeInstanceOf(RangeError);
      for (const bad of [1, null, undefined, {}, "text"]) {
        expect(thrownBy(() => gather(bad as never))).toBeInstanceOf(TypeError);
        expect(thrownBy(() => gather(mine, bad as never))).toBeInstanceOf(TypeError);
      }
      mine.cancel();
      yield* passes(1);
    });
    other.close();
    let ran = false;
    const body = function* (): Coroutine<void> {
      ran = true;
    };
    expect(thrownBy(() => gather(body))).toBeInstanceOf(RuntimeError);
    expect(ran).toBe(false);
  });

  it("calls a function given more than once for each of its places", () =>
    onLoop(backend, function* () {
      let calls = 0;
      const next = function* (): Coroutine<number> {
        yield* sleep(0);
        return ++calls;
      };
      expect(yield* gather(next, next, next)).toEqual([1, 2, 3]);
      const once = createTask(next());
      expect(yield* gather(once, next, once)).toEqual([4, 5, 4]);
    }));
});
