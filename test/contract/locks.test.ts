// What locks promise beyond CPython's own cases: lazy and single use, no giving way, guards, foreign locks, one loop each.
import { describe, expect, it } from "vitest";
import {
  asyncWith,
  Barrier,
  BoundedSemaphore,
  CancelledError,
  Condition,
  type Coroutine,
  coroutine,
  createTask,
  Event,
  gather,
  Lock,
  newEventLoop,
  RuntimeError,
  Semaphore,
  sleep,
  type Yieldable,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

/** Makes each kind of lock, held by one. */
const HOLDABLE = { Lock, Semaphore, BoundedSemaphore, Condition };

/** Each call that may have to wait, on something that makes it wait, and what ends that. */
const WAITS: Record<string, () => { wait: () => Yieldable<unknown>; open: () => void; gate: object }> = {
  "Lock.acquire()": () => {
    const gate = new Lock();
    gate._passAtOnce();
    return { wait: () => gate.acquire(), open: () => gate.release(), gate };
  },
  "Semaphore.acquire()": () => {
    const gate = new Semaphore(0);
    return { wait: () => gate.acquire(), open: () => gate.release(), gate };
  },
  "Event.wait()": () => {
    const gate = new Event();
    return { wait: () => gate.wait(), open: () => gate.set(), gate };
  },
};

describeBackends("a call that goes through a gate", (backend) => {
  it.each(Object.keys(WAITS))("%s does nothing until it is awaited, and can be awaited once", (name) =>
    onLoop(backend, function* () {
      const { wait, open, gate } = WAITS[name]!();
      const [unawaited, awaited] = [wait(), wait()];
      yield* sleep(0);
      expect(String(gate)).not.toContain("waiters");
      const task = createTask(awaited);
      yield* sleep(0);
      expect(String(gate)).toContain("waiters:1");
      expect(label(yield* errorOf(awaited))).toBe("RuntimeError: coroutine is being awaited already");
      open();
      expect(yield* task).toBe(true);
      expect(label(yield* errorOf(awaited))).toBe("RuntimeError: cannot reuse already awaited coroutine");
      expect(unawaited).toBeDefined();

      open();
      const atOnce = wait();
      expect(yield* atOnce).toBe(true);
      expect(label(yield* errorOf(atOnce))).toBe("RuntimeError: cannot reuse already awaited coroutine");
    }),
  );

  it.each(Object.keys(WAITS))("%s leaves the line when the coroutine that awaits it is closed", (name) =>
    onLoop(backend, function* () {
      const { wait, open, gate } = WAITS[name]!();
      const closed = coroutine(function* () {
        yield* wait();
      })();
      closed.next();
      const behind = createTask(wait());
      yield* sleep(0);
      expect(String(gate)).toContain("waiters:2");
      // The lock and the semaphore wake the first in line; closing that one must not lose what it was woken for.
      open();
      closed.close();
      expect(yield* behind).toBe(true);
      expect(String(gate)).not.toContain("waiters");
    }),
  );

  it("does not give way where nothing is to be waited for", () =>
    onLoop(backend, function* ({ loop }) {
      const [lock, semaphore, event] = [new Lock(), new Semaphore(2), new Event()];
      event.set();
      let gaveWay = false;
      loop.callSoon(() => (gaveWay = true));
      for (let i = 0; i < 100; i++) {
        yield* lock.acquire();
        yield* semaphore.acquire();
        yield* event.wait();
        semaphore.release();
        lock.release();
      }
      expect(gaveWay).toBe(false);
    }));

  it("is one of its own at each call, also when several are gathered", () =>
    onLoop(backend, function* () {
      const semaphore = new Semaphore(3);
      expect(yield* gather(semaphore.acquire(), semaphore.acquire())).toEqual([true, true]);
      expect(String(semaphore)).toBe("<Semaphore [unlocked, value:1]>");
    }));

  it("works in async functions", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      const order: string[] = [];
      async function hold(name: string): Promise<void> {
        await lock.acquire();
        order.push(`${name} in`);
        await sleep(0);
        order.push(`${name} out`);
        lock.release();
      }
      yield* gather(hold("a"), hold("b"));
      expect(order).toEqual(["a in", "a out", "b in", "b out"]);
    }));
});

describeBackends("guard()", (backend) => {
  it.each(Object.entries(HOLDABLE))(
    "holds a %s until it is disposed of, and releases it once",
    (_name, type) =>
      onLoop(backend, function* () {
        const lock = new type();
        const held = yield* lock.guard();
        expect(lock.locked()).toBe(true);
        held[Symbol.dispose]();
        expect(lock.locked()).toBe(false);
        yield* lock.acquire();
        held[Symbol.dispose]();
        expect(lock.locked()).toBe(true);
      }),
  );

  it("holds nothing when it is cancelled while it waits", () =>
    onLoop(backend, function* () {
      const lock = new Lock();
      yield* lock.acquire();
      const task = createTask(lock.guard());
      yield* sleep(0);
      task.cancel();
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      lock.release();
      expect(String(lock)).toBe("<Lock [unlocked]>");
    }));
});

describeBackends("asyncWith()", (backend) => {
  it.each(Object.entries(HOLDABLE))("releases a %s when an error leaves the block", (_name, type) =>
    onLoop(backend, function* () {
      const lock = new type();
      const failing = asyncWith(lock, () => {
        throw new Error(`locked: ${lock.locked()}`);
      });
      expect(label(yield* errorOf(failing))).toBe("Error: locked: true");
      expect(lock.locked()).toBe(false);
    }),
  );

  it("passes a barrier, which its end does not wait at", () =>
    onLoop(backend, function* () {
      const barrier = new Barrier(2);
      const indexes = yield* gather(
        asyncWith(barrier, (index) => index),
        asyncWith(barrier, (index) => index),
      );
      expect(indexes).toEqual([0, 1]);
    }));
});

