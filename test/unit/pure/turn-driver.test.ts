// Checks when the driver enters the turn, what it leaves scheduled, and what it keeps alive.
import { setImmediate as nextImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TurnDriver } from "../../../lib/pure/turn-driver.ts";

/** A source whose answers the test sets, and a log of turns. */
class Rig {
  deadline = Infinity;
  events = false;
  afterTurns = 0;
  onTurn: () => boolean = () => false;
  #entered: (() => void)[] = [];
  readonly driver = new TurnDriver({
    now: () => performance.now() / 1000,
    nextDeadline: () => this.deadline,
    hasEvents: () => this.events,
    afterTurn: () => void this.afterTurns++,
  });

  start(): void {
    this.driver.start(() => {
      const left = this.onTurn();
      for (const resolve of this.#entered.splice(0)) resolve();
      return left;
    });
  }

  nextTurn(): Promise<void> {
    return new Promise((resolve) => this.#entered.push(resolve));
  }
}

const seconds = (): number => performance.now() / 1000;

type Scheduled = NodeJS.Timeout | NodeJS.Immediate;

/** Sees what is scheduled from now on, until the mocks are restored. */
function watchScheduling(): () => number {
  const setters = [
    vi.spyOn(globalThis, "setTimeout"),
    vi.spyOn(globalThis, "setInterval"),
    vi.spyOn(globalThis, "setImmediate"),
  ];
  const clearers = [vi.spyOn(globalThis, "clearTimeout"), vi.spyOn(globalThis, "clearInterval")];
  return () => {
    const cleared = new Set(clearers.flatMap((spy) => spy.mock.calls.map(([handle]) => handle as unknown)));
    const made = setters.flatMap((spy) => spy.mock.results.map((result) => result.value as Scheduled));
    return made.filter((handle) => handle.hasRef() && !cleared.has(handle)).length;
  };
}

async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextImmediate();
}

describe("TurnDriver", () => {
  let rig = new Rig();
  /** How much of what was scheduled keeps the process alive. */
  let holding = (): number => 0;
  beforeEach(() => {
    rig = new Rig();
    holding = watchScheduling();
  });
  afterEach(() => {
    rig.driver.stop();
    vi.restoreAllMocks();
  });

  it("gives a first turn after the start, never within it", async () => {
    rig.start();
    expect(rig.driver.turns).toBe(0);
    await rig.nextTurn();
    expect(rig.driver.turns).toBe(1);
    expect(rig.afterTurns).toBe(1);
  });

  it("enters nothing while there is nothing to do", async () => {
    rig.start();
    await rig.nextTurn();
    await rounds(20);
    expect(rig.driver.turns).toBe(1);
  });

  it("gives one turn for any number of wakes", async () => {
    rig.start();
    await rig.nextTurn();
    for (let i = 0; i < 5; i++) rig.driver.wake();
    await rounds(5);
    expect(rig.driver.turns).toBe(2);
  });

  it("goes on for as long as work is left", async () => {
    let left = 4;
    rig.onTurn = () => --left > 0;
    rig.start();
    await rounds(20);
    expect(left).toBe(0);
    expect(rig.driver.turns).toBe(4);
  });

  it("goes on while events wait", async () => {
    rig.events = true;
    rig.onTurn = () => {
      rig.events = rig.driver.turns < 3;
      return false;
    };
    rig.start();
    await rounds(20);
    expect(rig.driver.turns).toBe(3);
  });

  it("needs no wake from inside the turn", async () => {
    rig.onTurn = () => {
      rig.driver.wake();
      return false;
    };
    rig.start();
    await rounds(10);
    expect(rig.driver.turns).toBe(1);
  });

  it("says whether a turn is running", async () => {
    let inside = false;
    rig.onTurn = () => {
      inside = rig.driver.inTurn;
      return false;
    };
    rig.start();
    await rig.nextTurn();
    expect(inside).toBe(true);
    expect(rig.driver.inTurn).toBe(false);
  });

  it.each([0.0004, 0.0013, 0.005, 0.0201])(
    "enters for a deadline %d s away, and never before it",
    async (delay) => {
      rig.start();
      await rig.nextTurn();
      rig.deadline = seconds() + delay;
      // Whoever adds a timer outside a turn wakes. That turn comes whatever the time, and arms for the deadline.
      rig.driver.wake();
      await rig.nextTurn();
      await rig.nextTurn();
      expect(seconds()).toBeGreaterThanOrEqual(rig.deadline);
    },
  );

  it("enters once for a deadline, however often it has to look at the clock", async () => {
    rig.start();
    await rig.nextTurn();
    const before = rig.driver.turns;
    rig.deadline = seconds() + 0.03;
    rig.onTurn = () => {
      if (seconds() >= rig.deadline) rig.deadline = Infinity;
      return false;
    };
    rig.driver.wake();
    while (rig.deadline !== Infinity) await rig.nextTurn();
    // One for the wake, which may itself have come late enough, and one for the deadline.
    expect(rig.driver.turns - before).toBeLessThanOrEqual(2);
  });

  it("enters nothing for a deadline that was put off", async () => {
    rig.start();
    await rig.nextTurn();
    rig.deadline = seconds() + 0.005;
    rig.driver.wake();
    await rig.nextTurn();
    rig.deadline += 0.03;
    await rig.nextTurn();
    expect(seconds()).toBeGreaterThanOrEqual(rig.deadline);
  });

  it("lets an earlier deadline overtake the one it is armed for", async () => {
    rig.start();
    await rig.nextTurn();
    rig.deadline = seconds() + 1000;
    rig.driver.wake();
    await rig.nextTurn();
    rig.deadline = seconds() + 0.005;
    rig.driver.wake();
    while (seconds() < rig.deadline) await rig.nextTurn();
    expect(seconds()).toBeGreaterThanOrEqual(rig.deadline);
  });

  it("enters at once for a deadline that has passed", async () => {
    rig.deadline = seconds() - 1;
    rig.onTurn = () => {
      if (rig.driver.turns === 2) rig.deadline = Infinity;
      return false;
    };
    rig.start();
    await rounds(10);
    expect(rig.driver.turns).toBe(2);
  });

  it("stops from inside the turn, and can be started anew", async () => {
    rig.onTurn = () => {
      rig.driver.stop();
      return true;
    };
    rig.start();
    await rounds(5);
    expect(rig.driver.turns).toBe(1);
    expect(rig.afterTurns).toBe(1);
    rig.start();
    await rounds(5);
    expect(rig.driver.turns).toBe(2);
  });

  it("gives a first turn to a run that was started within the last turn of another", async () => {
    rig.onTurn = () => {
      if (rig.driver.turns === 1) {
        rig.driver.stop();
        rig.start();
      }
      return false;
    };
    rig.start();
    await rounds(10);
    expect(rig.driver.turns).toBe(2);
  });

  it("refuses a second start", () => {
    rig.start();
    expect(() => rig.start()).toThrow("already running");
  });

  it("schedules nothing once stopped", async () => {
    rig.start();
    rig.driver.stop();
    rig.driver.wake();
    await rounds(5);
    expect(rig.driver.turns).toBe(0);
  });

  it("keeps going after a turn that threw", async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", onError);
    try {
      rig.onTurn = () => {
        if (rig.driver.turns === 1) throw new Error("from the turn");
        return false;
      };
      rig.start();
      await rounds(5);
      rig.driver.wake();
      await rounds(5);
    } finally {
      process.removeListener("uncaughtException", onError);
      for (const listener of others) process.on("uncaughtException", listener);
    }
    expect(errors).toMatchObject([{ message: "from the turn" }]);
    expect(rig.driver.turns).toBe(2);
    expect(rig.afterTurns).toBe(2);
  });

  it("holds the process while it runs idle, and only then", async () => {
    rig.start();
    await rig.nextTurn();
    await nextImmediate();
    expect(holding()).toBe(1);
    rig.driver.setReferenced(false);
    expect(holding()).toBe(0);
    rig.driver.setReferenced(true);
    expect(holding()).toBe(1);
    rig.driver.stop();
    expect(holding()).toBe(0);
  });

  it("remembers between runs whether it is referenced", async () => {
    rig.driver.setReferenced(false);
    rig.start();
    await rig.nextTurn();
    expect(holding()).toBe(0);
  });

  it("does not hold the process for a deadline when it is unreferenced", async () => {
    rig.driver.setReferenced(false);
    rig.deadline = seconds() + 1000;
    rig.start();
    await rig.nextTurn();
    await nextImmediate();
    expect(rig.driver.turns).toBe(1);
    expect(holding()).toBe(0);
  });

  it("does not hold the process for endless work when it is unreferenced, but does it", async () => {
    rig.driver.setReferenced(false);
    rig.onTurn = () => true;
    rig.start();
    for (let i = 0; i < 5; i++) {
      await rig.nextTurn();
      // Behind the turn, when it has scheduled the next one.
      await Promise.resolve();
      expect(holding()).toBe(0);
    }
    expect(rig.driver.turns).toBeGreaterThanOrEqual(5);
  });
});
