// The timers subject: a million timers at random delays, cancelled or fired.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

export const timers = {
  name: "timers",
  title: "a million timers at random delays: set and cancel, set and fire",
  explains:
    "Timers are set with random delays from a fixed seed, then all cancelled in the order they were set, or all left to fire; " +
    "nanoseconds of CPU time per timer, so that waiting costs nothing and collecting garbage does. Delays up to an hour are what " +
    "time-outs look like and give setTimeout a list for almost every timer; delays up to 2 s share 2000 lists, its best case.",
  unit: "ns CPU",
  better: "lower",
  twin: "node",
  // A million timers take seconds a sample, and vary little.
  samples: 3,
  contestants: (toolbox) => [
    microContestant(toolbox, "ours-native", "loop.callLater, native", "timers"),
    microContestant(toolbox, "ours-pure", "loop.callLater, pure", "timers"),
    microContestant(toolbox, "node", "setTimeout and clearTimeout", "timers"),
  ],
  steps: (settings) => {
    const count = settings.quick ? 100_000 : 1_000_000;
    return [
      { name: "set and cancel, delays up to 1 h", kind: "cancel", count, window: 3600 },
      { name: "set and cancel, delays up to 2 s", kind: "cancel", count, window: 2 },
      { name: "set and fire, delays up to 2 s", kind: "fire", count, window: 2 },
    ];
  },
  measure: measureMicro,
  columns: [{ key: "setting", heading: "of it: setting", format: nanoseconds }],
  references: [
    { heading: "x setTimeout", of: () => "node" },
    { heading: "x pure", of: () => "ours-pure" },
  ],
  targets: [
    { contestant: "ours-native", against: "node", atLeast: 8 },
    { contestant: "ours-native", against: "ours-pure", atLeast: 3 },
  ],
  format: nanoseconds,
};
