// timeout(), timeoutAt() and Timeout: a block of code that is cancelled when its time is up.
//
//   CREATED ──aenter()──> ACTIVE ──aexit()────────────────> FINISHED
//                           └──deadline──> EXPIRING ──aexit()──> EXPIRED
import { checkBound, checkSeconds } from "../errors/argument-checks.ts";
import { CancelledError, RuntimeError, TimeoutError } from "../errors/asyncio-errors.ts";
import { ExceptionGroup } from "../errors/exception-group.ts";
import type { Handle } from "../loop/handle.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import { currentTask } from "../tasks/create-task.ts";
import type { Task } from "../tasks/task.ts";
import { partOf } from "../tasks/task-part.ts";
import type { Coroutine } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";

type State = "created" | "active" | "expiring" | "expired" | "finished";

/**
 * Cancels the task that entered it once the deadline is reached, and turns that cancellation into a TimeoutError when the
 * block is left. Made by `timeout()` and `timeoutAt()`; entered once, with `asyncWith()`, inside a task.
 *
 * The TimeoutError has the CancelledError as its `cause`. A cancellation that anybody else asked for stays a CancelledError.
 * A block that catches the cancellation gets no TimeoutError, though `expired()` is true.
 *
 * Unlike CPython (gh-134471), it takes no cancellation for its own that was pending when the block was entered. Where another
 * error leaves an expired block, the TimeoutError goes into its chain of `cause`s, in front of the CancelledError; in Python
 * into the chain of `__context__`, which JavaScript has not.
 */
export class Timeout implements AsyncContextManager<Timeout> {
  #state: State = "created";
  #when: number | null;
  #handle: Handle | null = null;
  #task: Task<unknown> | null = null;
  /** How many requests had been thrown into the task before: one that still waits to be thrown is not ours (gh-134471). */
  #requestsBefore = 0;

  /** `when`: the deadline by the loop's clock, in seconds; null for never. One that is past cancels at the first await. */
  constructor(when: number | null) {
    checkDeadline(when, "when");
    this.#when = when;
  }

  /** The deadline by the loop's clock, in seconds; null for never. */
  when(): number | null {
    return this.#when;
  }

  /** Whether the deadline was reached while the block ran. */
  expired(): boolean {
    return this.#state === "expiring" || this.#state === "expired";
  }

  /** Moves the deadline: earlier, later, into the past, or to null for never. RuntimeError unless the block is running. */
  reschedule(when: number | null): void {
    checkBound(this, "timeout.reschedule(when)");
    checkDeadline(when, "when");
    if (this.#state === "created") throw new RuntimeError("Timeout has not been entered");
    if (this.#state !== "active") throw new RuntimeError(`Cannot change state of ${this.#state} Timeout`);
    this.#schedule(when);
  }

  aenter(): CoroutineObject<this> {
    return new CoroutineObject(this.#entering(), "aenter");
  }

  /** Throws the TimeoutError that stands for the cancellation, if it is one; never swallows an error. */
  aexit(error: unknown): CoroutineObject<void> {
    return new CoroutineObject(this.#leaving(error), "aexit");
  }

  // eslint-disable-next-line require-yield -- entering waits for nothing
  *#entering(): Coroutine<this> {
    this._enter();
    return this;
  }

  // eslint-disable-next-line require-yield -- nor does leaving
  *#leaving(error: unknown): Coroutine<void> {
    this._leave(error);
  }

  /** @internal Entering needs no wait, so library code can do it without a coroutine. */
  _enter(): void {
    if (this.#state !== "created") throw new RuntimeError("Timeout has already been entered");
    const current = currentTask();
    if (current === null) throw new RuntimeError("Timeout should be used inside a task");
    const task = partOf(current);
    this.#state = "active";
    this.#task = task;
    this.#requestsBefore = task._requestsDelivered();
    this.#schedule(this.#when);
  }

  /** @internal As aexit(). */
  _leave(error: unknown): void {
    this.#handle?.cancel();
    this.#handle = null;
    if (this.#state === "active") {
      this.#state = "finished";
    } else if (this.#state === "expiring") {
      this.#state = "expired";
      // More requests than before: somebody else cancels the task too, and that stands.
      const ours = this.#task!._uncancel() <= this.#requestsBefore;
      if (ours && error instanceof CancelledError) throw timedOut(error);
      if (ours) explain(error);
    } else {
      throw new RuntimeError(`Cannot leave a ${this.#state} Timeout`);
    }
  }

  #schedule(when: number | null): void {
    this.#handle?.cancel();
    this.#when = when;
    if (when === null) {
      this.#handle = null;
      return;
    }
    const loop = this.#task!._loop;
    const expire = (): void => this.#expire();
    this.#handle = when <= loop.time() ? loop.callSoon(expire) : loop.callAt(when, expire);
  }

  #expire(): void {
    this.#handle = null;
    this.#state = "expiring";
    // Entered and left by hand, in an async function, it was not entered in what it is around.
    this.#task = this.#task!._lasting();
    this.#task.cancel();
  }

  toString(): string {
    const when = this.#state === "active" ? ` when=${this.#when?.toFixed(3) ?? null}` : "";
    return `<Timeout [${this.#state}]${when}>`;
  }
}

/**
 * Limits a block to `delay` seconds from now; null: no limit. At 0 or less it is cancelled at its first await that has to
 * wait. RuntimeError without a running loop.
 *
 * @example
 * yield* asyncWith(timeout(10), function* () {
 *   yield* longRunning();
 * });
 */
export function timeout(delay: number | null): Timeout {
  checkDeadline(delay, "delay");
  const loop = requireRunningLoop();
  return new Timeout(delay === null ? null : loop.time() + delay);
}

/** As `timeout()`, but until the loop's clock has reached `when` (seconds, see `loop.time()`). */
export function timeoutAt(when: number | null): Timeout {
  return new Timeout(when);
}

function checkDeadline(value: unknown, name: string): void {
  if (value !== null) checkSeconds(value, name);
}

function timedOut(cancellation: CancelledError): TimeoutError {
  return new TimeoutError("", { cause: cancellation });
}

/**
 * Another error left the block because it was cancelled. Where its chain of causes says so, the chain says "timed out" now;
 * the same for the members of a group. (Python notes the error being handled with each new one, and finds the cancellation
 * there; JavaScript knows only the causes that were given.)
 */
function explain(error: unknown): void {
  explainChain(error);
  if (error instanceof ExceptionGroup) for (const member of error.exceptions) explainChain(member);
}

function explainChain(error: unknown): void {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    // A timeout inside this one has said so already.
    if (at instanceof TimeoutError) return;
    seen.add(at);
    if (at.cause instanceof CancelledError) {
      // False for a frozen error, which then stays as it is.
      Reflect.set(at, "cause", timedOut(at.cause));
      return;
    }
  }
}
