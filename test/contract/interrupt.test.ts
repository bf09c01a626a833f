// SIGINT during run() and Runner.run(): main is cancelled first, and how it ends decides what becomes of the process.
import { describe, expect, it } from "vitest";
import { runFixture, SCENARIO_TIMEOUT } from "../lifecycle/run-fixture.ts";
import { BACKENDS } from "../support/backends.ts";

describe.each(BACKENDS)("SIGINT (%s)", { timeout: SCENARIO_TIMEOUT }, (backend) => {
  it.each([
    ["with a task left over", "SIGINT", ["leftover cleaned up"]],
    ["when main swallows it", 0, ["interrupted, 1 requests", "value refused", "0 listeners"]],
    ["twice", "SIGINT", ["interrupted, 1 requests"]],
    ["when somebody else handles it", 0, ["value seen 1"]],
    ["when somebody begins to handle it meanwhile", 0, ["seen", "CancelledError"]],
    ["in a worker", 0, ["0 listeners while it runs"]],
  ])("%s", async (way, end, report) => {
    const outcome = await runFixture("interrupted-run", {
      args: [way],
      env: { ASYNCIO_UV_BACKEND: backend },
    });
    expect(outcome).toEqual({ end, report, stderr: "" });
  });
});
