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
import { show } from "../programs/describe.mjs";

export { Bang, Boom } from "../programs/describe.mjs";

/** The unit of time of the logs, in seconds: sums of such floats are exact. */
export const tick = 1 / 64;

export interface Scenario {
  readonly name: string;
  /** Defines `async def main(log, loop)`. There are asyncio, contextvars, Boom, Bang, tick, outcome() and attempt(). */
  readonly python: string;
  readonly ours: (log: Log, loop: EventLoop) => Coroutine<unknown>;
}

/** A scenario outside a running loop: what makes loops and runs them itself. */
export interface PlainScenario {
  readonly name: string;
  /** Defines `def main(log, new_loop)`. */
  readonly python: string;
  readonly ours: (log: Log, newLoop: () => EventLoop) => Promise<void>;
}

export function plainScenario(name: string, python: string, ours: PlainScenario["ours"]): PlainScenario {
  return { name, python, ours };
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

/** What the promise of a call ends with: its result, or the error it is rejected with. */
export async function settled(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}

class Protocol {
  readonly lines: string[] = [];
  loop: EventLoop | null = null;
  readonly log: Log;
  #closed = false;

  constructor() {
    const names = new Map<unknown, string>();
    this.log = Object.assign(
      (...values: unknown[]) => {
        if (this.#closed) return;
        const now = this.loop?.time() ?? 0;
        this.lines.push(`${now / tick} ${values.map((value) => show(value, names)).join(" ")}`);
      },
      {
        called<F extends Future<unknown>>(future: F, name: string): F {
          names.set(future, name);
          return future;
        },
      },
    );
  }

  newLoop(backend: BackendName): EventLoop {
    this.loop = newEventLoop({ backend, clock: new VirtualClock() });
    this.loop.setExceptionHandler((_loop, context) => this.log(reportText(context)));
    return this.loop;
  }

  close(): string[] {
    this.#closed = true;
    return this.lines;
  }
}

/** Runs a scenario here and gives its log. */
export async function runHere(backend: BackendName, { ours }: Scenario): Promise<string[]> {
  const protocol = new Protocol();
  const { log } = protocol;
  const loop = protocol.newLoop(backend);
  const main = loop.createTask(ours(log, loop));
  main.addDoneCallback(() => loop.stop());
  loop.callAt(END, () => loop.stop());
  await loop.runForever();
  if (!main.done()) log("main never ended");
  else if (main.cancelled()) log("main was cancelled");
  else if (main.exception() !== null) log("main failed:", main.exception());
  protocol.close();
  loop.close();
  return protocol.lines;
}

export async function runPlainHere(backend: BackendName, { ours }: PlainScenario): Promise<string[]> {
  const protocol = new Protocol();
  await ours(protocol.log, () => protocol.newLoop(backend));
  return protocol.close();
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
