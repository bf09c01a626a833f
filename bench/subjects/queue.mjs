// The queue subject: what it costs to hand an item from a producer to a consumer.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

export const queue = {
  name: "queue",
  title: "10 000 items through a Queue(100), from one producer to one consumer",
  explains:
    "One task puts 10 000 items into a queue with room for 100, another takes them out, in order; nanoseconds per item. The " +
    "hand-written queue is what one writes with async functions and an array of resolve functions. p-queue is another kind of " +
    "thing: it queues functions and calls them itself, so an item is a function here, added once fewer than 100 wait " +
    "(onSizeLessThan) and called by its one worker. effection's queues have no bound; a second queue, of free places, makes one.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "asyncio-uv, native", "queue-hand-over"),
    microContestant(toolbox, "ours-pure", "asyncio-uv, pure", "queue-hand-over"),
    microContestant(toolbox, "node", "hand-written promise queue", "queue-hand-over"),
    microContestant(toolbox, "p-queue", "p-queue, a function an item", "queue-hand-over"),
    microContestant(toolbox, "effect", "effect, Queue.bounded", "queue-hand-over"),
    microContestant(toolbox, "effection", "effection, two queues", "queue-hand-over"),
    microContestant(toolbox, "uvloop", "uvloop", "queue-hand-over"),
    microContestant(toolbox, "asyncio", "asyncio", "queue-hand-over"),
  ],
  steps: () => [{ name: "one item", size: 100, items: 10_000 }],
  measure: measureMicro,
  columns: [],
  references: [
    { heading: "x promise queue", of: () => "node" },
    { heading: "x effect", of: () => "effect" },
    { heading: "x asyncio", of: () => "asyncio" },
  ],
  targets: [
    { contestant: "ours-native", against: "uvloop", atLeast: 8 },
    { contestant: "ours-native", against: "asyncio", atLeast: 8 },
    { contestant: "ours-native", against: "effect", atLeast: 6 },
    { contestant: "ours-native", limit: 100 },
  ],
  format: nanoseconds,
};
