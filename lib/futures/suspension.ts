// How an awaitable that must wait tells the task that drives the coroutine: one constant result and a few shared fields.
//
// `yield*` asks an iterator for its next() result. One that must wait says here what it waits for and returns SUSPENDED; V8
// hands that very object up through any number of plain generators to the task. Nothing is allocated per await.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { Future } from "./future.ts";

/** What is yielded; its identity is all that counts. */
const TOKEN = Object.freeze({ suspension: true }) as unknown as Suspension;

/** @internal The result of every next() that must wait. */
export const SUSPENDED: IteratorYieldResult<Suspension> = Object.freeze({ done: false, value: TOKEN });

/**
 * @internal What a task passes to next() when it resumes. `yield*` itself passes undefined the first time, so an awaitable can
 * tell the two apart without any state of its own.
 */
export const RESUMED: unique symbol = Symbol("resumed");

/** @internal A coroutine object on the way from the innermost one outward. */
export interface Frame {
  readonly _generator: Generator<Suspension, unknown, unknown>;
}

/** @internal Written by whoever suspends, read by the task at once: no user code runs between the two. */
export const suspended = {
  /** The future that is waited for; null for a bare yield, which resumes in the next pass. */
  awaiting: null as Future<unknown> | null,
  /** The coroutine objects that suspended inline, innermost first; the leaf empties it. */
  frames: [] as Frame[],
  /** Something that only a mistaken `yield` can have yielded, boxed. */
  stray: null as { value: unknown } | null,
  /** Called instead of refusing a next() that nobody was to make: somebody looks where a suspended coroutine stands. */
  look: null as (() => void) | null,
};

/** @internal Suspends until a future is done. */
export function suspendOn(future: Future<unknown>): IteratorYieldResult<Suspension> {
  // A task takes at once what is left here. So it was no task that asked before, but a `for` or a spread, and it would ask for ever.
  if (suspended.awaiting === future) {
    return refuse("await wasn't used with future: wait with `yield*`, in a coroutine that is a task");
  }
  suspended.awaiting = future;
  if (suspended.frames.length !== 0) suspended.frames.length = 0;
  return SUSPENDED;
}

/** @internal Suspends for one pass of the ready queue. */
export function suspendOnce(): IteratorYieldResult<Suspension> {
  suspended.awaiting = null;
  if (suspended.frames.length !== 0) suspended.frames.length = 0;
  return SUSPENDED;
}

/** @internal For a next() that comes while the awaitable waits already, and not from the task that waits: not RESUMED. */
export function awaitedAlready(
  message = "coroutine is being awaited already",
): IteratorYieldResult<Suspension> {
  return refuse(message);
}

function refuse(message: string): IteratorYieldResult<Suspension> {
  if (suspended.look === null) {
    suspended.awaiting = null;
    throw new RuntimeError(message);
  }
  suspended.look();
  return SUSPENDED;
}

/**
 * @internal Resumes a coroutine that waits, as far as what it waits for, and calls `look` there, on top of all its frames. No
 * code of the coroutine runs: `yield*` hands each next() down to the awaitable, and one that is not RESUMED finds it waiting.
 *
 * It must stand in `yield*` and wait for `awaiting`, pending, or for a coroutine object, whatever that waits for. So every
 * awaitable must answer a next() that comes too early with suspendOn() for the same future again, or with awaitedAlready().
 */
export function lookInto(
  generator: Generator<Suspension, unknown, unknown>,
  awaiting: Future<unknown> | null,
  look: () => void,
): void {
  const { awaiting: before } = suspended;
  suspended.awaiting = awaiting;
  suspended.look = look;
  try {
    generator.next();
  } finally {
    suspended.awaiting = before;
    suspended.look = null;
  }
}
