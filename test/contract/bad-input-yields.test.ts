// What a coroutine yields instead of waiting for it is thrown back at it, as an error that says what to do.
import { expect, it } from "vitest";
import {
  asyncWith,
  type Coroutine,
  coroutine,
  createTask,
  eagerTaskFactory,
  Future,
  Lock,
  newEventLoop,
  RuntimeError,
  sleep,
  Task,
} from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

const GENERAL = "Coroutines wait with yield*, for coroutines, futures and what this library returns";
const INSTEAD = "Wait for it with yield* instead of yield";
const PROMISE = "Wait for a promise with yield* wrapFuture(promise)";
const FUNCTION = "Call it, and wait with yield* for what it gives";

function* steps(): Coroutine<string> {
  yield* sleep(0);
  return "done";
}

const wrapped = coroutine(steps);

/** What was yielded, how the error shows it, and its advice. */
const yields: Record<string, [make: () => unknown, shown: string, advice: string]> = {
  "a promise": [() => Promise.resolve(1), "a Promise", PROMISE],
  "a thenable": [() => ({ then: () => undefined }), "an object", PROMISE],
  "a number": [() => 5, "5", GENERAL],
  "not a number": [() => NaN, "NaN", GENERAL],
  null: [() => null, "null", GENERAL],
  "a string": [() => "text", '"text"', GENERAL],
  "a symbol": [() => Symbol("s"), "Symbol(s)", GENERAL],
  "a bigint": [() => 1n, "1n", GENERAL],
  "an object": [() => ({ a: 1 }), "an object", GENERAL],
  "an object without a prototype": [() => Object.create(null) as unknown, "an object", GENERAL],
  "a list of coroutines": [() => [steps()], "an array", GENERAL],
  "a future": [() => new Future(), "<Future pending>", INSTEAD],
  "a coroutine": [() => steps(), "a Generator", INSTEAD],
  "a coroutine object": [() => wrapped(), "a CoroutineObject", INSTEAD],
  "a coroutine function": [() => steps, "a generator function steps", FUNCTION],
  "an async function": [() => async () => 1, "an async function", FUNCTION],
  "a class": [() => Lock, "the class Lock", FUNCTION],
};

/** Yields what it must not, and goes on after the error. */
function* yielding(value: unknown): Coroutine<string> {
  let caught = "nothing";
  try {
    yield value as never;
  } catch (error) {
    expect(error).toBeInstanceOf(RuntimeError);
    caught = label(error);
  }
  yield* sleep(0);
  return caught;
}

const wrappedYielding = coroutine(yielding);

describeBackends("a coroutine that yields", (backend) => {
  it.each(Object.entries(yields))("%s gets an error there, and may go on", (_name, [make, shown, advice]) =>
    onLoop(backend, function* ({ loop }) {
      const message = `RuntimeError: Task got bad yield: ${shown}. ${advice}`;
      const inAsyncFunction = async (): Promise<string> => wrappedYielding(make());
      expect(yield* createTask(yielding(make()))).toBe(message);
      expect(yield* yielding(make())).toBe(message);
      expect(yield* wrappedYielding(make())).toBe(message);
      expect(yield* createTask(inAsyncFunction)).toBe(message);
      expect(yield* asyncWith(new Lock(), () => yielding(make()))).toBe(message);
      loop.setTaskFactory(eagerTaskFactory);
      expect(yield* createTask(yielding(make()))).toBe(message);
    }),
  );

  it("something foreign and does not catch the error fails with it", () =>
    onLoop(backend, function* () {
      for (const coro of [yieldingUncaught(), coroutine(yieldingUncaught)()]) {
        expect(label(yield* errorOf(createTask(coro)))).toMatch(
          /^RuntimeError: Task got bad yield: a Promise\. Wait/,
        );
      }
    }));

  it("nothing at all gives way for one pass, as in Python", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const giving = createTask(
        (function* (): Coroutine<void> {
          log.push("before");
          yield undefined as never;
          log.push("after");
        })(),
      );
      const other = createTask(
        (function* (): Coroutine<void> {
          log.push("between");
        })(),
      );
      yield* giving;
      yield* other;
      expect(log).toEqual(["before", "between", "after"]);
    }));
});

function* yieldingUncaught(): Coroutine<void> {
  yield Promise.resolve() as never;
}

describeBackends("a coroutine that waits with yield* for", (backend) => {
  const unawaitable = [Promise.resolve(1), 5, null, undefined, {}, steps, Lock, Symbol("s")];

  it.each(unawaitable)("%o gets JavaScript's own TypeError there, and may go on", (value) =>
    onLoop(backend, function* () {
      const waiting = function* (): Coroutine<string> {
        try {
          yield* value as unknown as Coroutine<void>;
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          yield* sleep(0);
          return label(error);
        }
        return "it was taken";
      };
      expect(yield* createTask(waiting())).toMatch(/not iterable/);
      expect(yield* coroutine(waiting)()).toMatch(/not iterable/);
    }),
  );

  it("itself gets an error instead of waiting for ever, as deep as it may be, in either flavour", () =>
    onLoop(backend, function* () {
      const deep = coroutine(function* (task: () => Task<unknown>) {
        return yield* task();
      });
      const plain: Task<unknown> = createTask(deep(() => plain));
      const asynchronous: Task<unknown> = createTask(async () => asynchronous);
      const waiting: Task<unknown> = createTask(async () => await waiting);
      for (const task of [plain, waiting]) {
        expect(label(yield* errorOf(task))).toMatch(/^RuntimeError: Task cannot await on itself: <Task /);
      }
      expect(label(yield* errorOf(asynchronous))).toMatch(
        /^RuntimeError: Task cannot await on itself: <Task /,
      );
    }));

  it("a future of another loop gets an error, in either flavour, and the future is left alone", () =>
    onLoop(backend, function* () {
      const other = newEventLoop({ backend });
      const foreign = other.createFuture<void>();
      const message =
        /^RuntimeError: Task <Task .*> got Future <Future pending> attached to a different loop$/;
      for (const waiting of [
        createTask(function* () {
          yield* foreign;
        }),
        createTask(async () => {
          await foreign;
        }),
      ]) {
        expect(label(yield* errorOf(waiting))).toMatch(message);
      }
      expect(foreign.done()).toBe(false);
      other.close();
    }));
});
