// What the tests of task groups share: a loop for each way of starting tasks, and what became of a group's errors.
import {
  asyncWith,
  type BackendName,
  type Coroutine,
  type CoroutineObject,
  ExceptionGroup,
  sleep,
  type TaskFactory,
  TaskGroup,
  type Yieldable,
} from "../../lib/index.ts";
import { type Scenario, onVirtualLoop } from "./backends.ts";
import { errorOf, label } from "./outcomes.ts";

/** Runs test bodies in virtual time, on a loop with the given task factory. */
export function onGroupLoop(backend: BackendName, factory: TaskFactory | null) {
  return (body: (scenario: Scenario) => Coroutine<void>): Promise<void> =>
    onVirtualLoop(backend, function* (scenario) {
      scenario.loop.setTaskFactory(factory);
      yield* body(scenario);
    });
}

/** A TaskGroup around `body`. */
export function inGroup<R>(body: (group: TaskGroup) => Yieldable<R>): CoroutineObject<R> {
  return asyncWith(new TaskGroup(), body as (group: TaskGroup) => Coroutine<R>);
}

/** The labels of the errors that `awaitable` ends with: of a group's members, nested ones in brackets. */
export function* groupErrorsOf(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  const error = yield* errorOf(awaitable);
  return error instanceof ExceptionGroup ? labels(error) : label(error);
}

function labels(group: ExceptionGroup): unknown[] {
  return group.exceptions.map((error) => (error instanceof ExceptionGroup ? labels(error) : label(error)));
}

/** Sleeps, then fails with `RangeError: <message>`. */
export function* failAfter(seconds: number, message: string): Coroutine<never> {
  yield* sleep(seconds);
  throw new RangeError(message);
}

/** Sleeps, and fails with `RangeError: <message>` however that ends. */
export function* failWhenEnded(seconds: number, message: string): Coroutine<void> {
  try {
    yield* sleep(seconds);
  } finally {
    throw new RangeError(message);
  }
}
