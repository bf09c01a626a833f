// Type tests: run(), tasks, gather() and ensureFuture() know the result of whatever they are given.
import {
  allTasks,
  type Coroutine,
  coroutine,
  createTask,
  currentTask,
  ensureFuture,
  type EventLoop,
  Future,
  gather,
  getRunningLoop,
  run,
  sleep,
  Task,
  wrapFuture,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const future: Future<number>;
declare const loop: EventLoop;

function* text(): Coroutine<string> {
  yield* sleep(0);
  return "text";
}

const count = coroutine(function* (n: number) {
  yield* sleep(0);
  return n;
});

async function flag(): Promise<boolean> {
  await sleep(0);
  return true;
}

export async function running(): Promise<void> {
  typeOf(await run(text())).is<string>();
  typeOf(await run(text)).is<string>();
  typeOf(await run(count(1), { debug: true })).is<number>();
  typeOf(await run(flag)).is<boolean>();
  typeOf(await run(flag())).is<boolean>();
  typeOf(await run(sleep(1, "a"))).is<string>();
  typeOf(
    await run(function* () {
      const [a, b] = yield* gather(text(), count(1));
      return { a, b };
    }),
  ).is<{ a: string; b: number }>();
  typeOf(await run(async () => (await gather(flag(), text()))[0])).is<boolean>();
  typeOf(await loop.runUntilComplete(text())).is<string>();
  // @ts-expect-error a number is nothing to run
  await run(1);
  // @ts-expect-error a function with parameters is to be called by whoever knows its arguments
  await run(count);
  // @ts-expect-error the options are checked
  await run(text(), { debugging: true });
}

export function tasks(): void {
  typeOf(createTask(text())).is<Task<string>>();
  typeOf(createTask(text)).is<Task<string>>();
  typeOf(createTask(count(1), { name: "counting" })).is<Task<number>>();
  typeOf(createTask(flag)).is<Task<boolean>>();
  typeOf(createTask(async () => 1)).is<Task<number>>();
  typeOf(createTask(sleep(1))).is<Task<void>>();
  typeOf(loop.createTask(text())).is<Task<string>>();
  typeOf(getRunningLoop().createTask(flag)).is<Task<boolean>>();
  typeOf(createTask(text()).result()).is<string>();
  typeOf(createTask(text()).exception()).is<unknown>();
  typeOf(new Task(text())).is<Task<string>>();
  typeOf(currentTask()).is<Task<unknown> | null>();
  typeOf(allTasks()).is<Set<Task<unknown>>>();
  // @ts-expect-error a number is no coroutine
  createTask(1);
  // @ts-expect-error a name is a string
  createTask(text(), { name: 1 });
  // @ts-expect-error the result of a task is not to be set from outside as something else
  createTask(text()).setResult(1);
}

export function futures(): void {
  typeOf(new Future<string>()).is<Future<string>>();
  typeOf(loop.createFuture<string>()).is<Future<string>>();
  typeOf(future.result()).is<number>();
  future.setResult(1);
  future.setException(new TypeError("wrong"));
  future.setException(TypeError);
  future.addDoneCallback((done) => typeOf(done).is<Future<number>>());
  typeOf(future.getLoop()).is<EventLoop>();
  // @ts-expect-error the result has the future's type
  future.setResult("1");
  // @ts-expect-error an exception is an Error or a class of them
  future.setException("wrong");
  typeOf(ensureFuture(future)).is<Future<number>>();
  typeOf(ensureFuture(text())).is<Future<string>>();
  typeOf(ensureFuture(flag())).is<Future<boolean>>();
  typeOf(ensureFuture(count(1))).is<Future<number>>();
  typeOf(wrapFuture(flag())).is<Future<boolean>>();
  // @ts-expect-error there is nothing to wait for
  ensureFuture({});
}

export function* gathering(): Coroutine<void> {
  typeOf(yield* gather(text(), count(1), flag())).is<[string, number, boolean]>();
  typeOf(yield* gather(sleep(1, "a"), future)).is<[string, number]>();
  typeOf(yield* gather(text, flag)).is<[string, boolean]>();
  typeOf(yield* gather([text(), count(1)])).is<[string, number]>();
  const many = [count(1), count(2)];
  typeOf(yield* gather(many)).is<number[]>();
  typeOf(yield* gather(...many)).is<number[]>();
  typeOf(yield* gather([text(), count(1)], { returnExceptions: true })).is<
    [string | Error, number | Error]
  >();
  typeOf(yield* gather([text()], { returnExceptions: false })).is<[string]>();
  typeOf(yield* gather()).is<[]>();
  // @ts-expect-error a number cannot be awaited
  yield* gather(text(), 1);
  const [first] = yield* gather(text(), count(1));
  typeOf(first).is<string>();
}

export function cancelling(task: Task<number>, controller: AbortController): void {
  typeOf(task.cancel()).is<boolean>();
  typeOf(task.cancel("enough")).is<boolean>();
  typeOf(task.cancelling()).is<number>();
  typeOf(task.uncancel()).is<number>();
  createTask(text(), { signal: controller.signal });
}
