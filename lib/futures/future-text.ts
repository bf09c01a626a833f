// How futures and tasks show themselves, after Python's repr: state, what they wait for, who waits for them, outcome, origin.
import { describe } from "../errors/describe-value.ts";
import { originOf } from "../loop/origins.ts";
import type { Future } from "./future.ts";

/** By the numbers of the states; a failed future is "finished" too, as in Python: `exception=` tells. */
const STATES = ["pending", "finished", "finished", "cancelled"];

/** `between` stands behind the state. */
export function describeFuture(
  future: Future<unknown>,
  between: readonly string[] = [],
  state?: string,
): string {
  const parts = [
    state ?? STATES[future._state],
    ...between,
    callbacks(future),
    outcome(future),
    origin(future),
  ];
  return `<${future.constructor.name} ${parts.filter((part) => part !== "").join(" ")}>`;
}

function callbacks(future: Future<unknown>): string {
  const entries = future._callbacks;
  if (entries === null) return "";
  const names = (Array.isArray(entries) ? entries : [entries]).map(callbackName);
  if (names.length > 2) names.splice(1, names.length - 2, `<${names.length - 2} more>`);
  return `cb=[${names.join(", ")}]`;
}

/** Entries are user's callbacks, tasks that wait, and parts of the library. */
function callbackName(entry: object): string {
  if ("callback" in entry && typeof entry.callback === "function") {
    return `${entry.callback.name || "anonymous"}()`;
  }
  if ("getName" in entry) return `${(entry as { getName(): string }).getName()}.wakeup()`;
  return `${entry.constructor.name}()`;
}

function outcome(future: Future<unknown>): string {
  if (future._state === 1) return `result=${show(future._outcome)}`;
  return future._state === 2 ? `exception=${show(future._outcome)}` : "";
}

/** Where it was made, in debug mode. */
function origin(future: Future<unknown>): string {
  const frames = originOf(future);
  return frames === undefined ? "" : `created at ${frames.split("\n", 1)[0]}`;
}

/** A value in a few words, also one that throws when it is looked at. */
export function show(value: unknown): string {
  try {
    return inWords(value);
  } catch {
    return describe(value);
  }
}

function inWords(value: unknown): string {
  if (value instanceof Error) return `${value.name}(${value.message && JSON.stringify(value.message)})`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `function ${value.name || "anonymous"}`;
  if (typeof value !== "object" || value === null) return String(value);
  const text: unknown = value.toString === Object.prototype.toString ? "" : seen(value);
  return typeof text === "string" && text !== "" && text.length < 100
    ? text
    : (value.constructor?.name ?? "object");
}

/** A future may hold itself, or a list that does. */
const showing = new Set<object>();

function seen(value: object): string {
  if (showing.has(value)) return "...";
  showing.add(value);
  try {
    return Array.isArray(value) ? `[${value.map(show).join(", ")}]` : String(value);
  } finally {
    showing.delete(value);
  }
}
