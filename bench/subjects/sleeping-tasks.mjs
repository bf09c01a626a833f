// The sleeping-tasks subject: how much memory a task takes that does nothing but wait.
import { bytes } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

// A million setTimeout() take most of a gigabyte, and V8 asks for twice of what it holds.
const NODE_OPTIONS = ["--expose-gc", "--max-old-space-size=8192"];

function sleeper(toolbox, flavour, label) {
  const contestant = microContestant(toolbox, flavour, label, "sleeping-tasks");
  const { file, args } = contestant.command;
  return { ...contestant, command: { file, args: [...NODE_OPTIONS, ...args] } };
}

export const sleepingTasks = {
  name: "sleeping-tasks",
  title: "the memory of a million sleeping tasks",
  explains:
    "A million tasks sleep for an hour; bytes for each, after garbage collection, of V8's heap and of what it counts as external. " +
    "'RSS' is what the process has grown by, C++ and the heap's gaps included. Native async functions wait on a pending promise " +
    "each, which is less than sleeping: no timer would ever wake them; or on a setTimeout() each, all of the same delay. What " +
    "holds the tasks, and for the native ones the resolve functions, is an array that was there before.",
  unit: "bytes",
  better: "lower",
  twin: null,
  // The same to within a byte in every process.
  samples: 1,
  contestants: (toolbox) => [
    sleeper(toolbox, "ours-native", "asyncio-uv, native"),
    sleeper(toolbox, "ours-pure", "asyncio-uv, pure"),
    sleeper(toolbox, "promises", "async functions on pending promises"),
    sleeper(toolbox, "timeouts", "async functions on setTimeout"),
  ],
  steps: (settings) => [{ name: "one sleeping task", count: settings.quick ? 100_000 : 1_000_000 }],
  measure: measureMicro,
  columns: [
    { key: "heap", heading: "of it: heap", format: bytes },
    { key: "rss", heading: "RSS", format: bytes },
  ],
  references: [
    { heading: "x promises", of: () => "promises" },
    { heading: "x setTimeout", of: () => "timeouts" },
  ],
  targets: [{ contestant: "ours-native", against: "promises", atMost: 1.3 }],
  format: bytes,
};
