// Checks that nothing is left of what is over, that memory stays within the marks, and that an idle loop sleeps.
import { describe, expect, it } from "vitest";
import { runFixture, SCENARIO_TIMEOUT } from "./run-fixture.ts";

const MIB = 2 ** 20;
const nodeArgs = ["--expose-gc"];

describe("the native backend", { timeout: SCENARIO_TIMEOUT }, () => {
  it("leaves nothing behind of 20 000 short connections", async () => {
    const { end, report, stderr } = await runFixture("short-connections", { args: ["20000"], nodeArgs });
    expect({ end, report, stderr }).toMatchObject({
      end: 0,
      stderr: "",
      report: { made: 20_000, streams: 0, listeners: 1, timers: 0, fds: 0 },
    });
    const { grown } = report as { grown: { held: number; rss: number } };
    // 100 bytes kept of each connection would be 1.5 MiB; what the allocator and the collector keep spare is more.
    expect(grown.held).toBeLessThan(1.5 * MIB);
    expect(grown.rss).toBeLessThan(150 * MIB);
  });

  it("leaves nothing behind of 2000 loops, closed or forgotten", async () => {
    const { end, report, stderr } = await runFixture("many-loops", {
      args: ["2000"],
      nodeArgs: [...nodeArgs, "--disable-warning=ResourceWarning"],
    });
    expect({ end, report, stderr }).toMatchObject({ end: 0, stderr: "", report: { fds: 0 } });
    const { grown } = report as { grown: { held: number; rss: number } };
    // One loop holds more than 3 MiB while it lives.
    expect(grown.held).toBeLessThan(3 * MIB);
    expect(grown.rss).toBeLessThan(150 * MIB);
  });

  it("keeps no more than the high-water mark for a peer that never reads", async () => {
    const { end, report, stderr } = await runFixture("bounded-memory", { args: ["neverReading"], nodeArgs });
    expect({ end, report, stderr }).toMatchObject({ end: 0, stderr: "", report: { streams: 0 } });
    const { figure, grown } = report as { figure: number; grown: number };
    expect(figure).toBeGreaterThan(64 * 1024);
    expect(figure).toBeLessThan(64 * 1024 + 30_001);
    expect(grown).toBeLessThan(30 * MIB);
  });

  it("reads no more than twice the limit ahead of a reader that has stopped", async () => {
    const { end, report, stderr } = await runFixture("bounded-memory", { args: ["neverStopping"], nodeArgs });
    expect({ end, report, stderr }).toMatchObject({ end: 0, stderr: "", report: { streams: 0 } });
    const { figure, grown } = report as { figure: number; grown: number };
    // Per peer, most of it in the kernel and in the sender.
    expect(figure).toBeLessThan(30 * MIB);
    expect(grown).toBeLessThan(30 * MIB);
  });

  it("bears peers that send a byte at a time beside heavy traffic", async () => {
    const { end, report, stderr } = await runFixture("bounded-memory", { args: ["byteAtATime"], nodeArgs });
    expect({ end, report, stderr }).toMatchObject({ end: 0, stderr: "", report: { streams: 0 } });
    expect((report as { grown: number }).grown).toBeLessThan(100 * MIB);
  });

  it("sleeps while its connections are idle", async () => {
    const { end, report, stderr } = await runFixture("idle");
    expect({ end, report, stderr }).toMatchObject({ end: 0, stderr: "", report: { turns: 0, streams: 100 } });
    // Of 2000 ms; the garbage collector and Node's own housekeeping may take some.
    expect((report as { cpuMs: number }).cpuMs).toBeLessThan(400);
  });
});
