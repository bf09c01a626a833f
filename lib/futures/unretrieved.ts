// Reports exceptions that nobody asked a future for, once the future is gone.
//
// CPython does it when the last reference goes; here it is the collector that tells, so the report may come late, or not at
// all when the process ends before. Only failed futures pay for it.
import { captureContext, type CapturedContext, runCaptured } from "../context/context.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { originOf } from "../loop/origins.ts";

interface Failure {
  readonly loop: LoopCore;
  readonly description: string;
  readonly kind: string;
  readonly exception: unknown;
  /** Where it was made, in debug mode. */
  readonly origin: string | undefined;
  /** Where it failed: the handler sees the variables of the task. */
  readonly context: CapturedContext;
  retrieved: boolean;
}

const failures = new WeakMap<object, Failure>();

const collected = new FinalizationRegistry<Failure>((failure) => {
  const { loop, kind, description, exception, origin, retrieved } = failure;
  if (retrieved) return;
  runCaptured(failure.context, () =>
    loop.callExceptionHandler({
      message: `${kind} exception was never retrieved`,
      exception,
      // The future itself is gone; this is how it looked.
      future: description,
      ...(origin === undefined ? {} : { sourceTraceback: origin }),
    }),
  );
});

/** @internal */
export function noteFailure(future: object, loop: LoopCore, exception: unknown): void {
  // Until its stack has been put into words, an error keeps every `this` of the stack alive, a failing task among them.
  if (exception instanceof Error) void exception.stack;
  const failure = {
    loop,
    description: String(future),
    kind: future.constructor.name,
    exception,
    origin: originOf(future),
    context: captureContext(),
    retrieved: false,
  };
  failures.set(future, failure);
  collected.register(future, failure, failure);
}

/** @internal Somebody has seen the exception. */
export function noteRetrieved(future: object): void {
  const failure = failures.get(future);
  if (failure === undefined || failure.retrieved) return;
  failure.retrieved = true;
  collected.unregister(failure);
}

/** @internal Whether somebody has seen the exception of a failed future. */
export function wasRetrieved(future: object): boolean {
  return failures.get(future)?.retrieved === true;
}
