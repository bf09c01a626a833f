// Holds the ledger of CPython's test cases to what is there: a row for every case, a test for every row that says so.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { countsOf, problemsOf, readLedger, rowsOf } from "../../scripts/ledger/rows.mjs";
import { collectCases } from "./collect-cases.ts";

const CASES = fileURLToPath(new URL("cases", import.meta.url));

const { ledger, inventory } = readLedger();
const rows = rowsOf(ledger);

describe("the ledger", () => {
  it("has a row for every case of CPython's, with a reason where one does not apply", () => {
    expect(problemsOf(ledger, inventory)).toEqual([]);
  });

  it("counts what it holds", () => {
    const counts = countsOf(ledger, inventory);
    const all = counts.pop()!;
    expect(all).toMatchObject({ file: "all", total: rows.size });
    expect(counts.reduce((sum, { passed, notApplicable }) => sum + passed + notApplicable, 0)).toBe(
      all.total,
    );
  });

  it("finds each kind of fault", () => {
    const cases = { test_x: { XTests: ["test_a", "test_b", "test_c", "test_d"] } };
    const wrong = {
      test_x: {
        XTests: {
          test_a: { status: "later" },
          test_b: { status: "not applicable", reason: "no" },
          test_c: { status: "passed", reason: "because it did, as was to be seen" },
          test_e: { status: "passed" },
          test_f: { status: "passed" },
        },
      },
    };
    const later = { network: { test_x: { XTests: ["test_f", "test_d", "test_g"] } } };
    const problems = problemsOf(wrong, { python: "3", cases, repeats: {}, later });
    expect(problems.map((problem) => problem.replace("test_x.XTests.test_", ""))).toEqual([
      "f: left to later, and no case of CPython's",
      "g: left to later, and no case of CPython's",
      "a: no such status: later",
      "b: not applicable needs a reason, in a sentence",
      "c: passed needs no reason",
      "e: no case of CPython 3",
      "f: no case of CPython 3",
    ]);
    expect(problemsOf({}, { python: "3", cases, repeats: {}, later: {} })).toHaveLength(4);
  });
});

describe("the counterparts", () => {
  const tests = new Set<string>();

  beforeAll(async () => {
    for (const file of readdirSync(CASES)) {
      for (const name of await collectCases(`${CASES}/${file}`)) tests.add(name);
    }
  });

  it("are there for every row that says passed", () => {
    const passed = [...rows].filter(([, { status }]) => status === "passed").map(([name]) => name);
    expect(passed.filter((name) => !tests.has(name))).toEqual([]);
  });

  it("have a row each that says passed", () => {
    expect([...tests].filter((name) => rows.get(name)?.status !== "passed")).toEqual([]);
  });
});
