// Type tests: what locks give when they are awaited, entered, guarded or waited for.
import {
  type AsyncContextManager,
  asyncWith,
  Barrier,
  BoundedSemaphore,
  Condition,
  type Coroutine,
  Event,
  Lock,
  Semaphore,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const condition: Condition;
declare const items: number[];

export function* locks(): Coroutine<void> {
  for (const lock of [new Lock(), new Semaphore(2), new BoundedSemaphore(2), condition]) {
    typeOf(yield* lock.acquire()).is<true>();
    typeOf(yield* lock.guard()).is<Disposable>();
    yield* asyncWith(lock, (value) => typeOf(value).is<undefined>());
  }
  typeOf(yield* new Event().wait()).is<true>();
  typeOf(yield* new Barrier(2).wait()).is<number>();
  typeOf(yield* asyncWith(new Barrier(2), (index) => index)).is<number>();
  // @ts-expect-error a lock itself is not awaited
  yield* new Lock();
}

export function* conditions(): Coroutine<void> {
  typeOf(yield* condition.wait()).is<true>();
  // What is falsy does not end the wait.
  typeOf(yield* condition.waitFor(() => items.shift())).is<number>();
  typeOf(yield* condition.waitFor(() => items.length > 0)).is<true>();
  new Condition(new Lock());
  new Condition(new Semaphore());
  // @ts-expect-error an event cannot be held
  new Condition(new Event());
}

export async function inAsyncFunctions(lock: Lock): Promise<void> {
  typeOf(await lock.acquire()).is<true>();
  typeOf(await lock.guard()).is<Disposable>();
}

export const manager: AsyncContextManager<undefined> = new Lock();
