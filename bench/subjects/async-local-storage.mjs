// The async-local-storage subject: what a task switch costs where AsyncLocalStorage is in use.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

const NONE = "no AsyncLocalStorage";
const ELSEWHERE = "in use elsewhere";
const AROUND = "in use around the tasks";
const WORK = { tasks: 100, switches: 1000 };

export const asyncLocalStorage = {
  name: "async-local-storage",
  title: "task switch, with and without AsyncLocalStorage",
  explains:
    "The task switch (100 tasks on sleep(0), native async functions on await null; nanoseconds per switch) in a process without " +
    "AsyncLocalStorage; where one is in use, but not around the tasks; and inside storage.run(), where each step must see the store.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "async-local-storage"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "async-local-storage"),
    microContestant(toolbox, "node", "async functions on await null", "async-local-storage"),
  ],
  steps: () => [
    { name: NONE, kind: "none", ...WORK },
    { name: ELSEWHERE, kind: "elsewhere", ...WORK },
    { name: AROUND, kind: "around", ...WORK },
  ],
  measure: measureMicro,
  columns: [],
  references: [{ heading: "x await null", of: () => "node" }],
  targets: [{ contestant: "ours-native", rows: [ELSEWHERE], againstRow: NONE, atMost: 1.05 }],
  format: nanoseconds,
};
