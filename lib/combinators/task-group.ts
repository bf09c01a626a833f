// TaskGroup: a block that is left when all the tasks started in it have ended; the first error cancels the others.
//
//   entered ──a task fails, or cancel()──> aborting (everything is cancelled, the body too) ──┐
//      └──the body ends──> exiting (waits for the tasks, which may still start others) ───────┴──> finished
import { checkBound } from "../errors/argument-checks.ts";
import { CancelledError, RuntimeError } from "../errors/asyncio-errors.ts";
import { ExceptionGroup, isError } from "../errors/exception-group.ts";
import { FAILED, Future } from "../futures/future.ts";
import { closeCoroutine } from "../tasks/close-coroutine.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import { createTaskOn, currentTask, type NoFuture } from "../tasks/create-task.ts";
import type { Task, TaskOptions } from "../tasks/task.ts";
import { partOf } from "../tasks/task-part.ts";
import type { AwaitedResult, Coroutine, CoroutineLike } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";
import type { Runnable } from "../types/runnable.ts";

/** A member's done-callback: its own ready-queue entry. Always scheduled, also for a task that ended eagerly (gh-128550). */
class MemberEnd implements Runnable {
  readonly #group: TaskGroup;
  readonly #task: Task<unknown>;

  constructor(group: TaskGroup, task: Task<unknown>) {
    this.#group = group;
    this.#task = task;
  }

  /** The task around the group waits for the member, whatever it awaits at the moment. */
  get awaiter(): Task<unknown> | null {
    return this.#group._waitingParent;
  }

  run(): void {
    this.#group._memberEnded(this.#task);
  }
}

/**
 * Holds tasks together: `asyncWith()` leaves the group when all of them have ended. When one fails, the others and the body
 * are cancelled, and what is thrown is an ExceptionGroup of all errors. A task that is cancelled is no failure.
 *
 * A cancellation of the task that the block runs in cancels the members; it is thrown when they have ended, unless one of them
 * failed. Then it is thrown at the next await, after the ExceptionGroup.
 *
 * @example
 * yield* asyncWith(new TaskGroup(), function* (group) {
 *   group.createTask(fetchUsers());
 *   group.createTask(async () => fetchOrders());
 * });
 */
export class TaskGroup implements AsyncContextManager<TaskGroup> {
  /** The task whose block it is, or the part of it; null before and after. */
  #parent: Task<unknown> | null = null;
  /** In the order of their creation, so that they are cancelled in that order. */
  readonly #members = new Set<Task<unknown>>();
  #errors: Error[] = [];
  #entered = false;
  #exiting = false;
  #aborting = false;
  #cancelOnEnter = false;
  /** The parent was cancelled by the group, which must take that back. */
  #parentCancelled = false;
  /** The requests that the parent had got before it came here. */
  #requestsBefore = 0;
  /** What the parent waits for while members are left. */
  #allEnded: Future<void> | null = null;

