// A clock that is not the engine's own: what its idle() may give.
import { expect, it } from "vitest";
import { ForeignClock } from "../../../lib/loop/foreign-clock.ts";
import type { TimerStore } from "../../../lib/types/backend.ts";

const timers = { nextDeadline: 5, foreignTime: 0 } as unknown as TimerStore;

function idling(gives: unknown): ForeignClock {
  return new ForeignClock({ time: () => 0, idle: () => gives as number }, timers, () => undefined);
}

it("looks again at once, or waits to be woken", () => {
  expect([0, -1, Infinity].map((gives) => idling(gives).settle(0))).toEqual([true, true, false]);
});

it("refuses what is no number of seconds, for the loop would stand still for ever", () => {
  expect(() => idling(NaN).settle(0)).toThrow(RangeError);
  expect(() => idling(undefined).settle(0)).toThrow(/idle\(\).*number of seconds/);
});
