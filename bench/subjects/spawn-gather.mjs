// The spawn-gather subject: what it costs to make a task, run it and collect its result.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

export const spawnGather = {
  name: "spawn-gather",
  title: "spawn and gather 10 000 tasks",
  explains:
    "10 000 coroutines that return their argument are gathered, which makes a task of each; nanoseconds per task. Native async " +
    "functions are collected with Promise.all.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "spawn-gather"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "spawn-gather"),
    microContestant(toolbox, "node", "async functions and Promise.all", "spawn-gather"),
    microContestant(toolbox, "uvloop", "uvloop", "spawn-gather"),
    microContestant(toolbox, "asyncio", "asyncio", "spawn-gather"),
  ],
  steps: () => [{ name: "one task", tasks: 10_000 }],
  measure: measureMicro,
  columns: [],
  references: [
    { heading: "x Promise.all", of: () => "node" },
    { heading: "x uvloop", of: () => "uvloop" },
  ],
  targets: [
    { contestant: "ours-native", against: "node", atMost: 2.5 },
    { contestant: "ours-native", against: "uvloop", atLeast: 12 },
  ],
  format: nanoseconds,
};
