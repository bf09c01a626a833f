// Checks turns and data where several things happen at once: what is written, lent or owed must not be lost or mixed up.
import { describe, expect, it } from "vitest";
import { runFixture, SCENARIO_TIMEOUT } from "./run-fixture.ts";

describe("the native backend", { timeout: SCENARIO_TIMEOUT }, () => {
  it("sends all before it closes, also when news of an older backlog comes after the last write", async () => {
    const outcome = await runFixture("stale-backlog");
    expect(outcome).toEqual({ end: 0, report: { lost: 0 }, stderr: "" });
  });

  it("goes on when a tick behind the turn has thrown", async () => {
    const outcome = await runFixture("lost-answer");
    expect(outcome).toEqual({ end: 0, report: { left: 0, thrown: true }, stderr: "" });
  });

  it("serves sockets although a timer is always due", async () => {
    const outcome = await runFixture("always-due");
    expect(outcome).toEqual({ end: 0, report: { ticks: true }, stderr: "" });
  });

  it("sleeps while it is stopped in the middle of a flood, and reads on afterwards", async () => {
    const outcome = await runFixture("stopped-loop");
    const report = { whileStopped: 0, sleeps: true, received: 30_000_000 };
    expect(outcome).toEqual({ end: 0, report, stderr: "" });
  });

  it("gives data to keep to a protocol that took over after the bytes had been read on loan", async () => {
    const outcome = await runFixture("lent-data");
    expect(outcome).toEqual({ end: 0, report: { shared: false, bytes: 1000 }, stderr: "" });
  });

  it("does not let received data carry its memory off to another thread", async () => {
    const outcome = await runFixture("given-away-data");
    expect(outcome).toEqual({ end: 0, report: { moved: 0, tried: true, wrong: 0 }, stderr: "" });
  });

  it("queues more than a gibibyte by reference", async () => {
    const outcome = await runFixture("huge-write");
    const report = { queued: true, copied: false, closing: false, lost: null };
    expect(outcome).toEqual({ end: 0, report, stderr: "" });
  });
});
