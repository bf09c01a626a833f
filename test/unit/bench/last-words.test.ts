// Checks which line of a failed program's stderr the bench repeats.
import { describe, expect, it } from "vitest";
import { tellingLine } from "../../../bench/harness/last-words.mjs";

describe("tellingLine", () => {
  it("finds the error between Node's source line and its stack", () => {
    const stderr =
      'file.mjs:1\nthrow new TypeError("boom");\n^\n\nTypeError: boom\n    at file.mjs:1:7\n\nNode.js v20\n';
    expect(tellingLine(stderr)).toBe("TypeError: boom");
  });

  it("finds the error below Python's stack", () => {
    const stderr =
      'Traceback (most recent call last):\n  File "x.py", line 1\nModuleNotFoundError: No module named y\n';
    expect(tellingLine(stderr)).toBe("ModuleNotFoundError: No module named y");
  });

  it("takes a line that speaks of a failure, or else the last", () => {
    expect(tellingLine("starting\nbind failed\nbye\n")).toBe("bind failed");
    expect(tellingLine("one\ntwo\n\n")).toBe("two");
  });

  it("has nothing to say of a silent program", () => {
    expect(tellingLine("\n")).toBeNull();
  });
});
