// Type tests: members and results of a TaskGroup, blocks with a timeout, groups of errors.
import {
  asyncWith,
  type Coroutine,
  ExceptionGroup,
  sleep,
  type Task,
  TaskGroup,
  Timeout,
  timeout,
  TimeoutError,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

export function* groups(): Coroutine<void> {
  const result = yield* asyncWith(new TaskGroup(), function* (group) {
    typeOf(group).is<TaskGroup>();
    typeOf(group.createTask(sleep(1, "a"))).is<Task<string>>();
    typeOf(group.createTask(async () => 1)).is<Task<number>>();
    const member = group.createTask(function* (): Coroutine<boolean> {
      return yield* sleep(0, true);
    });
    typeOf(yield* member).is<boolean>();
    // @ts-expect-error a number is no coroutine
    group.createTask(1);
    return yield* sleep(0, "result");
  });
  typeOf(result).is<string>();
}

export async function timeouts(): Promise<void> {
  const result = await asyncWith(timeout(1), async (limit) => {
    typeOf(limit).is<Timeout>();
    typeOf(limit.when()).is<number | null>();
    limit.reschedule(null);
    return sleep(0, 5);
  });
  typeOf(result).is<number>();
  // @ts-expect-error no limit is null
  timeout(undefined);
}

export function errors(group: ExceptionGroup): void {
  typeOf(group.exceptions).is<readonly Error[]>();
  typeOf(group.split(TimeoutError)).is<[matching: ExceptionGroup | null, rest: ExceptionGroup | null]>();
  typeOf(group.subgroup([TimeoutError, TypeError])).is<ExceptionGroup | null>();
  group.split((error) => error.message === "");
  // @ts-expect-error the message comes first
  new ExceptionGroup([new Error("a")], "message");
}
