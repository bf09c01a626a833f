// Making loops, and asking which one runs or is set in this thread.
import { checkBackendName, chooseBackend } from "../loop/choose-backend.ts";
import { type Clock, performanceClock } from "../loop/clock.ts";
import { currentLoop, requireRunningLoop, runningLoop, setCurrentLoop } from "../loop/running-loop.ts";
import { checkOptions, checkSeconds } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import type { BackendName } from "../types/backend.ts";
import { EventLoop } from "./event-loop.ts";

export interface NewEventLoopOptions {
  /** The engine; without it ASYNCIO_UV_BACKEND decides, else the native one is used where it loads. */
  backend?: BackendName;
  /** Where the loop takes its time from. */
  clock?: Clock;
}

const OPTIONS = ["backend", "clock"];

/** A new event loop, not running and not set for the thread. */
export function newEventLoop(options: NewEventLoopOptions = {}): EventLoop {
  checkOptions(options, "newEventLoop", OPTIONS);
  if (options.clock !== undefined) checkClock(options.clock);
  if (options.backend !== undefined) checkBackendName(options.backend, "backend");
  return new EventLoop(chooseBackend(options.backend), options.clock ?? performanceClock);
}

function checkClock(clock: Clock): void {
  if (typeof clock?.time !== "function" || (clock.idle !== undefined && typeof clock.idle !== "function")) {
    throw new TypeError(
      `clock must be an object with a time() method that gives seconds, got ${describe(clock)}`,
    );
  }
  checkSeconds(clock.time(), "the time of the clock");
}

/** The loop that runs in this thread; RuntimeError when none does. */
export function getRunningLoop(): EventLoop {
  return requireRunningLoop() as EventLoop;
}

/** The running loop, else the one that was set; RuntimeError when there is neither. It never makes one. */
export function getEventLoop(): EventLoop {
  const loop = runningLoop() ?? currentLoop();
  if (loop === null)
    throw new RuntimeError("There is no current event loop in this thread; use run(main) or setEventLoop()");
  return loop as EventLoop;
}

/** Sets the loop of this thread; null for none. */
export function setEventLoop(loop: EventLoop | null): void {
  if (loop !== null && !(loop instanceof EventLoop))
    throw new TypeError(`setEventLoop() takes an event loop or null, got ${describe(loop)}`);
  setCurrentLoop(loop);
}
