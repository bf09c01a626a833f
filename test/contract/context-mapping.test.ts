// A Context as a mapping of variables to their values, and what the token of one set() knows.
import { describe, expect, it } from "vitest";
import { Context, ContextVar, copyContext, RuntimeError, Token } from "../../lib/index.ts";
import { thrownBy } from "../support/outcomes.ts";

describe("a context", () => {
  const colour = new ContextVar<string>("colour", { default: "grey" });
  const size = new ContextVar<number | undefined>("size");

  it("has what was set in it, and nothing else", () => {
    const context = new Context();
    expect([context.size, [...context], [...context.values()], [...context.items()]]).toEqual([
      0,
      [],
      [],
      [],
    ]);
    expect([context.has(colour), context.get(colour), context.get(colour, 5)]).toEqual([false, undefined, 5]);

    context.run(() => {
      colour.set("red");
      size.set(undefined);
    });
    expect(context.size).toBe(2);
    expect([...context]).toEqual([colour, size]);
    expect([...context.keys()]).toEqual([colour, size]);
    expect([...context.values()]).toEqual(["red", undefined]);
    expect([...context.items()]).toEqual([
      [colour, "red"],
      [size, undefined],
    ]);
    expect([context.get(colour), context.has(size), context.get(size, 5)]).toEqual(["red", true, undefined]);
  });

  it("keeps its values apart from those of a copy", () => {
    const context = new Context();
    context.run(() => colour.set("red"));
    const copy = context.copy();
    copy.run(() => colour.set("blue"));
    expect([context.get(colour), copy.get(colour)]).toEqual(["red", "blue"]);
  });
});

describe("a token", () => {
  it("knows its variable and what was replaced", () => {
    const colour = new ContextVar<string>("colour", { default: "grey" });
    copyContext().run(() => {
      const first = colour.set("red");
      const second = colour.set("blue");
      expect([first.var, second.var]).toEqual([colour, colour]);
      expect([first.oldValue, second.oldValue]).toEqual([Token.MISSING, "red"]);
    });
  });

  it("puts the old value back when it is disposed of, once", () => {
    const colour = new ContextVar<string>("colour", { default: "grey" });
    copyContext().run(() => {
      const token = colour.set("red");
      expect(colour.get()).toBe("red");
      token[Symbol.dispose]();
      expect(colour.get()).toBe("grey");
      expect(thrownBy(() => token[Symbol.dispose]())).toBeInstanceOf(RuntimeError);
    });
  });
});
