// The checks that public functions share: each refuses a wrong argument with a message that says what to give instead.
import { describe, isClass } from "./describe-value.ts";

export function checkCallback(callback: unknown, method: string): void {
  if (typeof callback === "function") return;
  throw new TypeError(`a callable object was expected by ${method}(), got ${describe(callback)}`);
}

/** As checkCallback(), also refusing classes, which Python would call: it costs too much for what is called often. */
export function checkFunction(callback: unknown, method: string): void {
  checkCallback(callback, method);
  if (!isClass(callback)) return;
  const { name } = callback as { name: string };
  throw new TypeError(
    `a function was expected by ${method}(), got ${describe(callback)}: () => new ${name || "Class"}(...) is one`,
  );
}

/** A number of seconds; NaN is refused, negative and infinite ones are not. */
export function checkSeconds(value: unknown, name: string): void {
  if (typeof value !== "number")
    throw new TypeError(`${name} must be a number of seconds, got ${describe(value)}`);
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number of seconds, got NaN`);
}

export function checkInteger(value: unknown, name: string, least: number, most: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be an integer, got ${describe(value)}`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be an integer from ${least} to ${most}, got ${value}`);
  }
}

/** True, false or nothing. */
export function checkFlag(value: unknown, name: string): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new TypeError(`${name} must be true or false, got ${describe(value)}`);
}

/**
 * An options object, or nothing. As Python refuses keyword arguments that it does not know, options are refused that are none of
 * `known`, and objects that are something else altogether (a Context, an AbortSignal) and were meant to stand in an option.
 */
export function checkOptions(value: unknown, method: string, known?: readonly string[]): void {
  if (value === undefined) return;
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw noOptions(value, method, known);
  let empty = true;
  for (const option in value) {
    empty = false;
    if (known === undefined || known.includes(option)) continue;
    if (!isPlain(value)) throw noOptions(value, method, known);
    throw new TypeError(`${method}() has no option ${describe(option)}, only ${listOf(known)}`);
  }
  if (empty && !isPlain(value)) throw noOptions(value, method, known);
}

function noOptions(value: unknown, method: string, known: readonly string[] = []): TypeError {
  const example = known.length === 0 ? "" : ` such as { ${known[0]!} }`;
  return new TypeError(`the options of ${method}() must be a plain object${example}, got ${describe(value)}`);
}

/** Made with braces, in this realm or another. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]!}`;
}

/** 0 for any, 4 or 6. */
export function checkFamily(value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== "number") throw new TypeError(`family must be 0, 4 or 6, got ${describe(value)}`);
  if (value !== 0 && value !== 4 && value !== 6)
    throw new RangeError(`family must be 0, 4 or 6, got ${value}`);
}

export function checkString(value: unknown, name: string): void {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string, got ${describe(value)}`);
}

/** An object of a class, or nothing. */
export function checkInstance(
  value: unknown,
  type: abstract new (...args: never[]) => unknown,
  name: string,
): void {
  if (value === undefined || value instanceof type) return;
  throw new TypeError(
    `${name} must be ${/^[AEIOU]/.test(type.name) ? "an" : "a"} ${type.name}, got ${describe(value)}`,
  );
}

export function checkBytes(value: unknown, name: string): void {
  if (value instanceof Uint8Array) return;
  throw new TypeError(`${name} must be a Uint8Array or Buffer, got ${describe(value)}`);
}

/** Something to loop over; a string is refused, which would give its characters. */
export function checkIterable(value: unknown, what: string): void {
  if (typeof (value as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === "function") {
    if (typeof value === "object") return;
  }
  throw new TypeError(`${what} must be an array or another iterable, got ${describe(value)}`);
}

/** Where text is written: anything with a write() method, or nothing. */
export function checkFile(value: unknown): void {
  if (value === undefined) return;
  if (typeof (value as { write?: unknown } | null)?.write === "function") return;
  throw new TypeError(`file must have a write() method, as process.stderr has, got ${describe(value)}`);
}

/**
 * Called first by methods that people hand on as callbacks. Python's stay bound to their object, JavaScript's do not: `call`
 * is how it should have been, such as "event.set()".
 */
export function checkBound(self: unknown, call: string): void {
  if (self === undefined) throw takenOff(call);
}

/** For a method that finds itself called on something else. */
export function takenOff(call: string): TypeError {
  return new TypeError(`a method was taken off its object: hand on () => ${call} instead`);
}
