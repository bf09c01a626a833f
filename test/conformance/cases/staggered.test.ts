// Counterparts of CPython's test_staggered.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  Event,
  sleep,
  staggeredRace,
  timeout,
  TimeoutError,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../../support/backends.ts";
import { errorOf } from "../../support/outcomes.ts";

describeBackends("test_staggered.StaggeredTests", (backend) => {
  it("test_empty: nobody wins a race of nobody", () =>
    onVirtualLoop(backend, function* () {
      expect(yield* staggeredRace([], null)).toEqual([undefined, null, []]);
    }));

  it("test_one_successful: the first wins, and the second is never started", () =>
    onVirtualLoop(backend, function* () {
      const started: number[] = [];
      function* run(index: number): Coroutine<string> {
        started.push(index);
        return `Res: ${index}`;
      }
      expect(yield* staggeredRace([() => run(0), () => run(1)], null)).toEqual(["Res: 0", 0, [null]]);
      expect(started).toEqual([0]);
    }));

  it("test_first_error_second_successful: the second is started when the first has failed", () =>
    onVirtualLoop(backend, function* () {
      function* run(index: number): Coroutine<string> {
        if (index === 0) throw new RangeError("0");
        return `Res: ${index}`;
      }
      const [winner, index, errors] = yield* staggeredRace([() => run(0), () => run(1)], null);
      expect([winner, index, errors.length, errors[1]]).toEqual(["Res: 1", 1, 2, null]);
      expect(errors[0]).toBeInstanceOf(RangeError);
    }));

  it("test_first_timeout_second_successful: the second is started after the delay, and the first cancelled", () =>
    onVirtualLoop(backend, function* ({ clock }) {
      function* run(index: number): Coroutine<string> {
        if (index === 0) yield* sleep(10);
        return `Res: ${index}`;
      }
      const [winner, index, errors] = yield* staggeredRace([() => run(0), () => run(1)], 0.1);
      expect([winner, index, errors.length, errors[1]]).toEqual(["Res: 1", 1, 2, null]);
      expect(errors[0]).toBeInstanceOf(CancelledError);
      expect(clock.time()).toBe(0.1);
    }));

  it("test_none_successful: nobody wins, and every error is given", () =>
    onVirtualLoop(backend, function* () {
      function* run(index: number): Coroutine<never> {
        throw new RangeError(String(index));
      }
      const [winner, index, errors] = yield* staggeredRace([() => run(0), () => run(1)], null);
      expect([winner, index]).toEqual([undefined, null]);
      expect(errors.map((error) => (error as RangeError).message)).toEqual(["0", "1"]);
    }));

  it("test_multiple_winners: of two that would win in the same pass, the first does", () =>
    onVirtualLoop(backend, function* () {
      const event = new Event();
      function* run(index: number): Coroutine<number> {
        yield* event.wait();
        return index;
      }
      function* set(): Coroutine<never> {
        event.set();
        yield* new Event().wait();
        throw new Error("nobody sets that one");
      }
      const [winner, index, errors] = yield* staggeredRace([() => run(0), () => run(1), set], 0.1);
      expect([winner, index, errors.length, errors[0]]).toEqual([0, 0, 3, null]);
      expect(errors[1]).toBeInstanceOf(CancelledError);
      expect(errors[2]).toBeInstanceOf(CancelledError);
    }));

  it("test_cancelled: each cancellation from outside is handed on, and the last one comes out", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const [outer, inner] = [timeout(null), timeout(null)];
      function* cancelledOnce(name: string): Coroutine<void> {
        yield* sleep(0);
        try {
          yield* sleep(0);
        } catch (error) {
          expect(error).toBeInstanceOf(CancelledError);
          log.push(name);
        }
      }
      function* coroFn(): Coroutine<void> {
        inner.reschedule(-1);
        yield* cancelledOnce("cancelled 1");
        outer.reschedule(-1);
        yield* cancelledOnce("cancelled 2");
      }
      function* body(): Coroutine<void> {
        try {
          yield* staggeredRace([coroFn], null);
        } catch (error) {
          if (error instanceof CancelledError) log.push("cancelled 3");
          throw error;
        }
      }
      const both = asyncWith(outer, () => asyncWith(inner, body));
      expect(yield* errorOf(both)).toBeInstanceOf(TimeoutError);
      expect(log).toEqual(["cancelled 1", "cancelled 2", "cancelled 3"]);
    }));
});
