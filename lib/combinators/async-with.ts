// asyncWith(): Python's `async with`, for coroutines.
import { checkCallback } from "../errors/argument-checks.ts";
import { describe } from "../errors/describe-value.ts";
import { isPromiseLike, wrapFuture } from "../futures/wrap-future.ts";
import { requireRunningLoop, runningLoop } from "../loop/running-loop.ts";
import { callCoroutineFunction, isYieldable } from "../tasks/call.ts";
import { CoroutineObject } from "../tasks/coroutine.ts";
import type { Coroutine, Suspension } from "../types/awaitable.ts";
import type { AsyncContextManager } from "../types/context-manager.ts";

type Body<T, R> = (value: T) => Generator<Suspension, R, unknown> | PromiseLike<R> | R;

/**
 * Enters `manager`, runs `body` with what that gave, and leaves it whatever happens. Gives back the body's result, or
 * undefined when the manager swallowed an error.
 *
 * Awaited where no loop runs, it needs a manager that needs none (a Runner) and an async function for a body.
 *
 * @example
 * const result = yield* asyncWith(server, function* (server) {
 *   return yield* server.serveForever();
 * });
 */
export function asyncWith<T, R>(manager: AsyncContextManager<T>, body: Body<T, R>): CoroutineObject<R> {
  return new AsyncWith(manager, body);
}

class AsyncWith<T, R> extends CoroutineObject<R> {
  readonly #manager: AsyncContextManager<T>;
  readonly #body: Body<T, R>;

  constructor(manager: AsyncContextManager<T>, body: Body<T, R>) {
    super(inTask(manager, body), "asyncWith");
    this.#manager = manager;
    this.#body = body;
  }

  override toPromise(): Promise<R> {
    return runningLoop() === null ? this.#outsideLoops() : super.toPromise();
  }

  async #outsideLoops(): Promise<R> {
    this._adopt();
    const [manager, body] = [this.#manager, this.#body];
    checkArguments(manager, body);
    const value = (await manager.aenter()) as T;
    let result: R;
    try {
      const made = body(value);
      if (isYieldable(made) && !isPromiseLike(made)) requireRunningLoop();
      result = (await made) as R;
    } catch (error) {
      if (await manager.aexit(error)) return undefined as R;
      throw error;
    }
    await manager.aexit(undefined);
    return result;
  }
}

function* inTask<T, R>(manager: AsyncContextManager<T>, body: Body<T, R>): Coroutine<R> {
  checkArguments(manager, body);
  const value = (yield* settled(manager.aenter())) as T;
  let result: R;
  try {
    // The awaits of an async function are cancelled with the task, so an async body can be timed out as well.
    result = (yield* callCoroutineFunction(body, [value], false)) as R;
  } catch (error) {
    if (yield* settled(manager.aexit(error))) return undefined as R;
    throw error;
  }
  yield* settled(manager.aexit(undefined));
  return result;
}

function checkArguments(manager: AsyncContextManager<unknown>, body: unknown): void {
  if (typeof manager?.aenter !== "function" || typeof manager.aexit !== "function") {
    throw new TypeError(
      `asyncWith() takes an asynchronous context manager, an object with aenter() and aexit(), got ${describe(manager)}`,
    );
  }
  checkCallback(body, "asyncWith");
}

/** The value itself, or what it is a promise or coroutine of. */
function* settled(value: unknown): Coroutine<unknown> {
  if (isYieldable(value)) return yield* value;
  return isPromiseLike(value) ? yield* wrapFuture(value) : value;
}
