// Where errors go that nobody sees: a loop's exception handler, by default one report on stderr.
import { inspect } from "node:util";
import { Context, runCaptured } from "../context/context.ts";

/** What is known about an error. `message` is always there; other keys as in asyncio. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: unknown;
  task?: unknown;
  handle?: unknown;
  protocol?: unknown;
  transport?: unknown;
  asyncgen?: unknown;
  [key: string]: unknown;
}

/** Taken from a method, so that a handler for one kind of loop may stand where another is meant (bivariance). */
export type ExceptionHandler<Loop> = { handle(loop: Loop, context: ExceptionContext): unknown }["handle"];

/** What stands above the stacks that debug mode remembers. */
const TRACEBACKS: Readonly<Record<string, string>> = {
  sourceTraceback: "Object created at (most recent call first):",
  handleTraceback: "Handle created at (most recent call first):",
};

/** The text of one report: the message, the other keys in alphabetical order, and the error with its stack. */
export function formatExceptionContext(context: ExceptionContext): string {
  const lines = [context.message || "Unhandled exception in event loop"];
  for (const key of Object.keys(context).sort()) {
    if (key === "message" || key === "exception") continue;
    const title = TRACEBACKS[key];
    lines.push(`${key}: ${title === undefined ? "" : `${title}\n`}${describe(context[key])}`);
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
  let whileHandling = "";
  if (handler !== null) {
    try {
      const within = contextOf(context.task ?? context.future ?? context.handle);
      if (within === null) handler(loop, context);
      else runCaptured(within, () => void handler(loop, context));
      return;
    } catch (error) {
      context = { message: "Unhandled error in exception handler", exception: error, context };
      whileHandling = " while handling an unexpected error in custom exception handler";
    }
  }
  try {
    defaultHandler(context);
  } catch (error) {
    process.stderr.write(`Exception in default exception handler${whileHandling}\n${textOf(error)}\n`);
  }
}

/** The context of a task or handle, so that the handler sees the variables of whoever failed; futures have none. */
function contextOf(thing: unknown): Context | null {
  const getContext = (thing as { getContext?: unknown } | null | undefined)?.getContext;
  if (typeof getContext !== "function") return null;
  const context: unknown = getContext.call(thing);
  return context instanceof Context ? context : null;
}

/** As inspect(), also for what throws when it is looked at. */
function textOf(error: unknown): string {
  try {
    return inspect(error);
  } catch {
    return "an error that cannot be shown";
  }
}
