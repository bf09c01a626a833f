// The cancel-tree subject: what it costs to cancel a tree of tasks from its root.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

const FAN_OUT = 10;
const SMALL = "task groups, 1 111 tasks";
const MIDDLE = "task groups, 11 111 tasks";
const LARGE = "task groups, 111 111 tasks";
const GATHER = "gather(), 11 111 tasks";

export const cancelTree = {
  name: "cancel-tree",
  title: "cancel a tree of tasks, each with ten children",
  explains:
    "Every task of a tree waits for ten others, in a TaskGroup or in gather(), and those at the bottom sleep. The root is " +
    "cancelled; nanoseconds per task until all have ended, the making of the tree not counted. A cancellation that is linear " +
    "costs the same per task in a tree of any size; the target allows for the caches, which a large tree does not fit into.",
  unit: "ns",
  better: "lower",
  twin: "ours-native",
  // A large tree takes seconds to make.
  samples: 3,
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "cancel-tree"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "cancel-tree"),
    microContestant(toolbox, "uvloop", "uvloop", "cancel-tree"),
    microContestant(toolbox, "asyncio", "asyncio", "cancel-tree"),
  ],
  steps: (settings) => [
    { name: SMALL, kind: "group", fanOut: FAN_OUT, depth: 3 },
    { name: MIDDLE, kind: "group", fanOut: FAN_OUT, depth: 4 },
    ...(settings.quick ? [] : [{ name: LARGE, kind: "group", fanOut: FAN_OUT, depth: 5 }]),
    { name: GATHER, kind: "gather", fanOut: FAN_OUT, depth: 4 },
  ],
  measure: measureMicro,
  columns: [],
  references: [
    { heading: "x uvloop", of: () => "uvloop" },
    { heading: "x asyncio", of: () => "asyncio" },
  ],
  targets: [
    { contestant: "ours-native", rows: [MIDDLE, GATHER], against: "asyncio", atLeast: 10 },
    { contestant: "ours-native", rows: [LARGE], againstRow: SMALL, atMost: 2 },
  ],
  format: nanoseconds,
};
