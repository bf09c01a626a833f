// The resume-depth subject: what a resume costs under a stack of coroutines, and what a call costs that never waits.
import { nanoseconds } from "./formats.mjs";
import { measureMicro, microContestant } from "./micro-process.mjs";

const RESUME_1 = "resume at level 1";
const RESUME_50 = "resume at level 50";
const CALL = "call that does not suspend";

/** A contestant in one of the ways to write a coroutine; the way goes to the script as a further argument. */
function inManner(contestant, name, label, manner) {
  const { file, args } = contestant.command;
  return { ...contestant, name, label, command: { file, args: [...args, manner] } };
}

export const resumeDepth = {
  name: "resume-depth",
  title: "resume through 1 and 50 levels of coroutines, and a call that does not suspend",
  explains:
    "Resume: 100 tasks on sleep(0), each at the bottom of so many nested coroutines; nanoseconds per resume. A plain function* " +
    "hands every resume down through all its levels inside V8; what coroutine() makes is driven by the task itself. Call: " +
    "nanoseconds for one awaited call that returns at once.",
  unit: "ns",
  better: "lower",
  twin: "node",
  contestants: (toolbox) => {
    const native = microContestant(toolbox, "ours-native", "", "resume-depth");
    const pure = microContestant(toolbox, "ours-pure", "", "resume-depth");
    const node = microContestant(toolbox, "node", "async functions", "resume-depth");
    return [
      inManner(native, "ours-coroutine", "coroutine(), native", "coroutine"),
      inManner(native, "ours-generator", "plain function*, native", "generator"),
      inManner(pure, "ours-coroutine-pure", "coroutine(), pure", "coroutine"),
      inManner(pure, "ours-generator-pure", "plain function*, pure", "generator"),
      inManner(node, "node", "async functions", "async"),
    ];
  },
  // So many switches that making the nested coroutines, once a task, weighs nothing beside resuming them.
  steps: () => [
    { name: RESUME_1, kind: "resume", depth: 1, tasks: 100, switches: 2000 },
    { name: RESUME_50, kind: "resume", depth: 50, tasks: 100, switches: 2000 },
    { name: CALL, kind: "call", calls: 20_000 },
  ],
  measure: measureMicro,
  columns: [],
  references: [
    {
      heading: "x plain function*",
      of: ({ contestant }) => (contestant.endsWith("-pure") ? "ours-generator-pure" : "ours-generator"),
    },
    { heading: "x async functions", of: () => "node" },
  ],
  targets: [
    { contestant: "ours-coroutine", rows: [RESUME_50], againstRow: RESUME_1, atMost: 1.5 },
    { contestant: "ours-coroutine", rows: [CALL], against: "ours-generator", atMost: 2 },
  ],
  format: nanoseconds,
};
