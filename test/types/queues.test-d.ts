// Type tests: queues know the type of their items, and subclasses may keep them as they like.
import { type Coroutine, LifoQueue, PriorityQueue, Queue, type QueueItems } from "asyncio-uv";
import { typeOf } from "./same.ts";

export function* handingOver(): Coroutine<void> {
  const queue = new Queue<string>(10);
  typeOf(yield* queue.put("item")).is<void>();
  typeOf(yield* queue.get()).is<string>();
  typeOf(yield* queue.join()).is<void>();
  typeOf(queue.getNowait()).is<string>();
  typeOf(queue.maxsize).is<number>();
  // @ts-expect-error a number is no item of it
  queue.put(1);
  // @ts-expect-error the bound is the constructor's business
  queue.maxsize = 1;
  // @ts-expect-error positional, as in Python
  new Queue<string>({ maxsize: 1 });
  // @ts-expect-error positional, as in Python
  queue.shutdown({ immediate: true });
  // @ts-expect-error for subclasses
  queue._get();
}

export async function inAsyncFunctions(queue: LifoQueue<number>): Promise<void> {
  typeOf(await queue.get()).is<number>();
  typeOf(await queue.put(1)).is<void>();
}

export function priorities(): void {
  const jobs = new PriorityQueue<{ due: number }>(0, { compare: (a, b) => a.due - b.due });
  typeOf(jobs.getNowait()).is<{ due: number }>();
  const tuples: Queue<[number, string]> = new PriorityQueue<[number, string]>();
  typeOf(tuples.getNowait()).is<[number, string]>();
  // @ts-expect-error a comparison gives a number
  new PriorityQueue<number>(0, { compare: (a, b) => a < b });
}

export class Latest<T> extends Queue<T> {
  declare protected _queue: T[];

  protected override _init(_maxsize: number): void {
    typeOf<QueueItems<T>>(this._queue);
    this._queue = [];
  }

  protected override _get(): T {
    return this._queue.shift()!;
  }

  protected override _put(item: T): void {
    this._queue.splice(0, this._queue.length, item);
  }
}
