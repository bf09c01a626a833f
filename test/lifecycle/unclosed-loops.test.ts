// Checks that a loop which was forgotten without being closed is warned of, and no other.
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../support/backends.ts";
import { runFixture, SCENARIO_TIMEOUT } from "./run-fixture.ts";

describe.each(BACKENDS)("a loop that nobody closed (%s)", { timeout: SCENARIO_TIMEOUT }, (backend) => {
  it("is warned of once it is collected", async () => {
    const nodeArgs = ["--expose-gc", "--no-warnings"];
    const outcome = await runFixture("unclosed-loops", { nodeArgs, env: { ASYNCIO_UV_BACKEND: backend } });
    const warning = `ResourceWarning: unclosed event loop <EventLoop backend=${backend}>; call loop.close()`;
    const report = { closed: [], run: [], "never run": [warning], "with work left": [warning] };
    expect(outcome).toEqual({ end: 0, report, stderr: "" });
  });
});
