// The half of a loop that tells people things: errors nobody sees, and in debug mode callbacks that take too long.
import { SLOW_CALLBACK_SECONDS } from "../constants.ts";
import { checkBound, checkFlag, checkFunction } from "../errors/argument-checks.ts";
import { describe } from "../errors/describe-value.ts";
import type { Runnable } from "../types/runnable.ts";
import type { Clock } from "./clock.ts";
import {
  type ExceptionContext,
  type ExceptionHandler,
  formatExceptionContext,
  handleException,
} from "./exception-handler.ts";
import type { Callback, Handle } from "./handle.ts";
import { coroutineOrigins, originOf } from "./origins.ts";

export abstract class LoopReports {
  /** @internal */
  _debug = process.env["ASYNCIO_UV_DEBUG"] === "1";

  /** Callbacks that take at least this many seconds are reported in debug mode. */
  slowCallbackDuration = SLOW_CALLBACK_SECONDS;

  #exceptionHandler: ExceptionHandler<this> | null = null;
  /** What runs now, in debug mode. */
  #running: Runnable | null = null;

  abstract isRunning(): boolean;

  /** Sets who is told of errors nobody sees; null for the default, one report on stderr. */
  setExceptionHandler(handler: ExceptionHandler<this> | null): void {
    if (handler !== null) checkFunction(handler, "setExceptionHandler");
    this.#exceptionHandler = handler;
  }

  getExceptionHandler(): ExceptionHandler<this> | null {
    return this.#exceptionHandler;
  }

  /** One report on stderr. In debug mode it says where the handle was made that ran when the error came up. */
  defaultExceptionHandler(context: ExceptionContext): void {
    checkContext(context, "defaultExceptionHandler");
    const origin = this.#running === null ? undefined : originOf(this.#running);
    const known = origin === undefined || "sourceTraceback" in context;
    const report = known ? context : { ...context, handleTraceback: origin };
    process.stderr.write(`${formatExceptionContext(report)}\n`);
  }

  /** Reports an error: to the handler that was set, else to the default one. Never throws. */
  callExceptionHandler(context: ExceptionContext): void {
    checkBound(this, "loop.callExceptionHandler(context)");
    checkContext(context, "callExceptionHandler");
    handleException(this, this.#exceptionHandler, (what) => this.defaultExceptionHandler(what), context);
  }

  /** @internal */
  _reportCallbackError(error: unknown, callback: Callback, handle: Handle): void {
    const origin = originOf(handle);
    this.callExceptionHandler({
      message: `Exception in callback ${callback.name}`.trimEnd(),
      exception: error,
      handle,
      ...(origin === undefined ? {} : { sourceTraceback: origin }),
    });
  }

  /** @internal Called in debug mode: what coroutines are, the floor of tasks knows. */
  _checkNoCoroutine(_callback: unknown, _method: string): void {
    // The loop that users hold says more.
  }

  getDebug(): boolean {
    return this._debug;
  }

  setDebug(enabled: boolean): void {
    checkFlag(enabled, "enabled");
    this._debug = enabled === true;
    if (this.isRunning()) coroutineOrigins.tracked = this._debug;
  }

  /** @internal Runs an entry of the ready queue and looks at the clock. */
  _runTimed(entry: Runnable, clock: Clock): void {
    const before = clock.time();
    this.#running = entry;
    try {
      entry.run();
    } catch (error) {
      this.callExceptionHandler({ message: "Unhandled exception in the ready queue", exception: error });
    }
    this.#running = null;
    const took = clock.time() - before;
    if (took >= this.slowCallbackDuration) {
      process.stderr.write(`asyncio-uv: Executing ${String(entry)} took ${took.toFixed(3)} seconds\n`);
    }
  }
}

function checkContext(context: unknown, method: string): void {
  if (context !== null && typeof context === "object" && !Array.isArray(context)) return;
  throw new TypeError(`${method}() takes an object with a message, got ${describe(context)}`);
}
