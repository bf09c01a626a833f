// staggeredRace(): starts coroutines one after the other, each when the one before has failed or taken too long; one wins.
import { checkIterable, checkOptions, checkSeconds } from "../errors/argument-checks.ts";
import { CancelledError, RuntimeError, TimeoutError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { ExceptionGroup } from "../errors/exception-group.ts";
import { FINISHED, Future, PENDING } from "../futures/future.ts";
import { SUSPENDED } from "../futures/suspension.ts";
import { isPromiseLike } from "../futures/wrap-future.ts";
import { checkLoop } from "../loop/check-loop.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "../tasks/call-graph.ts";
import { callCoroutineFunction } from "../tasks/call.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import { createTaskOn } from "../tasks/create-task.ts";
import type { Task } from "../tasks/task.ts";
import type { AwaitedResult, Coroutine, CoroutineFunction } from "../types/awaitable.ts";
import { waitFor } from "./wait-for.ts";

/** The winner's result and its index, undefined and null without one; and for each that was started its error, or null. */
export type StaggeredResult<T> = [
  winnerResult: T | undefined,
  winnerIndex: number | null,
  exceptions: (Error | null)[],
];

export interface StaggeredRaceOptions {
  loop?: LoopCore;
}

const OPTIONS = ["loop"];

/** Something that happens once, and that one task at most waits for. */
class Occurrence {
  readonly #loop: LoopCore;
  #happened = false;
  #waiter: Future<void> | null = null;

  constructor(loop: LoopCore) {
    this.#loop = loop;
  }

  happen(): void {
    this.#happened = true;
    if (this.#waiter?._state === PENDING) this.#waiter._settle(FINISHED, undefined);
  }

  *wait(): Coroutine<void> {
    if (!this.#happened) yield* (this.#waiter = new Future<void>(undefined, this.#loop));
  }
}

class Race<T> {
  readonly #loop: LoopCore;
  readonly #delay: number | null;
  readonly #coroFns: Iterator<CoroutineFunction<T>>;
  readonly #caller: Task<unknown>;
  readonly #running = new Set<Task<void>>();
  readonly #exceptions: (Error | null)[] = [];
  /** Of the tasks themselves: whatever a coroutine throws is caught. */
  readonly #unhandled: Error[] = [];
  #winnerResult: T | undefined = undefined;
  #winnerIndex: number | null = null;
  #allDone: Future<void> | null = null;

  constructor(loop: LoopCore, coroFns: Iterable<CoroutineFunction<T>>, delay: number | null) {
    this.#loop = loop;
    this.#caller = loop._currentTask as Task<unknown>;
    this.#delay = delay;
    this.#coroFns = coroFns[Symbol.iterator]();
  }

  *run(): Coroutine<StaggeredResult<T>> {
    this.#startNext(null);
    let cancellation: CancelledError | null = null;
    while (this.#running.size > 0) {
      this.#allDone = new Future<void>(undefined, this.#loop);
      try {
        yield* this.#allDone;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancellation = error;
        for (const task of this.#running) task.cancel(error.message === "" ? undefined : error.message);
      }
      this.#allDone = null;
    }
    if (this.#unhandled.length > 0) throw new ExceptionGroup("staggered race failed", this.#unhandled);
    if (cancellation !== null) throw cancellation;
    return [this.#winnerResult, this.#winnerIndex, this.#exceptions];
  }

  /** Makes the task that runs the next coroutine once it is its turn. */
  #startNext(previousFailed: Occurrence | null): void {
    // An eager task must not go on before it is known here (gh-124309).
    const started = new Occurrence(this.#loop);
    const task = createTaskOn(this.#loop, this.#runOne(started, previousFailed));
    futureAddToAwaitedBy(task, this.#caller);
    this.#running.add(task);
    task.addDoneCallback(() => this.#ended(task));
    started.happen();
  }

  *#runOne(started: Occurrence, previousFailed: Occurrence | null): Coroutine<void> {
    yield* started.wait();
    if (previousFailed !== null) yield* orTimeout(waitFor(previousFailed.wait(), this.#delay));
    const next = this.#coroFns.next();
    if (next.done === true) return;
    // A generator may be a coroutine instead of one of functions, and would go on for ever.
    if ((next.value as unknown) === SUSPENDED.value) throw noFunctions(this.#coroFns);
    const failed = new Occurrence(this.#loop);
    this.#startNext(failed);
    const index = this.#exceptions.push(null) - 1;
    let result: T;
    try {
      result = (yield* callCoroutineFunction(next.value)) as T;
    } catch (error) {
      this.#exceptions[index] = error as Error;
      failed.happen();
      return;
    }
    this.#win(index, result);
  }

  #win(index: number, result: T): void {
    if (this.#winnerIndex !== null) {
      throw new RuntimeError(
        `coroutine ${index} of staggeredRace() returned after ${this.#winnerIndex} had won: it must let CancelledError pass`,
      );
    }
    this.#winnerIndex = index;
    this.#winnerResult = result;
    // Not the task that runs: it is about to end well.
    for (const task of this.#running) if (task !== this.#loop._currentTask) task.cancel();
  }

  #ended(task: Task<void>): void {
    this.#running.delete(task);
    futureDiscardFromAwaitedBy(task, this.#caller);
    if (this.#running.size === 0 && this.#allDone?._state === PENDING)
      this.#allDone._settle(FINISHED, undefined);
    const error = task.cancelled() ? null : task.exception();
    if (error !== null) this.#unhandled.push(error as Error);
  }
}

function* orTimeout(awaitable: CoroutineObject<void>): Coroutine<void> {
  try {
    yield* awaitable;
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
  }
}

/**
 * Runs coroutine functions with staggered starts until one succeeds: the first at once, the next whenever the one before it
 * has failed or `delay` seconds have passed (null: only when it has failed). The others are cancelled, and waited for. As
 * `asyncio.staggered.staggered_race()`.
 *
 * Gives the winner's result and index, and for each coroutine that was started its error or null. A coroutine that is
 * cancelled must not return.
 *
 * @example
 * const [socket, index, errors] = yield* staggeredRace([connectV6, connectV4], 0.25);
 */
export function staggeredRace<F extends CoroutineFunction<unknown>>(
  coroFns: Iterable<F>,
  delay: number | null,
  options: StaggeredRaceOptions = {},
): CoroutineObject<StaggeredResult<AwaitedResult<F>>> {
  checkIterable(coroFns, "coroFns");
  if (isPromiseLike(coroFns)) throw noFunctions(coroFns);
  checkOptions(options, "staggeredRace", OPTIONS);
  checkLoop(options.loop);
  if (delay !== null) checkSeconds(delay, "delay");
  return new CoroutineObject(race<AwaitedResult<F>>(coroFns, delay, options.loop), "staggeredRace");
}

function noFunctions(given: unknown): TypeError {
  return new TypeError(
    `staggeredRace() takes an iterable of functions that make coroutines, got ${describe(given)} that is one itself`,
  );
}

function* race<T>(
  coroFns: Iterable<CoroutineFunction<unknown>>,
  delay: number | null,
  loop: LoopCore | undefined,
): Coroutine<StaggeredResult<T>> {
  const fns = coroFns as Iterable<CoroutineFunction<T>>;
  return yield* new Race<T>(loop ?? requireRunningLoop(), fns, delay).run();
}
