// What "smaller" means to a PriorityQueue: Python's `<`, which compares lists item by item and refuses what has no order.

/** Numbers, bigints and booleans can be compared with each other, strings with strings. */
type Ordered = number | bigint | boolean | string;

/** What an object may have to stand for something that can be compared. */
interface Convertible {
  [Symbol.toPrimitive](hint: "number"): unknown;
  valueOf(): unknown;
}

/**
 * Whether `a` comes before `b`. Arrays are compared as Python's tuples: by the first position in which they differ; else the
 * shorter one comes first. Objects are compared by the number, string, bigint or boolean that `Symbol.toPrimitive` or
 * `valueOf()` gives (a Date by its time). Anything else is a TypeError.
 */
export function comesBefore(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return a < b;
  if (Array.isArray(a) && Array.isArray(b)) return arrayComesBefore(a, b);
  const [left, right] = [primitiveOf(a), primitiveOf(b)];
  if (isOrdered(left) && isOrdered(right) && (typeof left === "string") === (typeof right === "string")) {
    return left < right;
  }
  throw new TypeError(
    `a PriorityQueue cannot tell whether ${describe(a)} or ${describe(b)} comes first: ` +
      "give it items that can be compared, such as [priority, count, item] with a count that never repeats, or a compare option",
  );
}

function arrayComesBefore(a: readonly unknown[], b: readonly unknown[]): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (!areEqual(a[i], b[i])) return comesBefore(a[i], b[i]);
  }
  return a.length < b.length;
}

/** Python's `==`, as it skips the positions that decide nothing: the same object is equal to itself, even NaN. */
function areEqual(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a === "number" && typeof b === "number") return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => areEqual(item, b[i]));
  }
  const [left, right] = [primitiveOf(a), primitiveOf(b)];
  if (!isOrdered(left) || !isOrdered(right)) return left === right;
  if ((typeof left === "string") !== (typeof right === "string")) return false;
  // eslint-disable-next-line eqeqeq -- 1, 1n and true are equal, as 1 and True are; strings are kept apart above
  return left == right;
}

function isOrdered(value: unknown): value is Ordered {
  const type = typeof value;
  return type === "number" || type === "string" || type === "bigint" || type === "boolean";
}

/** What stands for an object in a comparison; the object itself when nothing does, and an array always. */
function primitiveOf(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const { [Symbol.toPrimitive]: toPrimitive, valueOf } = value as Partial<Convertible>;
  if (typeof toPrimitive === "function") return orderedOr(value, toPrimitive.call(value, "number"));
  return typeof valueOf === "function" ? orderedOr(value, valueOf.call(value)) : value;
}

function orderedOr(value: object, converted: unknown): unknown {
  return isOrdered(converted) ? converted : value;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = (value as { constructor?: { name?: string } }).constructor?.name;
  return `an object of type ${name ?? "unknown"}`;
}
