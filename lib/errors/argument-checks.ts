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
  if (typeof value !== "number") throw new TypeError(`${name} must be a number of seconds, got ${describe(value)}`);
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number of seconds, got NaN`);
}

export function checkInteger(value: unknown, name: string, least: number, most: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be an integer, got ${describe(value)}`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be an integer from ${least} to ${most}, got ${value}`);
  }
}

export function checkBytes(value: unknown, name: string): void {
  if (value instanceof Uint8Array) return;
  throw new TypeError(`${name} must be a Uint8Array or Buffer, got ${describe(value)}`);
}
