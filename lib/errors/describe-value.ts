// Says in a few words what a wrong argument was: its kind, not what is in it.

/** At most so many characters of a string are shown. */
const SHOWN_CHARACTERS = 40;

/** For the end of a message: `null`, `"text"`, `a function f`, `the class Task`, `a Future`. Never throws. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shortened(value));
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return String(value);
  try {
    return typeof value === "function" ? describeFunction(value) : describeObject(value);
  } catch {
    return "an object that cannot be looked at";
  }
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}

function describeFunction(value: { readonly name: string }): string {
  const name = value.name === "" ? "" : ` ${value.name}`;
  if (isClass(value)) return `the class${name}`;
  // "GeneratorFunction" and the like, in words.
  const kind = tagOf(value)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
  return `${withArticle(kind)}${name}`;
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return "an array";
  // The constructor of generators has no name, and an object without a prototype has no constructor.
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  const type = typeof name === "string" && name !== "" ? name : tagOf(value);
  return withArticle(type === "Object" ? "object" : type);
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** Whether `value` is a class, which cannot be called without `new`: its prototype is fixed, as that of no function is. */
export function isClass(value: unknown): boolean {
  // Async and arrow functions have none at all, which costs least to see.
  if (typeof value !== "function" || value.prototype === undefined) return false;
  return Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
}
