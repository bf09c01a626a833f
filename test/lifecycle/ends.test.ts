// Checks every way in which a thread can end at every stage of a loop's life: none may crash, hang or harm another thread.
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { type Outcome, runFixture, SCENARIO_TIMEOUT } from "./run-fixture.ts";

const require = createRequire(import.meta.url);
const { STAGES } = require("./fixtures/stages.cjs") as { STAGES: Record<string, unknown> };
const stages = Object.keys(STAGES);

/** Runs `one` for each, a few at a time. */
async function forEachOf<T>(
  list: readonly string[],
  one: (name: string) => Promise<T>,
): Promise<Record<string, T>> {
  const results: Record<string, T> = {};
  const waiting = [...list];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next] = await one(next);
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  return results;
}

const atEveryStage = <T>(end: T): Record<string, T> =>
  Object.fromEntries(stages.map((stage) => [stage, end]));

describe("the main thread", { timeout: SCENARIO_TIMEOUT }, () => {
  it.each([
    ["exit", 7],
    ["error", 1],
    ["signal", "SIGTERM"],
  ])("can end by %s at every stage", async (way, end) => {
    const ends = await forEachOf(
      stages,
      async (stage) => (await runFixture("exit-at-stage", { args: [stage, way] })).end,
    );
    expect(ends).toEqual(atEveryStage(end));
  });

  it.each([
    "a loop that was made",
    "a run that is over",
    "a run that lasts",
    "a stopped loop with open sockets",
    "an unreferenced loop that runs",
    "unreferenced while it runs",
    "referenced again",
    "the end with work in the exit handler",
    "two loops one after the other",
  ])("ends by itself, in its own time: %s", async (name) => {
    const outcome = await runFixture("process-end", { args: [name] });
    expect(outcome).toEqual({ end: 0, report: "end", stderr: "" });
  });

  it("can end while workers serve traffic", async () => {
    const outcome = await runFixture("worker-in-traffic", { args: ["4", "exit"] });
    expect(outcome).toEqual({ end: 0, report: null, stderr: "" });
  });
});

describe("a worker", { timeout: SCENARIO_TIMEOUT }, () => {
  const endWorkers = (way: string): Promise<Outcome> => runFixture("worker-at-stage", { args: [way] });

  it.each([
    ["exit", 7],
    ["error", "on purpose"],
    ["terminate while it spins", 1],
  ])("can end by %s at every stage", async (way, end) => {
    const outcome = await endWorkers(way);
    expect(outcome).toEqual({ end: 0, report: { ends: atEveryStage(end), healthy: true }, stderr: "" });
  });

  it("can be terminated at every stage", async () => {
    const { end, report, stderr } = await endWorkers("terminate");
    expect({ end, stderr }).toEqual({ end: 0, stderr: "" });
    const { ends, healthy } = report as { ends: Record<string, number>; healthy: boolean };
    expect(healthy).toBe(true);
    expect(Object.keys(ends)).toEqual(stages);
    // 0 where it had nothing left to do and was gone before.
    for (const code of Object.values(ends)) expect([0, 1]).toContain(code);
  });

  it("can be terminated in the middle of traffic, many times", async () => {
    const outcome = await runFixture("worker-in-traffic", { args: ["40"] });
    expect(outcome).toEqual({ end: 0, report: { rounds: 40 }, stderr: "" });
  });

  it("can be terminated at any moment of loading the addon and making loops", async () => {
    const outcome = await runFixture("worker-while-loading", { args: ["60"] });
    expect(outcome).toEqual({ end: 0, report: { terminated: 60 }, stderr: "" });
  });
});
