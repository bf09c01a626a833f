// The exceptions that asyncio itself defines, and the Python ones it raises that JavaScript has no class for.
import { checkBytes, checkInteger } from "./argument-checks.ts";
import { describe } from "./describe-value.ts";

/** On the prototype, as the built-in errors have it: an own property would be printed with every error. */
function nameOnPrototype(target: { prototype: Error }, name: string): void {
  Object.defineProperty(target.prototype, "name", { value: name, configurable: true, writable: true });
}

/**
 * Thrown at the await of a task that was cancelled.
 *
 * In Python it is a BaseException, so `except Exception` lets it pass. A JavaScript `catch` catches everything: a catch block
 * around an await must rethrow it (`if (e instanceof CancelledError) throw e;`) or the task refuses to be cancelled.
 * `message` is the message given to `cancel(msg)`, or "".
 */
export class CancelledError extends Error {
  readonly code = "ERR_ASYNCIO_CANCELLED";

  constructor(message?: string | null) {
    // cancel() takes anything, as in Python; that the message is no string must not come out where it is thrown.
    const text = typeof message === "string" ? message : (message ?? null) === null ? "" : textOf(message);
    // Cancelling thousands of tasks would otherwise spend most of its time on stack traces nobody reads.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(text);
    Error.stackTraceLimit = limit;
  }
}
nameOnPrototype(CancelledError, "CancelledError");

/** As String(), also for what cannot be converted. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return describe(value);
  }
}

/** An operation ran out of time. */
export class TimeoutError extends Error {
  readonly code = "ERR_ASYNCIO_TIMEOUT";
}
nameOnPrototype(TimeoutError, "TimeoutError");

/** A future or task was asked for something its state does not allow. */
export class InvalidStateError extends Error {
  readonly code = "ERR_ASYNCIO_INVALID_STATE";
}
nameOnPrototype(InvalidStateError, "InvalidStateError");

/** Python's RuntimeError: the call is not possible in the present state of things. */
export class RuntimeError extends Error {
  readonly code: string = "ERR_ASYNCIO_RUNTIME";
}
nameOnPrototype(RuntimeError, "RuntimeError");

/** The method is not offered by this transport or backend. */
export class NotImplementedError extends RuntimeError {
  override readonly code = "ERR_ASYNCIO_NOT_IMPLEMENTED";
}
nameOnPrototype(NotImplementedError, "NotImplementedError");

/** A barrier was aborted, or reset while tasks waited at it. */
export class BrokenBarrierError extends RuntimeError {
  override readonly code = "ERR_ASYNCIO_BROKEN_BARRIER";
}
nameOnPrototype(BrokenBarrierError, "BrokenBarrierError");

/** `getNowait()` on an empty queue. */
export class QueueEmpty extends Error {
  readonly code = "ERR_ASYNCIO_QUEUE_EMPTY";
}
nameOnPrototype(QueueEmpty, "QueueEmpty");

/** `putNowait()` on a full queue. */
export class QueueFull extends Error {
  readonly code = "ERR_ASYNCIO_QUEUE_FULL";
}
nameOnPrototype(QueueFull, "QueueFull");

/** The queue was shut down: it takes nothing more, and gives only what it still holds. */
export class QueueShutDown extends Error {
  readonly code = "ERR_ASYNCIO_QUEUE_SHUT_DOWN";
}
nameOnPrototype(QueueShutDown, "QueueShutDown");

/** The stream ended before what was asked for had come. `partial` holds what did; `expected` is null when no number was asked for. */
export class IncompleteReadError extends Error {
  readonly code = "ERR_ASYNCIO_INCOMPLETE_READ";
  readonly partial: Buffer;
  readonly expected: number | null;

  constructor(partial: Buffer, expected: number | null) {
    checkBytes(partial, "partial");
    if (expected !== null) checkInteger(expected, "expected", 0, Number.MAX_SAFE_INTEGER);
    super(`${partial.length} bytes read on a total of ${expected ?? "undefined"} expected bytes`);
    this.partial = partial;
    this.expected = expected;
  }
}
nameOnPrototype(IncompleteReadError, "IncompleteReadError");

/** The separator was not found within the stream's limit. `consumed` bytes can be read to get past what was looked at. */
export class LimitOverrunError extends Error {
  readonly code = "ERR_ASYNCIO_LIMIT_OVERRUN";
  readonly consumed: number;

  constructor(message: string, consumed: number) {
    super(message);
    this.consumed = consumed;
  }
}
nameOnPrototype(LimitOverrunError, "LimitOverrunError");

/** A mistake of this library, never of its user: please report it. */
export class InternalError extends Error {
  readonly code = "ERR_ASYNCIO_INTERNAL";
}
nameOnPrototype(InternalError, "InternalError");
