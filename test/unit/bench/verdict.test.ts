// Checks how the bench judges a result against its targets.
import { describe, expect, it } from "vitest";
import { formatRatio, verdicts } from "../../../bench/harness/verdict.mjs";

function row(contestant: string, name: string, values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    row: name,
    contestant,
    label: `the ${contestant}`,
    style: null,
    values,
    median: sorted[values.length >> 1],
    spread: 0,
    extras: {},
  };
}

function judge(
  better: "higher" | "lower",
  target: object,
  rows: ReturnType<typeof row>[],
  skipped: object[] = [],
) {
  const subject = { name: "subject", unit: "ns", better, targets: [target], format: String };
  return verdicts({ subject, rows, skipped, failed: [] } as never);
}

describe("verdicts", () => {
  const rates = [row("ours", "10", [300]), row("rival", "10", [200])];
  const costs = [row("ours", "10", [300]), row("rival", "10", [200])];

  it("counts a rate as so many times the rival's", () => {
    expect(judge("higher", { contestant: "ours", against: "rival", atLeast: 1.5 }, rates)).toMatchObject([
      {
        row: "10",
        label: "the ours",
        target: "at least 1.5 x the rival",
        measured: "1.50 x",
        outcome: "met",
      },
    ]);
    expect(judge("higher", { contestant: "ours", against: "rival", atLeast: 1.51 }, rates)[0].outcome).toBe(
      "missed",
    );
  });

  it("counts a cost as so many times cheaper", () => {
    expect(judge("lower", { contestant: "ours", against: "rival", atLeast: 1 }, costs)[0]).toMatchObject({
      measured: "0.67 x",
      outcome: "missed",
    });
  });

  it("bounds a cost by a multiple of the rival's", () => {
    const [met] = judge("lower", { contestant: "ours", against: "rival", atMost: 1.5 }, costs);
    expect(met).toMatchObject({ measured: "1.50 x", outcome: "met" });
    const [missed] = judge("lower", { contestant: "ours", against: "rival", atMost: 1.4 }, costs);
    expect(missed.outcome).toBe("missed");
  });

  it("does not take a tie for faster", () => {
    const tie = [row("ours", "10", [200]), row("rival", "10", [200])];
    expect(judge("lower", { contestant: "ours", against: "rival", moreThan: 1 }, tie)[0].outcome).toBe(
      "missed",
    );
  });

  it("compares a contestant with itself in another row", () => {
    const rows = [row("ours", "level 1", [40]), row("ours", "level 50", [60])];
    const target = { contestant: "ours", rows: ["level 50"], againstRow: "level 1", atMost: 1.5 };
    expect(judge("lower", target, rows)).toMatchObject([
      { row: "level 50", measured: "1.50 x", outcome: "met" },
    ]);
  });

  it("bounds a value absolutely", () => {
    const rows = [row("ours", "sockets left", [1])];
    const target = { contestant: "ours", rows: ["sockets left"], limit: 0 };
    expect(judge("lower", target, rows)[0]).toMatchObject({
      target: "at most 0 ns",
      measured: "1 ns",
      outcome: "missed",
    });
  });

  it("never calls what was not measured met", () => {
    const target = { contestant: "ours", against: "absent", atLeast: 1 };
    const skipped = [{ contestant: "absent", label: "the absent", reason: "is not installed" }];
    expect(judge("higher", target, rates, skipped)).toMatchObject([
      { target: "at least 1 x the absent", measured: "-", outcome: "not measured" },
    ]);
  });

  it("leaves out targets of contestants that the run was not asked for", () => {
    expect(judge("higher", { contestant: "ours", against: "unasked", atLeast: 1 }, rates)).toEqual([]);
  });

  it("judges every row of the subject unless the target names some", () => {
    const rows = [...rates, row("ours", "100", [100]), row("rival", "100", [100])];
    const outcomes = judge("higher", { contestant: "ours", against: "rival", atLeast: 1.2 }, rows);
    expect(outcomes.map(({ row: name, outcome }) => `${name} ${outcome}`)).toEqual(["10 met", "100 missed"]);
  });
});

describe("formatRatio", () => {
  it("keeps two decimals near 1 and drops what is only noise", () => {
    expect([0.9, 9.994, 25.04, 1234.5, Infinity, NaN].map(formatRatio)).toEqual([
      "0.90",
      "9.99",
      "25.0",
      "1235",
      "-",
      "-",
    ]);
  });
});
