// Checks the two forms in which the bench prints a table.
import { describe, expect, it } from "vitest";
import { renderMarkdown, renderText } from "../../../bench/harness/table.mjs";

const TABLE = {
  headings: ["who", "rate"],
  rows: [
    ["a", "1000"],
    ["longer | name", "5"],
  ],
};

describe("renderText", () => {
  it("aligns names left and figures right", () => {
    expect(renderText(TABLE).split("\n")).toEqual([
      "who            rate",
      "-------------  ----",
      "a              1000",
      "longer | name     5",
    ]);
  });
});

describe("renderMarkdown", () => {
  it("marks figures as aligned right and keeps a bar inside its cell", () => {
    expect(renderMarkdown(TABLE).split("\n")).toEqual([
      "| who            | rate |",
      "| -------------- | ---: |",
      "| a              | 1000 |",
      "| longer \\| name |    5 |",
    ]);
  });
});
