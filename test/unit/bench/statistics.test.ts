// Checks the figures that the bench's tables are made of.
import { describe, expect, it } from "vitest";
import {
  advantage,
  fieldMedians,
  median,
  pairedAdvantage,
  spread,
} from "../../../bench/harness/statistics.mjs";

describe("median", () => {
  it("takes the middle of an odd number of values, whatever their order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
  });

  it("takes the mean of the two in the middle of an even number", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("leaves its argument as it was", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("refuses to make a figure of nothing", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("spread", () => {
  it("is the range as a share of the median", () => {
    expect(spread([90, 100, 120])).toBeCloseTo(0.3);
  });

  it("is 0 for one sample and for samples that are all 0", () => {
    expect(spread([7])).toBe(0);
    expect(spread([0, 0, 0])).toBe(0);
  });
});

describe("advantage", () => {
  it("is above 1 for more of a rate and for less of a cost", () => {
    expect(advantage(300, 200, "higher")).toBe(1.5);
    expect(advantage(200, 300, "lower")).toBe(1.5);
  });
});

describe("pairedAdvantage", () => {
  it("does not see a drift that falls on both sides of each round", () => {
    expect(pairedAdvantage([200, 100, 50], [100, 50, 25], "higher")).toBe(2);
  });

  it("is the median of the rounds, so that one disturbed round decides nothing", () => {
    expect(pairedAdvantage([100, 100, 10], [100, 100, 100], "higher")).toBe(1);
  });

  it("compares the medians where a round is missing", () => {
    expect(pairedAdvantage([100, 200, 300], [100], "higher")).toBe(2);
  });
});

describe("fieldMedians", () => {
  it("takes each field by itself and passes over what is absent or unknown", () => {
    const records = [
      { a: 1, b: 5 },
      { a: 3, b: null },
      { a: 2, c: NaN },
    ];
    expect(fieldMedians(records)).toEqual({ a: 2, b: 5 });
  });
});
