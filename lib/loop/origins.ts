// Debug mode's memory of where things were made: handles, futures, tasks, and coroutines that nobody has awaited.
//
// Kept apart from the things themselves, so that without debug mode they are small.
import { DEBUG_STACK_DEPTH } from "../constants.ts";
import { foreignFrames } from "./own-frames.ts";

const origins = new WeakMap<object, string>();

/** @internal Remembers the present stack, without the library's own frames, as the place where `made` was made. */
export function noteOrigin(made: object): void {
  origins.set(made, callersStack());
}

/** @internal Up to ten frames, innermost first, one a line; undefined when it was not made in debug mode. */
export function originOf(made: object): string | undefined {
  return origins.get(made);
}

function callersStack(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEBUG_STACK_DEPTH + 10;
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = limit;
  return foreignFrames(lines, (line) => line)
    .slice(0, DEBUG_STACK_DEPTH)
    .map((line) => line.trim().replace(/^at /, ""))
    .join("\n");
}

/** One coroutine that may never be awaited. */
interface Unawaited {
  readonly name: string;
  readonly origin: string;
}

/** @internal Read wherever a coroutine is made: nothing is remembered while no loop runs in debug mode. */
export const coroutineOrigins = { tracked: false };

const unawaited = new WeakMap<object, Unawaited>();

const dropped = new FinalizationRegistry<Unawaited>(({ name, origin }) => {
  process.emitWarning(`coroutine '${name}' was never awaited`, {
    type: "RuntimeWarning",
    code: "ASYNCIO_UV_NEVER_AWAITED",
    detail: `created at ${origin}`,
  });
});

/** @internal */
export function noteCoroutine(coroutine: object, name: string): void {
  const entry = { name, origin: callersStack() };
  unawaited.set(coroutine, entry);
  dropped.register(coroutine, entry, entry);
}

/** @internal It is awaited, made a task, or closed: no longer anybody's oversight. */
export function noteAwaited(coroutine: object): void {
  const entry = unawaited.get(coroutine);
  if (entry !== undefined) dropped.unregister(entry);
}
