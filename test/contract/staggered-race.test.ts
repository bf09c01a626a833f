// staggeredRace(): which coroutine is started when, eager tasks, and what misbehaves.
import { expect, it } from "vitest";
import {
  allTasks,
  captureCallGraph,
  type Coroutine,
  createTask,
  currentTask,
  eagerTaskFactory,
  ExceptionGroup,
  sleep,
  staggeredRace,
  type Task,
} from "../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("staggeredRace()", (backend) => {
  it("starts the next after the delay, or at once when the one before has failed", () =>
    onVirtualLoop(backend, function* ({ loop, clock }) {
      const log: string[] = [];
      const racer = (name: string, seconds: number, fails: boolean) =>
        function* (): Coroutine<string> {
          log.push(`${name} at ${clock.time()}`);
          yield* sleep(seconds);
          if (fails) throw new Error(name);
          return name;
        };
      const racers = [
        racer("a", 10, false),
        racer("b", 0.25, true),
        racer("c", 3, false),
        racer("d", 5, false),
      ];
      const [winner, index, errors] = yield* staggeredRace(racers, 1);
      expect(log).toEqual(["a at 0", "b at 1", "c at 1.25", "d at 2.25"]);
      expect([winner, index, clock.time()]).toEqual(["c", 2, 4.25]);
      expect(errors.map(label)).toEqual(["CancelledError: ", "Error: b", "null", "CancelledError: "]);
      expect([allTasks().size, loop.statistics().timers]).toEqual([1, 0]);
    }));

  it("takes coroutine functions of any kind, from any iterable, one at a time", () =>
    onLoop(backend, function* () {
      const taken: number[] = [];
      function* fns() {
        taken.push(1);
        yield async (): Promise<string> => {
          await sleep(0);
          throw new Error("async");
        };
        taken.push(2);
        yield () => Promise.resolve("promise");
        taken.push(3);
      }
      const [winner, index, errors] = yield* staggeredRace(fns(), null);
      expect([winner, index, errors.map(label)]).toEqual(["promise", 1, ["Error: async", "null"]]);
      expect(taken).toEqual([1, 2]);
    }));

  it("with eager tasks (gh-124309)", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      loop.setTaskFactory(eagerTaskFactory);
      const failing = function* (): Coroutine<string> {
        throw new Error("failed");
      };
      const good = function* (): Coroutine<string> {
        return "good";
      };
      expect((yield* staggeredRace([good, failing], 1)).slice(0, 2)).toEqual(["good", 0]);
      expect((yield* staggeredRace([failing, good], 1)).slice(0, 2)).toEqual(["good", 1]);
      expect((yield* staggeredRace([failing, failing], null)).slice(0, 2)).toEqual([undefined, null]);
    }));

  it("cancelled: cancels all, with the message, waits for them, and then throws", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const racer = function* (): Coroutine<void> {
        const error = yield* errorOf(sleep(1000));
        log.push(label(error));
        yield* sleep(1);
        throw error;
      };
      const race = createTask(staggeredRace([racer, racer], 1));
      yield* sleep(2);
      race.cancel("enough");
      expect(label(yield* errorOf(race))).toBe("CancelledError: enough");
      expect(log).toEqual(["CancelledError: enough", "CancelledError: enough"]);
    }));

  it("a loser that swallows its cancellation and returns is an error, as is one of the iterable", () =>
    onVirtualLoop(backend, function* () {
      const stubborn = function* (): Coroutine<string> {
        yield* errorOf(sleep(1000));
        return "late";
      };
      const second = yield* errorOf(staggeredRace([stubborn, () => sleep(1, "winner")], 1));
      expect(second).toBeInstanceOf(ExceptionGroup);
      expect((second as ExceptionGroup).exceptions.map(label)).toEqual([
        "RuntimeError: coroutine 0 of staggeredRace() returned after 1 had won: it must let CancelledError pass",
      ]);
      function* broken(): Generator<() => Coroutine<void>> {
        throw new Error("no more");
      }
      const group = yield* errorOf(staggeredRace(broken(), null));
      expect((group as ExceptionGroup).exceptions.map(label)).toEqual(["Error: no more"]);
    }));

  it("the call graph shows who waits for the race", () =>
    onLoop(backend, function* () {
      const racer = function* (): Coroutine<string[]> {
        yield* sleep(0);
        return captureCallGraph(currentTask())!.awaitedBy.map(({ future }) =>
          (future as Task<void>).getName(),
        );
      };
      const caller = createTask(staggeredRace([racer], null), { name: "caller" });
      expect((yield* caller)[0]).toEqual(["caller"]);
    }));

  it("refuses bad arguments; what is no function counts as a coroutine that failed", () =>
    onLoop(backend, function* () {
      expect(thrownBy(() => staggeredRace([], NaN))).toBeInstanceOf(RangeError);
      expect(thrownBy(() => staggeredRace([], "1" as never))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => staggeredRace([], null, { loop: {} as never }))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => staggeredRace(1 as never, null))).toBeInstanceOf(TypeError);
      const [, index, errors] = yield* staggeredRace([1 as never], null);
      expect([index, errors.length, errors[0] instanceof TypeError]).toEqual([null, 1, true]);
    }));
});
