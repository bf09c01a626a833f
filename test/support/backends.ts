// Runs one suite on every backend, each test on a fresh loop that must leave nothing behind.
import { describe, expect } from "vitest";
import { VirtualClock } from "../../lib/testing/index.ts";
import {
  allTasks,
  type BackendName,
  type Coroutine,
  type EventLoop,
  type ExceptionContext,
  newEventLoop,
  sleep,
} from "../../lib/index.ts";

export const BACKENDS: readonly BackendName[] = ["native", "pure"];

export function describeBackends(name: string, suite: (backend: BackendName) => void): void {
  for (const backend of BACKENDS) describe(`${name} (${backend})`, () => suite(backend));
}

/** What a test body is given. A report that it does not take fails the test. */
export interface Scenario {
  readonly loop: EventLoop;
  /** Everything the exception handler was told and nobody has taken yet. */
  takeReports(): ExceptionContext[];
}

/** A scenario that hangs is stopped after this many milliseconds, so that it fails alone and the next one can run. */
const GIVE_UP_MS = 10_000;

/** Polls between looks; only a condition that never comes true uses them up. */
const MAX_LOOKS = 3000;

/** Waits until `condition` holds, letting I/O happen between looks. */
export function* until(condition: () => boolean, what: string): Coroutine<void> {
  for (let looks = 0; !condition(); looks++) {
    if (looks === MAX_LOOKS) throw new Error(`waited in vain for ${what}`);
    yield* sleep(0.001);
  }
}

/** Gives way for `count` passes of the ready queue. */
export function* passes(count: number): Coroutine<void> {
  for (let i = 0; i < count; i++) yield* sleep(0);
}

/** As onLoop(), in a time of its own that begins at 0 and jumps to the next deadline when nothing is ready. */
export function onVirtualLoop<T>(
  backend: BackendName,
  body: (scenario: Scenario & { readonly clock: VirtualClock }) => Coroutine<T>,
): Promise<T> {
  const clock = new VirtualClock();
  return runOn(newEventLoop({ backend, clock }), (scenario) => body({ ...scenario, clock }));
}

/** Runs `body` on a loop of its own; afterwards no task, stream, listener or report may be left. */
export function onLoop<T>(backend: BackendName, body: (scenario: Scenario) => Coroutine<T>): Promise<T> {
  return runOn(newEventLoop({ backend }), body);
}

async function runOn<T>(loop: EventLoop, body: (scenario: Scenario) => Coroutine<T>): Promise<T> {
  let reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => reports.push(context));
  const takeReports = (): ExceptionContext[] => {
    const taken = reports;
    reports = [];
    return taken;
  };

  function* main(): Coroutine<T> {
    const result = yield* body({ loop, takeReports });
    yield* until(
      () => {
        const { streams, listeners } = loop.statistics();
        return streams === 0 && listeners === 0;
      },
      `streams and listeners to be freed: ${JSON.stringify(loop.statistics())}`,
    );
    yield* until(() => allTasks(loop).size === 1, `tasks to end: ${[...allTasks(loop)].join(", ")}`);
    return result;
  }

  const guard = setTimeout(() => loop.stop(), GIVE_UP_MS);
  try {
    const result = await loop.runUntilComplete(main());
    expect(reports.map((context) => context.message)).toEqual([]);
    return result;
  } finally {
    clearTimeout(guard);
    loop.close();
  }
}
