// ExceptionGroup: what it holds, what it refuses, and how it is taken apart.
import { describe, expect, it } from "vitest";
import { CancelledError, TimeoutError } from "../../../lib/errors/asyncio-errors.ts";
import { ExceptionGroup } from "../../../lib/errors/exception-group.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

/** A group with its nesting, as text. */
function shape(error: unknown): string {
  if (error instanceof ExceptionGroup) return `${error.message}[${error.exceptions.map(shape).join(" ")}]`;
  return error instanceof Error ? `${error.name}:${error.message}` : String(error);
}

const deep = (): ExceptionGroup =>
  new ExceptionGroup("top", [
    new TypeError("1"),
    new ExceptionGroup("inner", [
      new RangeError("2"),
      new TypeError("3"),
      new ExceptionGroup("core", [new RangeError("4")]),
    ]),
    new CancelledError("5"),
  ]);

describe("an ExceptionGroup", () => {
  it("is an AggregateError with Python's names beside", () => {
    const members = [new TypeError("a"), new RangeError("b")];
    const group = new ExceptionGroup("several", members);
    expect(group).toBeInstanceOf(AggregateError);
    expect(group).toBeInstanceOf(Error);
    expect([group.name, group.code, group.message]).toEqual([
      "ExceptionGroup",
      "ERR_ASYNCIO_EXCEPTION_GROUP",
      "several",
    ]);
    expect(group.exceptions).toEqual(members);
    expect(group.errors).toBe(group.exceptions);
    expect(Object.keys(group)).toEqual(["code"]);
  });

  it("says how many it holds, as Python's str() does, and leaves the message as it was given", () => {
    const one = new ExceptionGroup("m", [new Error("x")]);
    const two = new ExceptionGroup("m", [new Error("x"), one]);
    expect([String(one), String(two)]).toEqual([
      "ExceptionGroup: m (1 sub-exception)",
      "ExceptionGroup: m (2 sub-exceptions)",
    ]);
    expect(two.message).toBe("m");
  });

  it("has a list of its own, which nobody can change", () => {
    const members = [new Error("a")];
    const group = new ExceptionGroup("m", members);
    members.push(new Error("late"));
    expect(group.exceptions).toHaveLength(1);
    expect(thrownBy(() => group.errors.push(new Error("b")))).toBeInstanceOf(TypeError);
  });

  it("takes any iterable of errors, and a cause", () => {
    const cause = new Error("root");
    const group = new ExceptionGroup("m", new Set([new Error("a"), new Error("b")]), { cause });
    expect(group.exceptions.map((error) => error.message)).toEqual(["a", "b"]);
    expect(group.cause).toBe(cause);
    expect("cause" in new ExceptionGroup("m", [cause])).toBe(false);
  });

  it("refuses no errors, what is not an error, and AggregateError's order of arguments", () => {
    const make = (message: unknown, errors: unknown) =>
      thrownBy(() => new ExceptionGroup(message as never, errors as never));
    expect(label(make("m", []))).toBe("RangeError: an ExceptionGroup needs at least one error");
    expect(label(make("m", [new Error("a"), "b"]))).toBe(
      'RangeError: item 1 of the errors of an ExceptionGroup must be an Error, got "b"',
    );
    expect(make([new Error("a")], "m").message).toContain("unlike an AggregateError's");
    for (const odd of [undefined, null, 5, "errors", {}, new Error("a")]) {
      expect(make("m", odd)).toBeInstanceOf(TypeError);
    }
  });
});