  aenter(): CoroutineObject<this> {
    return new CoroutineObject(this.#enter(), "aenter");
  }

  /** Waits for the members. Gives true when the error is the CancelledError of the group's own `cancel()`, which ends here. */
  aexit(error: unknown): CoroutineObject<boolean> {
    return new CoroutineObject(this.#leave(error), "aexit");
  }

  /**
   * Starts a coroutine as a member, with the options of `loop.createTask()`. RuntimeError unless the block runs or members are
   * left, and once the group is cancelled or failing; the coroutine is closed then.
   */
  createTask<C extends CoroutineLike<unknown>>(
    coro: C & NoFuture<C>,
    options?: TaskOptions,
  ): Task<AwaitedResult<C>> {
    checkBound(this, "group.createTask(coro)");
    if (!this.#entered) throw this.#refusal(coro, "has not been entered");
    if (this.#parent === null || (this.#exiting && this.#members.size === 0)) {
      throw this.#refusal(coro, "is finished");
    }
    if (this.#aborting) throw this.#refusal(coro, "is shutting down");
    const task = createTaskOn<C>(this.#parent._loop, coro, options);
    const member = task as Task<unknown>;
    this.#members.add(member);
    member._addCallback(new MemberEnd(this, member));
    // Started eagerly, it may have cancelled the group before it was one of it (gh-155418).
    if (this.#aborting) member.cancel();
    return task;
  }

  /**
   * Ends the group early: cancels its members and the body, and the block is left without an error of that. Before the group
   * is entered: cancels it upon entry. Does nothing when it is cancelled, failing or finished already.
   */
  cancel(): void {
    checkBound(this, "group.cancel()");
    if (!this.#entered) this.#cancelOnEnter = true;
    else if (this.#parent !== null && !this.#aborting) this.#abortAll(this.#parent);
  }

  // eslint-disable-next-line require-yield -- entering waits for nothing
  *#enter(): Coroutine<this> {
    if (this.#entered) throw new RuntimeError(`TaskGroup ${this.toString()} has already been entered`);
    const current = currentTask();
    if (current === null) {
      throw new RuntimeError(`TaskGroup ${this.toString()} cannot determine the parent task`);
    }
    const parent = partOf(current);
    this.#entered = true;
    this.#parent = parent;
    this.#requestsBefore = parent._requestsDelivered();
    if (this.#cancelOnEnter) this.#abortAll(parent);
    return this;
  }

  *#leave(error: unknown): Coroutine<boolean> {
    const parent = this.#parent?._lasting() ?? null;
    if (parent === null) throw new RuntimeError(`TaskGroup ${this.toString()} has not been entered`);
    try {
      return yield* this.#waitAndSettle(parent, error);
    } finally {
      this.#parent = null;
      this.#errors = [];
    }
  }

  *#waitAndSettle(parent: Task<unknown>, error: unknown): Coroutine<boolean> {
    this.#exiting = true;
    let cancellation = error instanceof CancelledError ? error : null;
    // The first one that came while somebody besides the group was cancelling the parent: to be thrown on (gh-155433).
    let fromOutside = cancellation !== null && this.#cancelledFromOutside(parent) ? cancellation : null;
    if (error !== undefined && !this.#aborting) this.#abortMembers();

    // The wait can be interrupted again and again, by the group's own cancellation too; the members must end all the same.
    while (this.#members.size > 0) {
      this.#allEnded = new Future<void>(undefined, parent._loop);
      try {
        yield* this.#allEnded;
      } catch (interruption) {
        if (!(interruption instanceof CancelledError)) throw interruption;
        if (!this.#aborting) {
          cancellation = interruption;
          this.#abortMembers();
        }
        if (fromOutside === null && this.#cancelledFromOutside(parent)) fromOutside = interruption;
      }
      this.#allEnded = null;
    }

    if (this.#parentCancelled) {
      // CPython compares with 0, and so lets its own request out of a task that had swallowed another one before the block.
      cancellation = parent._uncancel() > this.#requestsBefore ? (fromOutside ?? cancellation) : null;
    }
    // Errors go before a cancellation.
    if (cancellation !== null && this.#errors.length === 0) throw cancellation;
    if (error !== undefined && !(error instanceof CancelledError)) this.#errors.push(asError(error));
    if (this.#errors.length === 0) return error !== undefined;
    // A request from outside must not get lost with the errors: it is made anew, for the next await (gh-116720).
    if (parent._requests() > 0) parent._interrupt(undefined);
    throw new ExceptionGroup("unhandled errors in a TaskGroup", this.#errors);
  }

  /** @internal The task whose block it is; null once the block was left. */
  get _waitingParent(): Task<unknown> | null {
    return this.#parent;
  }

  /** @internal A member is done. */
  _memberEnded(task: Task<unknown>): void {
    this.#members.delete(task);
    if (this.#members.size === 0 && this.#allEnded?.done() === false) this.#allEnded.setResult();
    if (task._state !== FAILED) return;
    const error = asError(task._takeException());
    this.#errors.push(error);
    const parent = this.#parent?._lasting() ?? null;
    if (parent === null || parent.done()) {
      // Somebody entered the group by hand and never left it.
      task._loop.callExceptionHandler({
        message: `Task ${task.toString()} has errored out but its parent task ${String(parent)} is already completed`,
        exception: error,
        task,
      });
    } else if (!this.#aborting) {
      this.#abortAll(parent);
    }
  }

  /** Members and parent: whatever the body waits for is interrupted. */
  #abortAll(parent: Task<unknown>): void {
    this.#abortMembers();
    this.#parentCancelled = true;
    parent._lasting().cancel();
  }

  #abortMembers(): void {
    this.#aborting = true;
    for (const member of this.#members) member.cancel();
  }

  /** Whether there are requests that neither came before the block nor from the group. */
  #cancelledFromOutside(parent: Task<unknown>): boolean {
    return parent._requests() > this.#requestsBefore + (this.#parentCancelled ? 1 : 0);
  }

  /** The coroutine that is refused will never run, and nobody else is going to say so. */
  #refusal(coro: unknown, why: string): RuntimeError {
    closeCoroutine(coro);
    return new RuntimeError(`TaskGroup ${this.toString()} ${why}`);
  }

  toString(): string {
    const tasks = this.#members.size > 0 ? ` tasks=${this.#members.size}` : "";
    const errors = this.#errors.length > 0 ? ` errors=${this.#errors.length}` : "";
    const state = this.#aborting ? " cancelling" : this.#entered ? " entered" : "";
    return `<TaskGroup${tasks}${errors}${state}>`;
  }
}

/** JavaScript can throw anything, a group holds Errors only. */
function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown;
  return new RuntimeError(`something that is not an Error was thrown: ${String(thrown)}`, { cause: thrown });
}
