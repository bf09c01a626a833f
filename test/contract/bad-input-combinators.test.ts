// Every kind of wrong argument, given to whatever awaits several things, or one in a special way.
import { expect, it } from "vitest";
import {
  aclosing,
  asCompleted,
  asyncWith,
  createTask,
  currentTask,
  ensureFuture,
  gather,
  Lock,
  shield,
  sleep,
  staggeredRace,
  TaskGroup,
  timeout,
  Timeout,
  timeoutAt,
  wait,
  waitFor,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";
import {
  type Attempt,
  AWAITABLES,
  FUNCTIONS,
  nothing,
  OPTIONS,
  SECONDS,
  steps,
  tryEverySpecimen,
} from "../support/specimens.ts";

const attempts: Record<string, Attempt> = {
  "sleep(delay)": { call: (v) => sleep(v), ...SECONDS },
  "gather(aw)": { call: (v) => gather(v), takes: `${AWAITABLES} future task array` },
  "gather(f(), aw)": { call: (v) => gather(sleep(0), v), takes: `${AWAITABLES} future task` },
  "gather([aw])": { call: (v) => gather([v]), takes: `${AWAITABLES} future task` },
  "gather([f()], options)": { call: (v) => gather([sleep(0)], v), takes: OPTIONS },
  "gather([f()], { returnExceptions })": {
    call: (v) => gather([sleep(0)], { returnExceptions: v }),
    takes: "undefined true",
  },
  "wait(aws)": { call: (v) => wait(v), awaited: true, takes: "", range: "array context" },
  "wait([aw])": { call: (v) => wait([v]), awaited: true, takes: "future task" },
  "wait([future], options)": {
    call: (v, loop) => wait([loop.createFuture()], v),
    awaited: true,
    takes: OPTIONS,
  },
  "wait([future], { timeout })": {
    call: (v, loop) => wait([loop.createFuture()], { timeout: v }),
    awaited: true,
    ...SECONDS,
    takes: `undefined null ${SECONDS.takes}`,
  },
  "wait([future], { returnWhen })": {
    call: (v, loop) => wait([loop.createFuture()], { returnWhen: v }),
    awaited: true,
    takes: "undefined",
    otherwise: "RangeError",
  },
  "waitFor(aw, 1)": {
    call: (v) => waitFor(v, 1),
    awaited: true,
    takes: `${AWAITABLES.replace("function ", "")} future task`,
  },
  "waitFor(aw, 0)": { call: (v) => waitFor(v, 0), awaited: true, takes: `${AWAITABLES} future task` },
  "waitFor(f(), seconds)": {
    call: (v) => waitFor(sleep(0), v),
    ...SECONDS,
    takes: `null ${SECONDS.takes}`,
  },
  "asCompleted(aws)": { call: (v) => asCompleted(v), takes: "array context" },
  "asCompleted([aw])": { call: (v) => asCompleted([v]), takes: `${AWAITABLES} future task` },
  "asCompleted([f()], options)": { call: (v) => asCompleted([sleep(0)], v), takes: OPTIONS },
  "asCompleted([f()], { timeout })": {
    call: (v) => asCompleted([sleep(0)], { timeout: v }),
    ...SECONDS,
    takes: `undefined null ${SECONDS.takes}`,
  },
  "shield(aw)": { call: (v) => shield(v), takes: `${AWAITABLES} future task` },
  "ensureFuture(aw)": { call: (v) => ensureFuture(v), takes: `${AWAITABLES} future task` },
  "ensureFuture(f(), options)": { call: (v) => ensureFuture(sleep(0), v), takes: OPTIONS },
  "ensureFuture(f(), { loop })": {
    call: (v) => ensureFuture(sleep(0), { loop: v }),
    takes: "undefined loop",
  },
  "staggeredRace(functions)": {
    call: (v) => staggeredRace(v, null),
    takes: "array map bytes iterator context generator",
  },
  "staggeredRace([f], delay)": {
    call: (v) => staggeredRace([steps], v),
    ...SECONDS,
    takes: `null ${SECONDS.takes}`,
  },
  "staggeredRace([f], 1, options)": { call: (v) => staggeredRace([steps], 1, v), takes: OPTIONS },
  "staggeredRace([f], 1, { loop })": {
    call: (v) => staggeredRace([steps], 1, { loop: v }),
    takes: "undefined loop",
  },
  "asyncWith(manager, f)": { call: (v) => asyncWith(v, nothing), awaited: true, takes: "lock" },
  "asyncWith(manager, body)": { call: (v) => asyncWith(new Lock(), v), awaited: true, takes: FUNCTIONS },
  "aclosing(generator)": { call: (v) => aclosing(v), takes: "generator coroutine async-generator" },
  "timeout(delay)": { call: (v) => timeout(v), ...SECONDS, takes: `null ${SECONDS.takes}` },
  "timeoutAt(when)": { call: (v) => timeoutAt(v), ...SECONDS, takes: `null ${SECONDS.takes}` },
  "new Timeout(when)": { call: (v) => new Timeout(v), ...SECONDS, takes: `null ${SECONDS.takes}` },
  "timeout.reschedule(when)": {
    call: (v) => asyncWith(timeout(null), (limit) => limit.reschedule(v)),
    awaited: true,
    ...SECONDS,
    takes: `null ${SECONDS.takes}`,
  },
};

describeBackends("a combinator tried with everything", (backend) => {
  for (const [name, attempt] of Object.entries(attempts)) tryEverySpecimen(backend, name, attempt);
});

describeBackends("what a combinator says", (backend) => {
  it("of gather()'s options where Python has them", () =>
    onVirtualLoop(backend, function* () {
      const log: string[] = [];
      const noting = function* (): Generator<never, void> {
        log.push("started");
      };
      expect(label(thrownBy(() => gather(noting(), { returnExceptions: true } as never)))).toBe(
        "TypeError: gather() takes options after an array only: gather([f(), g()], { returnExceptions: true })",
      );
      yield* sleep(0);
      expect(log).toEqual([]);
      // What was meant to be awaited, and would never have run.
      expect(label(thrownBy(() => gather([sleep(0)], steps() as never)))).toMatch(
        /^TypeError: the options of gather\(\) must be a plain object .*, got a Generator$/,
      );
      expect(label(thrownBy(() => gather([sleep(0)], { return_exceptions: true } as never)))).toBe(
        'TypeError: gather() has no option "return_exceptions", only returnExceptions',
      );
    }));

  it("of a class that was meant to be made an object", () =>
    onVirtualLoop(backend, function* () {
      expect(label(yield* errorOf(asyncWith(TaskGroup as never, nothing)))).toMatch(
        /^TypeError: asyncWith\(\) takes an asynchronous context manager, .* got the class TaskGroup$/,
      );
      expect(label(yield* errorOf(asyncWith(new Lock(), Lock as never)))).toMatch(/got the class Lock$/);
    }));

  it("of a function that gives nothing to await", () =>
    onVirtualLoop(backend, function* () {
      for (const failing of [waitFor(nothing as never, 1), createTask(nothing as never)]) {
        expect(label(yield* errorOf(failing))).toBe(
          "TypeError: a coroutine function was expected, but the function returned nothing that can be awaited: undefined",
        );
      }
    }));

  it("of a coroutine where an iterable of functions is meant, which is not run for ever", () =>
    onVirtualLoop(backend, function* () {
      expect(label(thrownBy(() => staggeredRace(sleep(0) as never, null)))).toMatch(
        /^TypeError: staggeredRace\(\) takes an iterable of functions/,
      );
      const error = yield* errorOf(staggeredRace(steps() as never, null));
      expect(label((error as AggregateError).errors[0])).toMatch(
        /^TypeError: staggeredRace\(\) takes an iterable of functions/,
      );
    }));

  it("of a member that is refused: the group goes on", () =>
    onVirtualLoop(backend, function* () {
      const given = yield* asyncWith(new TaskGroup(), function* (group) {
        const errors = [5, null, currentTask(), [steps()]].map((coro) =>
          label(thrownBy(() => group.createTask(coro as never))),
        );
        const member = group.createTask(steps());
        return [errors, yield* member] as const;
      });
      expect(given[0].map((text) => text.replace(/got .*/, "got"))).toEqual(
        Array(4).fill("TypeError: a coroutine was expected, got"),
      );
      expect(given[1]).toBe("done");
    }));
});
