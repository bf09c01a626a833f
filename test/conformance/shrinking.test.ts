// The tools around random programs: that they find a fault, make its program small, and say it so that people can read it.
import { expect, it } from "vitest";
import * as asyncio from "../../lib/index.ts";
import { VirtualClock } from "../../lib/testing/index.ts";
import { loadPython } from "./oracle/python.mjs";
import { divergences, report, shrunk } from "./programs/campaign.mjs";
import { firstDivergence } from "./programs/compare.mjs";
import { generateProgram, THEMES } from "./programs/generate/program.mjs";
import { readable } from "./programs/readable.mjs";

/** Sleeps of two ticks take three. */
const oversleeping = {
  ...asyncio,
  sleep: (delay: number, result?: unknown) => asyncio.sleep(delay * 64 === 2 ? 3 / 64 : delay, result),
} as typeof asyncio;

it("a library that differs is found out, and the program is as small as can be", async () => {
  const setup = { python: await loadPython(), asyncio: oversleeping, VirtualClock };
  const failures = [];
  for await (const failure of divergences(setup, { seed: 1, programs: 20, backends: ["pure"] })) {
    failures.push(failure);
  }
  expect(failures.length).toBeGreaterThan(0);
  const small = await shrunk(setup, failures[0]!);
  expect(small.divergence).not.toBeNull();
  const text = report(small);
  expect(text).toContain("await sleep(2)");
  expect(readable(small.program).split("\n").length).toBeLessThan(6);
  expect(text).toContain(JSON.stringify(small.program));
});

it("a library that breaks down is found out too", async () => {
  const broken = {
    ...asyncio,
    newEventLoop: () => {
      throw new Error("no loop today");
    },
  };
  const setup = { python: await loadPython(), asyncio: broken, VirtualClock };
  const first = await divergences(setup, { seed: 1, programs: 1, backends: ["pure"] }).next();
  expect(first.value?.divergence.actual).toContain("no loop today");
});

it("logs part where a line differs, or where one ends before the other", () => {
  expect(firstDivergence(["a", "b"], ["a", "b"])).toBeNull();
  expect(firstDivergence(["a", "b"], ["a", "c"])).toEqual({ line: 1, expected: "b", actual: "c" });
  expect(firstDivergence(["a"], ["a", "c"])).toMatchObject({ line: 1, actual: "c" });
  expect(firstDivergence(["a", "b"], ["a"])).toMatchObject({ line: 1, expected: "b" });
});

it("the same seed gives the same program, and there is a readable form of each", () => {
  const operations = new Set<string>();
  for (let seed = 0; seed < 500; seed++) {
    const program = generateProgram(seed);
    expect(generateProgram(seed)).toEqual(program);
    expect(readable(program)).toContain("async def main():");
    for (const [, op] of JSON.stringify(program).matchAll(/"op":"(\w+)"/g)) operations.add(op!);
  }
  expect([...operations].sort()).toMatchInlineSnapshot(`
    [
      "acquire",
      "asCompleted",
      "await",
      "barrier",
      "barrierWait",
      "call",
      "cancel",
      "conditionWait",
      "count",
      "event",
      "eventWait",
      "gather",
      "get",
      "getNowait",
      "getVariable",
      "group",
      "if",
      "join",
      "locked",
      "notWhenDone",
      "notify",
      "probe",
      "put",
      "putNowait",
      "queue",
      "race",
      "raise",
      "release",
      "renew",
      "repeat",
      "reschedule",
      "return",
      "setVariable",
      "settle",
      "shield",
      "shutdown",
      "sleep",
      "soon",
      "spawn",
      "start",
      "taskDone",
      "timeout",
      "try",
      "uncancel",
      "unschedule",
      "wait",
      "waitFor",
      "whenDone",
      "whoami",
      "with",
    ]
  `);
  expect(THEMES.length).toBeGreaterThan(10);
});
