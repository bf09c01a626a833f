// Tests of the order that a PriorityQueue goes by when it was given none.
import { describe, expect, it } from "vitest";
import { comesBefore } from "../../../lib/queues/ordering.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

class Version {
  readonly #number: number;

  constructor(number: number) {
    this.#number = number;
  }

  valueOf(): number {
    return this.#number;
  }
}

const spring = new Date("2026-03-20");
const autumn = new Date("2026-09-23");
const task = { name: "task" };

describe("the order of a PriorityQueue", () => {
  it.each([
    [1, 2],
    [9, 10],
    [-Infinity, 0],
    [1, 2n],
    [1n, 1.5],
    [false, true],
    [true, 2],
    ["a", "b"],
    ["10", "9"],
    ["", "a"],
    [spring, autumn],
    [new Version(1), new Version(2)],
    [new Version(1), 2],
    [{ [Symbol.toPrimitive]: () => "a" }, "b"],
    [[], [0]],
    [[9], [10]],
    [
      [1, "b"],
      [2, "a"],
    ],
    [
      [1, "a"],
      [1, "b"],
    ],
    [[1], [1, "a"]],
    [
      [1, 1, task],
      [1, 2, {}],
    ],
    [
      [1, [2, 9]],
      [1, [2, 10]],
    ],
    [
      [1, [2]],
      [1, [2, 0]],
    ],
    [
      [NaN, 1],
      [NaN, 2],
    ],
    [
      [1n, 1],
      [1, 2],
    ],
    [
      [new Version(1), 1],
      [new Version(1), 2],
    ],
    [
      [spring, "a"],
      [new Date(spring), "b"],
    ],
    [
      [task, null, 1],
      [task, null, 2],
    ],
  ])("puts %o before %o", (a, b) => {
    expect(comesBefore(a, b)).toBe(true);
    expect(comesBefore(b, a)).toBe(false);
  });

  it.each([
    [1, 1],
    [1, 1n],
    [0, -0],
    ["a", "a"],
    [
      [1, "a"],
      [1, "a"],
    ],
    [[task], [task]],
    [spring, new Date(spring)],
    [[], []],
    [NaN, 1],
    [[NaN], [1]],
  ])("puts neither of %o and %o first", (a, b) => {
    expect(comesBefore(a, b)).toBe(false);
    expect(comesBefore(b, a)).toBe(false);
  });

  it.each([
    [task, {}, "an object of type Object or an object of type Object"],
    [1, "1", "a number or a string"],
    [1, undefined, "a number or undefined"],
    [null, null, "null or null"],
    [1, [1], "a number or an object of type Array"],
    [Symbol("a"), Symbol("b"), "a symbol or a symbol"],
    [Object.create(null), 1, "an object of type unknown or a number"],
    [[1, task], [1, {}], "an object of type Object or an object of type Object"],
    [[1, "a"], [1, 2], "a string or a number"],
  ])("refuses to compare %o with %o", (a, b, those) => {
    const error = thrownBy(() => comesBefore(a, b));
    expect(label(error)).toContain(`TypeError: a PriorityQueue cannot tell whether ${those} comes first`);
    expect(error.message).toContain("[priority, count, item]");
  });
});
