// ExceptionGroup: several errors that came together, and taking such a group apart by what is in it.
import { types } from "node:util";
import { describe, isClass } from "./describe-value.ts";

/** The errors that `split()` and `subgroup()` look for: a class, any of several classes, or what a predicate says yes to. */
export type ExceptionCondition = ErrorClass | readonly ErrorClass[] | ((error: Error) => unknown);

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Several errors at once: what a TaskGroup throws. It is an AggregateError, so `errors` is there as well as Python's
 * `exceptions`; but as in Python the message comes first. Members may be groups themselves.
 *
 * `message` is what was given, as Python's attribute of that name; `toString()` adds the count, as Python's `str()`. There is
 * no BaseExceptionGroup: a group may hold any Error, CancelledError included.
 *
 * @example
 * const [timeouts, others] = group.split(TimeoutError);
 */
export class ExceptionGroup extends AggregateError {
  readonly code = "ERR_ASYNCIO_EXCEPTION_GROUP";
  /** The same list as `exceptions`. */
  declare readonly errors: Error[];

  /** TypeError for a message that is no string; RangeError when there are no errors or one of them is not an Error. */
  constructor(message: string, exceptions: Iterable<Error>, options?: ErrorOptions) {
    super(checkMembers(message, exceptions), message, options);
    Object.freeze(this.errors);
  }

  /** The members, in the order they were given. */
  get exceptions(): readonly Error[] {
    return this.errors;
  }

  /**
   * Two groups with the nesting of this one: the errors that meet `condition`, and the rest. Null where there are none; the
   * group itself where it meets the condition as a whole. A group inside is asked before its members.
   */
  split(condition: ExceptionCondition): [matching: ExceptionGroup | null, rest: ExceptionGroup | null] {
    return this.#split(predicate(condition));
  }

  /** The first of what `split()` gives. */
  subgroup(condition: ExceptionCondition): ExceptionGroup | null {
    return this.split(condition)[0];
  }

  /** A group of other errors under the same message: what `split()` makes its results with. A subclass can override it. */
  derive(exceptions: Iterable<Error>): ExceptionGroup {
    return new ExceptionGroup(this.message, exceptions);
  }

  override toString(): string {
    const { length } = this.errors;
    return `${this.name}: ${this.message} (${length} sub-exception${length === 1 ? "" : "s"})`;
  }

  #split(meets: Predicate): [ExceptionGroup | null, ExceptionGroup | null] {
    if (meets(this)) return [this, null];
    const matching: Error[] = [];
    const rest: Error[] = [];
    for (const member of this.errors) {
      if (member instanceof ExceptionGroup) {
        const [inside, outside] = member.#split(meets);
        if (inside !== null) matching.push(inside);
        if (outside !== null) rest.push(outside);
      } else {
        (meets(member) ? matching : rest).push(member);
      }
    }
    return [this.#part(matching), this.#part(rest)];
  }

  /** A group of some of the members: with the cause and the stack of this one, as it stands for the same failure. */
  #part(members: Error[]): ExceptionGroup | null {
    if (members.length === 0) return null;
    const part = this.derive(members);
    if (!(part instanceof ExceptionGroup)) throw new TypeError("derive() must return an ExceptionGroup");
    part.stack = this.stack;
    if ("cause" in this) {
      Object.defineProperty(part, "cause", { value: this.cause, configurable: true, writable: true });
    }
    return part;
  }
}
Object.defineProperty(ExceptionGroup.prototype, "name", {
  value: "ExceptionGroup",
  configurable: true,
  writable: true,
});

type Predicate = (error: Error) => unknown;

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}

function predicate(condition: ExceptionCondition): Predicate {
  const classes = isErrorClass(condition) ? [condition] : condition;
  if (Array.isArray(classes) && classes.every(isErrorClass)) {
    return (error) => classes.some((type) => error instanceof type);
  }
  if (typeof classes === "function" && !isClass(classes)) return classes as Predicate;
  throw new TypeError(
    `expected an error class, an array of error classes, or a predicate, got ${describe(condition)}`,
  );
}

function checkMembers(message: unknown, exceptions: Iterable<Error>): Error[] {
  if (typeof message !== "string") {
    throw new TypeError(
      `the message of an ExceptionGroup must be a string, got ${describe(message)}; it comes before the errors, unlike an ` +
        "AggregateError's",
    );
  }
  if (typeof exceptions !== "object" || typeof exceptions?.[Symbol.iterator] !== "function") {
    throw new TypeError(
      `the errors of an ExceptionGroup must be an array of errors, got ${describe(exceptions)}`,
    );
  }
  const members: Error[] = [];
  // One by one: what is no list of errors at all, such as a coroutine, may never come to its end.
  for (const member of exceptions) {
    if (!isError(member)) {
      throw new RangeError(
        `item ${members.length} of the errors of an ExceptionGroup must be an Error, got ${describe(member)}`,
      );
    }
    members.push(member);
  }
  if (members.length === 0) throw new RangeError("an ExceptionGroup needs at least one error");
  return members;
}

/** @internal Whether it is an Error, of this realm or another. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
