// Counterparts of CPython's test_locks: Event.
import { expect, it } from "vitest";
import { CancelledError, type Coroutine, createTask, Event, sleep } from "../../../lib/index.ts";
import { describeBackends, onLoop } from "../../support/backends.ts";
import { REPR } from "../../support/lock-repr.ts";
import { errorOf } from "../../support/outcomes.ts";

describeBackends("test_locks.EventTests", (backend) => {
  it("test_repr: says whether it is set, and how many wait", () =>
    onLoop(backend, function* () {
      const event = new Event();
      expect(String(event)).toBe("<Event [unset]>");
      expect(String(event)).toMatch(REPR);
      event.set();
      expect(String(event)).toBe("<Event [set]>");
      expect(String(event)).toMatch(REPR);

      event.clear();
      const task = createTask(event.wait());
      yield* sleep(0);
      expect(String(event)).toBe("<Event [unset, waiters:1]>");
      event.set();
      expect(String(event)).toBe("<Event [set, waiters:1]>");
      expect(String(event)).toMatch(REPR);
      yield* task;
    }));

  it("test_wait: set() wakes all who wait; one that comes after it does not wait at all", () =>
    onLoop(backend, function* () {
      const event = new Event();
      expect(event.isSet()).toBe(false);
      const woken: number[] = [];
      function* wait(n: number): Coroutine<void> {
        if (yield* event.wait()) woken.push(n);
      }

      const tasks = [createTask(wait(1)), createTask(wait(2))];
      yield* sleep(0);
      expect(woken).toEqual([]);
      tasks.push(createTask(wait(3)));
      event.set();
      yield* sleep(0);
      expect(woken).toEqual([3, 1, 2]);
      expect(tasks.map((task) => task.result())).toEqual([undefined, undefined, undefined]);
    }));

  it("test_wait_on_set: gives true at once", () =>
    onLoop(backend, function* () {
      const event = new Event();
      event.set();
      expect(yield* event.wait()).toBe(true);
    }));

  it("test_wait_cancel: a cancelled wait leaves nobody waiting", () =>
    onLoop(backend, function* ({ loop }) {
      const event = new Event();
      const task = createTask(event.wait());
      loop.callSoon(() => task.cancel());
      expect(yield* errorOf(task)).toBeInstanceOf(CancelledError);
      expect(String(event)).toBe("<Event [unset]>");
    }));

  it("test_clear: takes the flag back", () => {
    const event = new Event();
    expect(event.isSet()).toBe(false);
    event.set();
    expect(event.isSet()).toBe(true);
    event.clear();
    expect(event.isSet()).toBe(false);
  });

  it("test_clear_with_waiters: who was woken goes on though the flag was cleared, and once only", () =>
    onLoop(backend, function* () {
      const event = new Event();
      const woken: number[] = [];
      function* wait(): Coroutine<boolean> {
        if (yield* event.wait()) woken.push(1);
        return true;
      }

      const task = createTask(wait());
      yield* sleep(0);
      expect(woken).toEqual([]);
      event.set();
      event.clear();
      expect(event.isSet()).toBe(false);
      event.set();
      event.set();
      expect(String(event)).toBe("<Event [set, waiters:1]>");

      yield* sleep(0);
      expect(woken).toEqual([1]);
      expect(String(event)).toBe("<Event [set]>");
      expect(task.result()).toBe(true);
    }));
});
