// Holding a lock for the length of a block: what asyncWith() calls, and guards.
import { checkBound } from "../errors/argument-checks.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { Awaitable, Coroutine } from "../types/awaitable.ts";

/** What can be held: a lock, a semaphore, a condition. */
export interface Holdable {
  acquire(): Awaitable<true>;
  release(): void;
}

/** Releases at its end, once. */
class Guard implements Disposable {
  #held: Holdable | null;

  constructor(held: Holdable) {
    this.#held = held;
  }

  [Symbol.dispose](): void {
    const held = this.#held;
    this.#held = null;
    held?.release();
  }
}

/** @internal Acquires, and gives nothing: there is no use for a value in the block. */
export function enterHolding(lock: Holdable): CoroutineObject<undefined> {
  checkBound(lock, "lock.aenter()");
  return new CoroutineObject(entering(lock), "aenter");
}

/** @internal Releases, whatever has left the block, and swallows no error. */
export function leaveHolding(lock: Holdable): CoroutineObject<undefined> {
  checkBound(lock, "lock.aexit(error)");
  return new CoroutineObject(leaving(lock), "aexit");
}

/** @internal Acquires, and gives what releases. */
export function guardHolding(lock: Holdable): CoroutineObject<Disposable> {
  checkBound(lock, "lock.guard()");
  return new CoroutineObject(guarding(lock), "guard");
}

function* entering(lock: Holdable): Coroutine<undefined> {
  yield* lock.acquire();
}

// eslint-disable-next-line require-yield -- releasing waits for nothing
function* leaving(lock: Holdable): Coroutine<undefined> {
  lock.release();
}

function* guarding(lock: Holdable): Coroutine<Disposable> {
  yield* lock.acquire();
  return new Guard(lock);
}