describe("ExceptionGroup.split()", () => {
  it("by class: two groups with the nesting kept and empty ones left out", () => {
    const [types, rest] = deep().split(TypeError);
    expect(shape(types)).toBe("top[TypeError:1 inner[TypeError:3]]");
    expect(shape(rest)).toBe("top[inner[RangeError:2 core[RangeError:4]] CancelledError:5]");
  });

  it("by several classes", () => {
    const [found, rest] = deep().split([CancelledError, RangeError]);
    expect(shape(found)).toBe("top[inner[RangeError:2 core[RangeError:4]] CancelledError:5]");
    expect(shape(rest)).toBe("top[TypeError:1 inner[TypeError:3]]");
  });

  it("by a base class, which the group is of as well: the group itself", () => {
    const group = deep();
    expect(group.split(Error)).toEqual([group, null]);
    expect(group.split(Error)[0]).toBe(group);
    expect(group.split(ExceptionGroup)[0]).toBe(group);
  });

  it("by a predicate, which is asked about each group before its members", () => {
    const asked: string[] = [];
    const group = deep();
    const [found, rest] = group.split((error) => {
      asked.push(error.message);
      return error.message === "core" || error.message === "1";
    });
    expect(asked).toEqual(["top", "1", "inner", "2", "3", "core", "5"]);
    expect(shape(found)).toBe("top[TypeError:1 inner[core[RangeError:4]]]");
    expect(shape(rest)).toBe("top[inner[RangeError:2 TypeError:3] CancelledError:5]");
  });

  it("with nothing or everything in one part: null for the other", () => {
    const group = new ExceptionGroup("m", [new TypeError("a"), new TypeError("b")]);
    const [none, all] = group.split(RangeError);
    expect([none, shape(all)]).toEqual([null, "m[TypeError:a TypeError:b]"]);
    const [every, left] = group.split(TypeError);
    expect([shape(every), left]).toEqual(["m[TypeError:a TypeError:b]", null]);
  });

  it("keeps the errors themselves, the cause and the stack", () => {
    const cause = new Error("root");
    const inner = new TypeError("a");
    const group = new ExceptionGroup("m", [inner, new RangeError("b")], { cause });
    const [found, rest] = group.split(TypeError);
    expect(found!.exceptions[0]).toBe(inner);
    for (const part of [found!, rest!]) {
      expect(part.cause).toBe(cause);
      expect(part.stack).toBe(group.stack);
      expect(Object.keys(part)).toEqual(["code"]);
    }
  });

  it("makes its parts with derive(), which a subclass can override", () => {
    class Tagged extends ExceptionGroup {
      readonly tag: string;

      constructor(message: string, errors: Iterable<Error>, tag: string) {
        super(message, errors);
        this.tag = tag;
      }

      override derive(errors: Iterable<Error>): Tagged {
        return new Tagged(this.message, errors, this.tag);
      }
    }
    const [found, rest] = new Tagged("m", [new TypeError("a"), new RangeError("b")], "t").split(TypeError);
    expect([found, rest].map((part) => part instanceof Tagged && part.tag)).toEqual(["t", "t"]);

    class Plain extends ExceptionGroup {}
    expect(new Plain("m", [new TypeError("a"), new Error("b")]).split(TypeError)[0]).not.toBeInstanceOf(
      Plain,
    );

    class Wrong extends ExceptionGroup {
      override derive(): never {
        return 5 as never;
      }
    }
    const wrong = new Wrong("m", [new TypeError("a"), new Error("b")]);
    expect(thrownBy(() => wrong.split(TypeError))).toBeInstanceOf(TypeError);
  });

  it("refuses what is neither a class of errors nor a predicate", () => {
    for (const odd of [5, null, undefined, "TypeError", [TypeError, 5], new TypeError("a")]) {
      expect(thrownBy(() => deep().split(odd as never))).toBeInstanceOf(TypeError);
    }
  });
});

describe("ExceptionGroup.subgroup()", () => {
  it("gives the matching part alone", () => {
    expect(shape(deep().subgroup(RangeError))).toBe("top[inner[RangeError:2 core[RangeError:4]]]");
    expect(deep().subgroup(TimeoutError)).toBe(null);
    const group = deep();
    expect(group.subgroup(() => true)).toBe(group);
  });
});
