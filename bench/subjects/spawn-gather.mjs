// The spawn-gather subject: what it costs to make a task, run it and collect its result.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

const GATHER = "one task";
const JOIN = "one task, awaited before the next";

/** Effect.all collects many and has nothing to say about one. */
async function measure(run) {
  return run.contestant.name === "effect-all" && run.step.kind === "join" ? [] : measureMicro(run);
}

export const spawnGather = {
  name: "spawn-gather",
  title: "spawn and gather 10 000 tasks",
  explains:
    "10 000 coroutines that return their argument are gathered, which makes a task of each; nanoseconds per task. Native async " +
    "functions are collected with Promise.all. effect forks a fiber for each and joins them all; its Effect.all runs the fibers on " +
    "the spot, and none can be had singly. In the second row each task, or native promise, is awaited before the next one is made. " +
    "effection gets 1000 tasks at a time.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "spawn-gather"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "spawn-gather"),
    microContestant(toolbox, "node", "async functions and Promise.all", "spawn-gather"),
    microContestant(toolbox, "effect", "effect, fork and join", "spawn-gather"),
    microContestant(toolbox, "effect-all", "effect, Effect.all", "spawn-gather"),
    microContestant(toolbox, "effection", "effection, spawn", "spawn-gather"),
    microContestant(toolbox, "uvloop", "uvloop", "spawn-gather"),
    microContestant(toolbox, "asyncio", "asyncio", "spawn-gather"),
  ],
  steps: () => [
    { name: GATHER, kind: "gather", tasks: 10_000 },
    { name: JOIN, kind: "join", tasks: 10_000 },
  ],
  measure,
  columns: [],
  references: [
    { heading: "x Promise.all", of: () => "node" },
    { heading: "x effect", of: () => "effect" },
    { heading: "x uvloop", of: () => "uvloop" },
  ],
  targets: [
    { contestant: "ours-native", rows: [GATHER], against: "node", atMost: 2.5 },
    { contestant: "ours-native", rows: [GATHER], against: "uvloop", atLeast: 12 },
    { contestant: "ours-native", against: "effect", atLeast: 6 },
  ],
  format: nanoseconds,
};
