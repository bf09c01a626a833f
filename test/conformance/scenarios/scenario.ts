// What a hand-written scenario is: a text for CPython and a coroutine for this library that must log the same.
import {
  type BackendName,
  CancelledError,
  type Coroutine,
  type EventLoop,
  type ExceptionContext,
  type Future,
  newEventLoop,
  type Yieldable,
} from "../../../lib/index.ts";
import { VirtualClock } from "../../../lib/testing/index.ts";
import { show, showError } from "../programs/describe.mjs";

export { Bang, Boom } from "../programs/describe.mjs";

/** The unit of time of the logs, in seconds: sums of such floats are exact. */
export const tick = 1 / 64;

export interface Scenario {
  readonly name: string;
  /** Defines `async def main(log, loop)`. There are asyncio, contextvars, Boom, Bang, tick, outcome() and attempt(). */
  readonly python: string;
  readonly ours: (log: Log, loop: EventLoop) => Coroutine<unknown>;
}

export function scenario(name: string, python: string, ours: Scenario["ours"]): Scenario {
  return { name, python, ours };
}

/** log(value, ...) adds a line: the time in ticks, then the values. */
export interface Log {
  (...values: unknown[]): void;
  /** How a task or future is called in the log. */
  called<F extends Future<unknown>>(future: F, name: string): F;
}

/** What an await gives: its result, or the error it throws. */
export function* outcome(awaitable: Yieldable<unknown>): Coroutine<unknown> {
  try {
    return yield* awaitable;
  } catch (error) {
    return error;
  }
}

/** What a call gives: its result, or the error it throws. */
export function attempt(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

/** Runs a scenario here and gives its log. */
export async function runHere(backend: BackendName, { ours }: Scenario): Promise<string[]> {
  const loop = newEventLoop({ backend, clock: new VirtualClock() });
  const lines: string[] = [];
  let closed = false;
  const names = new Map<unknown, string>();
  const log: Log = Object.assign(
    (...values: unknown[]) => {
      if (closed) return;
      lines.push(`${loop.time() / tick} ${values.map((value) => show(value, names)).join(" ")}`);
    },
    {
      called<F extends Future<unknown>>(future: F, name: string): F {
        names.set(future, name);
        return future;
      },
    },
  );
  loop.setExceptionHandler((_loop, context) => log(reportText(context)));
  const main = loop.createTask(ours(log, loop));
  main.addDoneCallback(() => loop.stop());
  loop.callAt(END, () => loop.stop());
  await loop.runForever();
  if (!main.done()) log("main never ended");
  else if (main.cancelled()) log("main was cancelled");
  else if (main.exception() !== null) log("main failed:", main.exception());
  closed = true;
  loop.close();
  return lines;
}

/** Seconds, after which a scenario that has not ended is given up. */
const END = 2 ** 20;

function reportText(context: ExceptionContext): string {
  const keys = Object.keys(context).filter((key) => key !== "message" && key !== "exception");
  let { message } = context;
  if (message.startsWith("Exception in callback")) message = "Exception in callback";
  message = message.replace("RangeError", "ValueError");
  return `report ${message}: ${show(context.exception)} (${keys.sort().join(",")})`;
}

/** Whether Python's `except Exception` would let it pass. */
export function isCancellation(error: unknown): boolean {
  return error instanceof CancelledError;
}

export { showError };
