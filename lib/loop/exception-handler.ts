// Where errors go that nobody sees: a loop's exception handler, by default one report on stderr.
import { inspect } from "node:util";

/** What is known about an error. `message` is always there; other keys as in asyncio. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: unknown;
  task?: unknown;
  handle?: unknown;
  protocol?: unknown;
  transport?: unknown;
  [key: string]: unknown;
}

/** Taken from a method, so that a handler for one kind of loop may stand where another is meant (bivariance). */
export type ExceptionHandler<Loop> = { handle(loop: Loop, context: ExceptionContext): unknown }["handle"];

/** The text of one report: the message, the other keys in alphabetical order, and the error with its stack. */
export function formatExceptionContext(context: ExceptionContext): string {
  const lines = [context.message];
  for (const key of Object.keys(context).sort()) {
    if (key === "message" || key === "exception") continue;
    lines.push(`${key}: ${describe(context[key])}`);
  }
  if ("exception" in context) lines.push(inspect(context.exception));
  return lines.join("\n");
}

function describe(value: unknown): string {
  if (typeof value === "string") return value;
  const text = (value as { toString?: unknown } | null | undefined)?.toString;
  // Ours describe themselves; for anything else inspect() knows better.
  const own = typeof value === "object" && typeof text === "function" ? String(text.call(value)) : "";
  return own === "" || own.startsWith("[object ") ? inspect(value, { depth: 0 }) : own;
}

/** Hands a context to the user's handler, and to the default one should that fail. Never throws. */
export function handleException<Loop>(
  loop: Loop,
  handler: ExceptionHandler<Loop> | null,
  defaultHandler: (context: ExceptionContext) => void,
  context: ExceptionContext,
): void {
  if (handler !== null) {
    try {
      handler(loop, context);
      return;
    } catch (error) {
      context = { message: "Unhandled error in exception handler", exception: error, context };
    }
  }
  try {
    defaultHandler(context);
  } catch (error) {
    process.stderr.write(`Exception in default exception handler\n${inspect(error)}\n`);
  }
}
