// The locks subject: what it costs to take and release a lock that nobody else wants.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

const ROUNDS = 20_000;

export const locks = {
  name: "locks",
  title: "acquire and release without contention",
  explains:
    "One task takes and releases a Lock, or one of ten units of a Semaphore, 20 000 times; nanoseconds for both together. Ours " +
    "must not give way to other tasks on the way, which the measurement checks. effect and the hand-written promises have a " +
    "semaphore only, which is a mutex with one unit.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "locks"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "locks"),
    microContestant(toolbox, "node", "hand-written promise mutex", "locks"),
    microContestant(toolbox, "effect", "effect, Semaphore", "locks"),
    microContestant(toolbox, "uvloop", "uvloop", "locks"),
    microContestant(toolbox, "asyncio", "asyncio", "locks"),
  ],
  steps: () => [
    { name: "Lock", kind: "lock", units: 1, rounds: ROUNDS },
    { name: "Semaphore", kind: "semaphore", units: 10, rounds: ROUNDS },
  ],
  measure: measureMicro,
  columns: [],
  references: [
    { heading: "x promise mutex", of: () => "node" },
    { heading: "x effect", of: () => "effect" },
    { heading: "x asyncio", of: () => "asyncio" },
  ],
  targets: [{ contestant: "ours-native", against: "asyncio", atLeast: 10 }],
  format: nanoseconds,
};
