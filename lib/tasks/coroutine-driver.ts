// Drives one coroutine: resumes its innermost generator, and passes results and errors on to the ones outside.
//
// The driver keeps the stack of coroutine objects itself and always resumes the innermost generator:
//
//   #stack   [ outer, middle, inner ]        #top = inner's generator
//
// inner returns ──> popped, and middle's generator is resumed: its `yield*` then collects inner's result.
import { show } from "../futures/future-text.ts";
import { Future } from "../futures/future.ts";
import { RESUMED, SUSPENDED, suspended } from "../futures/suspension.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { coroutineOrigins, noteAwaited } from "../loop/origins.ts";
import type { Coroutine, Suspension } from "../types/awaitable.ts";
import { CoroutineObject, isGenerator } from "./coroutine.ts";
import { LibraryCoroutine } from "./library-coroutine.ts";

type Driven = Generator<Suspension, unknown, unknown>;

/** The coroutine objects that a task drives, outermost first, and the generator of its own coroutine below them. */
interface CoroutineStack {
  readonly root: Driven;
  readonly frames: CoroutineObject<unknown>[];
}

/** The half of a task that knows generators; what their suspensions mean is the other half's business. */
export abstract class CoroutineDriver<T> extends Future<T> {
  /** What is resumed next: the generator of the innermost coroutine. */
  #top: Driven;
  #stack: CoroutineStack | null = null;

  /** TypeError for anything that is no coroutine; RuntimeError when the loop is closed, and the coroutine is left alone. */
  constructor(coro: unknown, loop: LoopCore | undefined) {
    super(undefined, loop);
    this._loop._checkClosed();
    this.#top = rootGenerator(coro);
  }

  /** @internal The coroutine has returned. */
  abstract _returns(value: T): void;
  /** @internal The coroutine has thrown. */
  abstract _throws(error: unknown): void;
  /** @internal It waits for this. */
  abstract _waits(future: Future<unknown>): void;
  /** @internal Something was yielded that no awaitable of ours yields; undefined: a bare `yield`. */
  abstract _yields(value: unknown): void;
  /** @internal An entry of the ready queue as well: the next step. */
  abstract run(): void;

  /** @internal The generators that it drives, outermost first. */
  _generators(): Driven[] {
    const stack = this.#stack;
    return stack === null ? [this.#top] : [stack.root, ...stack.frames.map((frame) => frame._generator)];
  }

  /** @internal Drives nothing any more. */
  _letGo(): void {
    this.#stack = null;
  }

  /** @internal Resumes the coroutine, or throws `error` into it, until it suspends or ends. */
  _drive(failing: boolean, error: unknown): void {
    for (;;) {
      let result: IteratorResult<Suspension, unknown>;
      try {
        result = failing ? this.#top.throw(error) : this.#top.next(RESUMED);
      } catch (thrown) {
        const inner = this.#pop();
        if (inner === null) {
          this._throws(thrown);
          return;
        }
        inner._fail();
        failing = true;
        error = thrown;
        continue;
      }
      if (result.done === true) {
        const inner = this.#pop();
        if (inner === null) {
          this._returns(result.value as T);
          return;
        }
        inner._finish(result);
        failing = false;
        continue;
      }
      if (result === SUSPENDED) this.#suspend();
      else this._yields(result.value);
      return;
    }
  }

  /** Takes the innermost coroutine object off the stack; null when the task's own coroutine is all there is. */
  #pop(): CoroutineObject<unknown> | null {
    const stack = this.#stack;
    if (stack === null || stack.frames.length === 0) return null;
    const { frames } = stack;
    const inner = frames.pop()!;
    this.#top = frames.length > 0 ? frames[frames.length - 1]!._generator : stack.root;
    return inner;
  }

  #suspend(): void {
    const { awaiting, frames } = suspended;
    if (frames.length > 0) this.#adopt(frames as CoroutineObject<unknown>[]);
    if (awaiting !== null) {
      suspended.awaiting = null;
      this._waits(awaiting);
    } else if (suspended.stray !== null) {
      const { value } = suspended.stray;
      suspended.stray = null;
      this._yields(value);
    } else {
      this._loop._ready.push(this);
    }
  }

  /** Coroutine objects that ran inline until now go on the stack, outermost first. */
  #adopt(frames: CoroutineObject<unknown>[]): void {
    const stack = (this.#stack ??= { root: this.#top, frames: [] });
    for (let i = frames.length - 1; i >= 0; i--) {
      frames[i]!._adopt();
      stack.frames.push(frames[i]!);
    }
    this.#top = frames[0]!._generator;
    frames.length = 0;
  }
}

/** The generator at the bottom of a task's stack. */
function rootGenerator(coro: unknown): Driven {
  if (coro instanceof CoroutineObject) {
    coro._adopt();
    return coro._generator;
  }
  if (coro instanceof LibraryCoroutine) {
    // Not when it begins: a task may be cancelled before.
    if (coroutineOrigins.tracked) noteAwaited(coro);
    return awaitIn(coro);
  }
  if (isGenerator(coro)) return coro;
  throw new TypeError(`a coroutine was expected, got ${show(coro)}`);
}

function* awaitIn(coro: LibraryCoroutine<unknown>): Coroutine<unknown> {
  return yield* coro;
}