describeBackends("a condition", (backend) => {
  it("can use another lock than Lock", () =>
    onLoop(backend, function* () {
      const own = new Semaphore(1);
      const steps: string[] = [];
      const written = {
        locked: () => own.locked(),
        release: () => own.release(),
        acquire: coroutine(function* () {
          yield* sleep(0);
          steps.push("acquired");
          return yield* own.acquire();
        }),
      };
      for (const lock of [new Semaphore(1), written]) {
        const condition = new Condition(lock);
        const waiting = createTask(asyncWith(condition, () => condition.wait()));
        yield* passes(2);
        yield* asyncWith(condition, () => condition.notify());
        expect(yield* waiting).toBe(true);
        expect(condition.locked()).toBe(false);
      }
      expect(steps).toEqual(["acquired", "acquired", "acquired"]);
    }));

  it("gets the lock back through any number of cancellations, and throws the last of them", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      let lockedAtEnd: boolean | undefined;
      function* wait(): Coroutine<void> {
        yield* condition.acquire();
        try {
          yield* condition.wait();
        } finally {
          lockedAtEnd = condition.locked();
          condition.release();
        }
      }
      const task = createTask(wait());
      yield* sleep(0);
      yield* condition.acquire();
      for (const message of ["first", "second", "third"]) {
        task.cancel(message);
        yield* passes(2);
        expect(task.done()).toBe(false);
        // It waits for the lock, and no longer for a notification.
        expect(String(condition)).toBe("<Condition [locked]>");
      }
      condition.release();
      expect(label(yield* errorOf(task))).toBe("CancelledError: third");
      expect([lockedAtEnd, condition.locked()]).toEqual([true, false]);
    }));

  it("passes a notification on when the coroutine that got it is closed", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      yield* condition.acquire();
      const closed = condition.wait();
      closed.next();
      const waiting = createTask(asyncWith(condition, () => condition.wait()));
      yield* sleep(0);
      yield* condition.acquire();
      condition.notify();
      condition.release();
      closed.close();
      expect(condition.locked()).toBe(true);
      condition.release();
      expect(yield* waiting).toBe(true);
    }));

  it("wakes no more than it is told", () =>
    onLoop(backend, function* () {
      const condition = new Condition();
      let woken = 0;
      function* wait(): Coroutine<void> {
        yield* asyncWith(condition, () => condition.wait());
        woken++;
      }
      const all = gather(wait(), wait(), wait());
      yield* passes(2);
      for (const [n, expected] of [
        [0, 0],
        [-1, 0],
        [1, 1],
        [Infinity, 3],
      ] as const) {
        yield* asyncWith(condition, () => condition.notify(n));
        yield* passes(4);
        expect(woken).toBe(expected);
      }
      yield* all;
    }));
});

describe("wrong arguments", () => {
  const odd = (value: unknown): never => value as never;

  it.each<[string, () => unknown, string]>([
    ["new Semaphore(NaN)", () => new Semaphore(NaN), "RangeError"],
    ["new Semaphore(1.5)", () => new Semaphore(1.5), "RangeError"],
    ["new BoundedSemaphore(-1)", () => new BoundedSemaphore(-1), "RangeError"],
    ['new Semaphore("1")', () => new Semaphore(odd("1")), "TypeError"],
    ["new Barrier()", () => new Barrier(odd(undefined)), "TypeError"],
    ["new Barrier(2.5)", () => new Barrier(2.5), "RangeError"],
    ["new Condition(5)", () => new Condition(odd(5)), "TypeError"],
    ["new Condition(new Event())", () => new Condition(odd(new Event())), "TypeError"],
    ["condition.waitFor(true)", () => new Condition().waitFor(odd(true)), "TypeError"],
  ])("%s is refused", (_call, call, type) => {
    expect(thrownBy(call).name).toBe(type);
  });

  it("of notify() are refused", () => {
    const condition = new Condition({
      locked: () => true,
      release: () => {},
      acquire: odd(null as never) ?? odd,
    });
    expect(thrownBy(() => condition.notify(NaN)).name).toBe("RangeError");
    expect(thrownBy(() => condition.notify(odd("2"))).name).toBe("TypeError");
  });

  it("there are none in Semaphore(Infinity): it never runs out", () => {
    const semaphore = new Semaphore(Infinity);
    semaphore.release();
    expect(String(semaphore)).toBe("<Semaphore [unlocked, value:Infinity]>");
  });
});

describeBackends("the loop of a lock", (backend) => {
  const inLoopOfItsOwn = async (main: () => Coroutine<void>): Promise<void> => {
    const loop = newEventLoop({ backend });
    await loop.runUntilComplete(main());
    loop.close();
  };

  it("may be another each time, as long as nobody waits", async () => {
    const lock = new Lock();
    for (let i = 0; i < 2; i++) {
      await inLoopOfItsOwn(function* () {
        yield* lock.acquire();
        lock.release();
      });
    }
    expect(lock.locked()).toBe(false);
  });

  it.each(Object.keys(WAITS))(
    "is the first in which %s had to wait; the error in another names both",
    async (name) => {
      const { wait, open } = WAITS[name]!();
      await inLoopOfItsOwn(function* () {
        const task = createTask(wait());
        yield* sleep(0);
        task.cancel();
        yield* errorOf(task);
      });
      await onLoop(backend, function* ({ loop }) {
        const error = yield* errorOf(wait());
        expect(error).toBeInstanceOf(RuntimeError);
        expect(error.message).toContain(`waited for in <EventLoop closed backend=${backend}>`);
        expect(error.message).toContain(String(loop));
        open();
        expect(yield* wait()).toBe(true);
      });
    },
  );
});
