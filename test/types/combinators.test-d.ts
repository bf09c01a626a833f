// Type tests: wait(), waitFor(), asCompleted(), shield() and staggeredRace() know the results of what they are given.
import {
  asCompleted,
  type Coroutine,
  coroutine,
  createTask,
  FIRST_COMPLETED,
  Future,
  shield,
  sleep,
  staggeredRace,
  Task,
  wait,
  waitFor,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const future: Future<number>;

function* text(): Coroutine<string> {
  yield* sleep(0);
  return "text";
}

async function flag(): Promise<boolean> {
  await sleep(0);
  return true;
}

const count = coroutine(function* (n: number) {
  yield* sleep(0);
  return n;
});

export function* waiting(): Coroutine<void> {
  const tasks = [createTask(text()), createTask(text())];
  const [done, pending] = yield* wait(tasks, { timeout: 1, returnWhen: FIRST_COMPLETED });
  typeOf(done).is<Set<Task<string>>>();
  typeOf(pending).is<Set<Task<string>>>();
  const [mixed] = yield* wait([createTask(text()), future]);
  for (const each of mixed) typeOf(each.result()).is<string | number>();
  yield* wait(new Set(tasks), { timeout: null });
  yield* wait(tasks.values());
  // @ts-expect-error coroutines are to be made tasks first
  yield* wait([text()]);
  // @ts-expect-error one task is not several
  yield* wait(tasks[0]!);
  // @ts-expect-error one coroutine neither
  yield* wait(text());
  // @ts-expect-error a misspelt condition
  yield* wait(tasks, { returnWhen: "FIRST" });

  typeOf(yield* waitFor(text(), 1)).is<string>();
  typeOf(yield* waitFor(text, null)).is<string>();
  typeOf(yield* waitFor(count(1), 1)).is<number>();
  typeOf(yield* waitFor(flag, 1)).is<boolean>();
  typeOf(yield* waitFor(flag(), 1)).is<boolean>();
  typeOf(yield* waitFor(future, 1)).is<number>();
  typeOf(yield* waitFor(sleep(1, "a"), 1)).is<string>();
  // @ts-expect-error the time is not optional
  yield* waitFor(text());
  // @ts-expect-error a number is nothing to wait for
  yield* waitFor(1, 1);

  typeOf(shield(text())).is<Future<string>>();
  typeOf(yield* shield(flag)).is<boolean>();
  // @ts-expect-error a number is nothing to shield
  shield(1);

  typeOf(yield* staggeredRace([text, text], 1)).is<
    [winnerResult: string | undefined, winnerIndex: number | null, exceptions: (Error | null)[]]
  >();
  typeOf((yield* staggeredRace([text, flag, () => count(1)], null))[0]).is<
    string | boolean | number | undefined
  >();
  // @ts-expect-error functions, not coroutines
  yield* staggeredRace([text()], 1);
}

export function* completing(): Coroutine<void> {
  for (const next of asCompleted([text(), count(1)])) typeOf(yield* next).is<string | number>();
  const it = asCompleted([createTask(text()), createTask(text())], { timeout: 1 });
  for (let step; !(step = yield* it.anext()).done;) {
    typeOf(step.value).is<Task<string>>();
    typeOf(yield* step.value).is<string>();
  }
  const step = yield* asCompleted([text(), flag])[Symbol.asyncIterator]().next();
  if (step.done !== true) typeOf(step.value.result()).is<string | boolean>();
  // @ts-expect-error one coroutine is not several
  asCompleted(text());
  // @ts-expect-error one future neither
  asCompleted(future);
}

export async function completingAsynchronously(): Promise<void> {
  const tasks = [createTask(text()), createTask(text())];
  for await (const task of asCompleted(tasks)) {
    typeOf(task.result()).is<string>();
    if (task === tasks[0]) task.cancel();
  }
  // TypeScript gives the second loop over the same type another type, if the items are thenable.
  for await (const task of asCompleted(tasks)) typeOf(task.result()).is<string>();
  for await (const each of asCompleted([future, text()])) typeOf(each.result()).is<number | string>();
}
