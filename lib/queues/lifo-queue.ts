// LifoQueue: the queue that gives the newest item first, as asyncio.LifoQueue.
import { Queue } from "./queue.ts";

/** A Queue that gives the item that was put last. */
export class LifoQueue<T> extends Queue<T> {
  declare protected _queue: T[];

  protected override _init(_maxsize: number): void {
    this._queue = [];
  }

  protected override _get(): T {
    return this._queue.pop() as T;
  }

  protected override _put(item: T): void {
    this._queue.push(item);
  }
}
