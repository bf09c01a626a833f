// Checks that nothing a program does with the raw addon can crash, hang or throw out of it.
import { describe, expect, it } from "vitest";
import { runFixture, SCENARIO_TIMEOUT } from "./run-fixture.ts";

const EVERY_STAGE = [
  "created",
  "created, with sockets",
  "in the turn",
  "in a microtask of the turn",
  "in a tick of the turn",
  "running, outside the turn",
  "stopped",
  "closing",
  "closed",
];

describe("the raw addon", { timeout: SCENARIO_TIMEOUT }, () => {
  it.each(["1", "2", "3"])("takes any arguments at every stage of a loop's life (seed %s)", async (seed) => {
    const { end, report, stderr } = await runFixture("wrong-arguments", { args: [seed] });
    expect({ end, report, stderr }).toMatchObject({
      end: 0,
      report: { threw: [], odd: [], stages: EVERY_STAGE },
    });
    expect((report as { calls: number }).calls).toBeGreaterThan(100_000);
  });

  it("refuses memory that does not fit or could move, and survives arrays that overlap", async () => {
    const { end, report, stderr } = await runFixture("wrong-arrays");
    expect({ end, report, stderr }).toMatchObject({
      end: 0,
      report: { accepted: [], threw: ["a getter that throws: from the getter"], overlapping: 4 },
    });
    expect((report as { refused: number }).refused).toBeGreaterThan(500);
  });

  it("survives hostile numbers in the shared memory, in traffic", async () => {
    const { end, report, stderr } = await runFixture("hostile-memory", { args: ["5"] });
    expect({ end, stderr }).toEqual({ end: 0, stderr: "" });
    const runs = report as { turns: number; traffic: boolean; accepted: number }[];
    expect(runs).toHaveLength(5);
    for (const run of runs)
      expect(run).toMatchObject({ traffic: true, accepted: expect.any(Number) as number });
    for (const run of runs) expect(run.accepted).toBeGreaterThan(0);
  });

  it("can be started, stopped and closed from inside a turn, and survives errors out of it", async () => {
    const { end, report, stderr } = await runFixture("turn-reentrancy");
    const invalid = -22;
    expect({ end, report, stderr }).toEqual({
      end: 0,
      stderr: "",
      report: {
        stop: 1,
        close: 1,
        closeTwice: 1,
        startCode: invalid,
        startWhileRunning: 2,
        restart: 3,
        restartInMicrotask: 2,
        restartInTick: 2,
        closeInMicrotask: 1,
        startAfterCloseCode: invalid,
        startAfterClose: 1,
        closeWithWork: 1,
        afterThrow: 3,
        afterTickThrow: 3,
        afterMicrotaskThrow: 3,
        throwAndClose: 1,
        throwPrimitive: 2,
        uncaught: 5,
        contextsLeft: 0,
      },
    });
  });

  it("keeps a loop as long as one of its functions, and ends one that nobody refers to", async () => {
    const nodeArgs = ["--expose-gc", "--disable-warning=ResourceWarning"];
    const { end, report, stderr } = await runFixture("collected", { nodeArgs });
    expect({ end, report, stderr }).toEqual({
      end: 0,
      stderr: "",
      report: { functions: true, arrays: true, forgotten: true, fds: 0 },
    });
  });
});
