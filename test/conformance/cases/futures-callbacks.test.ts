// Counterparts of CPython's test_futures: done-callbacks, removed and called.
import { expect, it } from "vitest";
import { Future, RuntimeError, sleep } from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";

describeBackends("test_futures.BaseFutureDoneCallbackTests", (backend) => {
  /** A pending future with three callbacks that write down their numbers. */
  function three(): { future: Future<string>; called: number[]; callbacks: (() => void)[] } {
    const called: number[] = [];
    const callbacks = [42, 17, 100].map((number) => () => void called.push(number));
    const future = new Future<string>();
    for (const callback of callbacks) future.addDoneCallback(callback);
    return { future, called, callbacks };
  }

  /** The numbers written down after those with the given places were removed, in this order. */
  const calledWithout = (...removed: number[]): Promise<void> =>
    onLoop(backend, function* () {
      const { future, called, callbacks } = three();
      for (const at of removed) future.removeDoneCallback(callbacks[at]);
      expect(called).toEqual([]);
      future.setResult("foo");
      expect(called).toEqual([]);
      yield* passes(1);
      expect(called).toEqual([42, 17, 100].filter((_, at) => !removed.includes(at)));
      expect(future.result()).toBe("foo");
    });

  it("test_callbacks_remove_first_callback: the others are called, in order", () => calledWithout(0, 0));

  it("test_callbacks_remove_first_and_second_callback: the third is called", () => calledWithout(0, 1, 0));

  it("test_callbacks_remove_third_callback: the first two are called", () => calledWithout(2, 2));

  it("test_callbacks_invoked_on_set_result: all are called, in the next pass and in the order they came", () =>
    calledWithout());

  it("test_callbacks_invoked_on_set_exception: on an exception too", () =>
    onLoop(backend, function* () {
      const { future, called } = three();
      const error = new RuntimeError("boom");
      future.setException(error);
      expect(called).toEqual([]);
      yield* passes(1);
      expect(called).toEqual([42, 17, 100]);
      expect(future.exception()).toBe(error);
    }));

  it("test_remove_done_callback: removes every entry of a callback and says how many they were", () =>
    onLoop(backend, function* () {
      const called: number[] = [];
      const [one, two, never] = [1, 2, 3].map((number) => () => void called.push(number));
      const future = new Future<string>();
      future.addDoneCallback(one);
      future.addDoneCallback(two);
      expect(future.removeDoneCallback(two)).toBe(1);
      expect(future.removeDoneCallback(never)).toBe(0);
      future.addDoneCallback(two);
      for (let i = 0; i < 5; i++) future.addDoneCallback(one);
      expect(future.removeDoneCallback(one)).toBe(6);
      future.setResult("foo");
      yield* passes(1);
      expect(called).toEqual([2]);
    }));

  it("test_schedule_callbacks_list_mutation_1: what a callback removes while they are called was scheduled already", () =>
    onLoop(backend, function* () {
      const called: string[] = [];
      const other = (): void => void called.push("other");
      const future = new Future<number>();
      future.addDoneCallback((done) => called.push(`removed ${done.removeDoneCallback(other)}`));
      future.addDoneCallback(other);
      future.addDoneCallback(other);
      future.setResult(1);
      yield* passes(1);
      expect(called).toEqual(["removed 0", "other", "other"]);
      yield* sleep(0);
    }));
});
