// Holds every source file to the house rules: small enough to read in one go, and opened by a comment that says what it is for.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, ROOT } from "./module-graph.ts";

const MAX_LINES = 500;
const FOLDERS = ["lib", "native", "test", "bench", "examples", "scripts"];
const SOURCE = /\.(ts|mts|cts|mjs|cjs|cc|h|py)$/;

/** Names that say nothing about what a file does. */
const NAMELESS = /^(utils?|common|misc|helpers?)\./;

const files = FOLDERS.flatMap((folder) => filesBelow(folder, SOURCE)).map((file) => ({
  file,
  lines: readFileSync(join(ROOT, file), "utf8").split("\n"),
}));

describe("every source file", () => {
  it(`has at most ${MAX_LINES} lines`, () => {
    const long = files.filter(({ lines }) => lines.length - 1 > MAX_LINES);
    expect(long.map(({ file, lines }) => `${file}: ${lines.length - 1}`)).toEqual([]);
  });

  it("begins with a comment that says what it is responsible for", () => {
    const silent = files.filter(
      ({ lines }) => !/^(\/\/|\/\*|#|""") ?[^!\s]/.test(lines[lines[0]!.startsWith("#!") ? 1 : 0]!),
    );
    expect(silent.map(({ file }) => file)).toEqual([]);
  });

  it("has a name that says what it does", () => {
    expect(files.map(({ file }) => file).filter((file) => NAMELESS.test(basename(file)))).toEqual([]);
  });
});
