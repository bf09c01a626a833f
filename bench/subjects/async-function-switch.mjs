// The async-function-switch subject: what it costs to go from one ready task to the next where tasks are async functions.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

export const asyncFunctionSwitch = {
  name: "async-function-switch",
  title: "task switch between async functions, 100 tasks on await sleep(0)",
  explains:
    "100 tasks that are async functions each give way 1000 times with await sleep(0); nanoseconds per switch. Beside them the same " +
    "with generators, and native async functions on await null, without any loop. An async function goes on in a microtask, and " +
    "AsyncLocalStorage, which tells it its task, makes every promise of the process dearer on Node before 24.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    {
      ...microContestant(toolbox, "ours-native", "async functions, native", "async-function-switch"),
      name: "ours-async",
    },
    {
      ...microContestant(toolbox, "ours-pure", "async functions, pure", "async-function-switch"),
      name: "ours-async-pure",
    },
    microContestant(toolbox, "ours-native", "generators, native", "task-switch"),
    microContestant(toolbox, "ours-pure", "generators, pure", "task-switch"),
    microContestant(toolbox, "node", "async functions on await null", "task-switch"),
  ],
  steps: () => [{ name: "one switch", tasks: 100, switches: 1000 }],
  measure: measureMicro,
  columns: [],
  references: [
    {
      heading: "x generators",
      of: ({ contestant }) => (contestant.endsWith("-pure") ? "ours-pure" : "ours-native"),
    },
    { heading: "x await null", of: () => "node" },
  ],
  targets: [],
  format: nanoseconds,
};
