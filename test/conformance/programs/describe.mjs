// How values and errors look in a log: the same text as oracle/describe.py makes on the other side.
import { absent } from "./types.mjs";

/** Whose texts are prose for people: the library words its own, so only what the programs themselves put in is compared. */
const PROSE = new Set(["RuntimeError", "TypeError", "RangeError", "InvalidStateError"]);
const OWN_TEXT = "!";

export class Boom extends Error {
  /** @override */
  name = "Boom";
}

export class Bang extends Error {
  /** @override */
  name = "Bang";
}

/**
 * @param {any} error
 * @returns {string}
 */
export function showError(error) {
  const name = error.name === "RangeError" ? "ValueError" : error.name;
  if (error instanceof AggregateError)
    return `${name}(${error.message})[${error.errors.map(showError).join(", ")}]`;
  const text = PROSE.has(error.name) && !error.message.includes(OWN_TEXT) ? "" : error.message;
  const caused = name === "TimeoutError" && !absent(error.cause);
  return `${name}(${text})${caused ? ` from ${showError(root(error))}` : ""}`;
}

/**
 * Timeouts put themselves into the cause of other errors; in Python that is their context.
 * @param {any} error
 */
function root(error) {
  while (error.name === "TimeoutError" && !absent(error.cause)) error = error.cause;
  return error;
}

/**
 * @param {any} value
 * @param {Map<unknown, string>} [names] of tasks and futures
 * @returns {string}
 */
export function show(value, names) {
  const name = names?.get(value);
  if (name !== undefined) return name;
  if (value === undefined || value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return String(value);
  if (value instanceof Error) return showError(value);
  if (Array.isArray(value)) return `[${value.map((one) => show(one, names)).join(", ")}]`;
  if (value instanceof Set) return `{${[...value].map((one) => show(one, names)).join(", ")}}`;
  if (typeof value.addDoneCallback === "function") return "future";
  return value.constructor.name;
}

/**
 * Everything that can be asked of a future. Reading a cancelled one uses up its original error.
 * @param {any} future
 */
export function showState(future) {
  const state = showOutcome(future);
  return typeof future.cancelling === "function" ? `${state} cancelling=${future.cancelling()}` : state;
}

/** @param {any} future */
function showOutcome(future) {
  if (!future.done()) return "pending";
  try {
    return `result ${show(future.result())}`;
  } catch (error) {
    return showError(error);
  }
}
