// Checks how the bench reads its command line and how it refuses a wrong one.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DEFAULTS, helpText, QUICK, readArguments, UsageError } from "../../../bench/harness/arguments.mjs";

const KNOWN = ["echo", "timers"];
const BENCH = fileURLToPath(new URL("../../../bench/run.mjs", import.meta.url));

describe("readArguments", () => {
  it("runs everything with the defaults when nothing is said", () => {
    expect(readArguments([], KNOWN)).toEqual({
      subjects: KNOWN,
      contestants: [],
      ...DEFAULTS,
      quick: false,
      markdown: null,
      json: null,
      action: "run",
    });
  });

  it("takes each subject once, in the order given", () => {
    expect(readArguments(["timers", "echo", "timers"], KNOWN).subjects).toEqual(["timers", "echo"]);
  });

  it("takes a value as the next word or after an equals sign", () => {
    const settings = readArguments(["--samples", "7", "--seconds=0.5", "--json=a=b.json"], KNOWN);
    expect(settings).toMatchObject({ samples: 7, seconds: 0.5, json: "a=b.json" });
  });

  it("lets an explicit figure win over --quick, wherever it stands", () => {
    const settings = readArguments(["--samples", "9", "--quick"], KNOWN);
    expect(settings).toMatchObject({ samples: 9, seconds: QUICK.seconds, quick: true });
  });

  it("splits the contestants at commas", () => {
    expect(readArguments(["--contestants", "a,b"], KNOWN).contestants).toEqual(["a", "b"]);
  });

  it.each([
    [["--nope"], "unknown option '--nope'"],
    [["-q"], "unknown option '-q'"],
    [["nope"], "unknown subject 'nope'"],
    [["--samples"], "--samples needs a value"],
    [["--samples", "2"], "--samples needs an odd whole number"],
    [["--samples", "1.5"], "--samples needs an odd whole number"],
    [["--samples", "0"], "--samples needs a number from 1"],
    [["--seconds", "soon"], "--seconds needs a number"],
    [["--seconds", "-1"], "--seconds needs a number"],
    [["--quick=yes"], "--quick takes no value"],
  ])("refuses %j", (argv, message) => {
    expect(() => readArguments(argv, KNOWN)).toThrow(UsageError);
    expect(() => readArguments(argv, KNOWN)).toThrow(message);
  });
});

describe("helpText", () => {
  it("names every subject", () => {
    const text = helpText([
      { name: "echo", title: "about echo" },
      { name: "timers", title: "about timers" },
    ]);
    expect(text).toContain("echo    about echo");
    expect(text).toContain("timers  about timers");
  });
});

describe("bench/run.mjs", () => {
  it("answers a wrong option with one line and exit code 2", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, "--nope"], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: "bench: unknown option '--nope' (see --help)\n",
    });
  });

  it("prints its help and ends with 0", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, "--help"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("usage: node bench/run.mjs");
  });
});
