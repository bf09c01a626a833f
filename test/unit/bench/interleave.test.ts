// Checks the order in which the bench's contestants are measured.
import { describe, expect, it } from "vitest";
import { interleave } from "../../../bench/harness/interleave.mjs";

describe("interleave", () => {
  it("turns the order about from round to round", () => {
    expect(interleave(["a", "b", "c"], 3).join("")).toBe("abccbaabc");
  });

  it("gives every contestant as many samples as there are rounds", () => {
    const order = interleave(["a", "b"], 5);
    expect(order.filter((name) => name === "a")).toHaveLength(5);
    expect(order.filter((name) => name === "b")).toHaveLength(5);
  });

  it("has nothing to order without contestants", () => {
    expect(interleave([], 5)).toEqual([]);
  });
});
