// The checks that public functions share: each refuses a wrong argument with a message that says what to give instead.

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object" || typeof value === "function") {
    const name = (value as { constructor?: { name?: string } }).constructor?.name;
    return typeof value === "function" ? "a function" : `an object of type ${name ?? "unknown"}`;
  }
  return `${typeof value} ${JSON.stringify(value) ?? String(value)}`;
}

export function checkCallback(callback: unknown, method: string): void {
  if (typeof callback === "function") return;
  throw new TypeError(`a callable object was expected by ${method}(), got ${describe(callback)}`);
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

/** An options object, or nothing. */
export function checkOptions(value: unknown, method: string): void {
  if (value === undefined || (value !== null && typeof value === "object")) return;
  throw new TypeError(`the options of ${method}() must be an object, got ${describe(value)}`);
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
