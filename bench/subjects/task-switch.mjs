// The task-switch subject: what it costs to go from one ready task to the next.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

export const taskSwitch = {
  name: "task-switch",
  title: "task switch, 100 tasks on sleep(0)",
  explains:
    "100 tasks each give way 1000 times with sleep(0); nanoseconds per switch. Native async functions await null instead, which " +
    "only goes through V8's microtask queue: they have no tasks, no cancellation and no order with timers and I/O. " +
    "effect's fibers give way with Effect.yieldNow, effection's tasks with an action that resolves at once (its sleep(0) is a " +
    "setTimeout() of a millisecond); that they really take turns is checked.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "task-switch"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "task-switch"),
    microContestant(toolbox, "node", "async functions on await null", "task-switch"),
    microContestant(toolbox, "effect", "effect, Effect.yieldNow", "task-switch"),
    microContestant(toolbox, "effection", "effection, a resolved action", "task-switch"),
    microContestant(toolbox, "uvloop", "uvloop", "task-switch"),
    microContestant(toolbox, "asyncio", "asyncio", "task-switch"),
  ],
  steps: () => [{ name: "one switch", tasks: 100, switches: 1000 }],
  measure: measureMicro,
  columns: [],
  references: [
    { heading: "x await null", of: () => "node" },
    { heading: "x effect", of: () => "effect" },
    { heading: "x uvloop", of: () => "uvloop" },
  ],
  targets: [
    { contestant: "ours-native", against: "node", moreThan: 1 },
    { contestant: "ours-native", against: "uvloop", atLeast: 15 },
    { contestant: "ours-native", against: "effect", atLeast: 6 },
  ],
  format: nanoseconds,
};
