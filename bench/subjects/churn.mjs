// The churn subject: a long row of short connections must leave neither memory nor handles behind.
import { echoContestants, LIMIT } from "../harness/contestants.mjs";
import { LOAD_CORE, runToEnd, SERVER_CORE, startServer } from "../harness/pinned-process.mjs";
import { openSockets, residentBytes } from "../harness/process-figures.mjs";
import { mebibytes, rate } from "./formats.mjs";

const NAMES = [LIMIT, "ours-protocol", "ours-streams", "ours-streams-pure", "node-net", "uvloop-streams"];
// The last connections' ends are still on their way when the generator has ended.
const SETTLE_MILLISECONDS = 500;
const WARM_SHARE = 0.3;

async function measure({ contestant, step, toolbox }) {
  const { taskset } = toolbox;
  const server = await startServer(contestant.command, { core: SERVER_CORE, taskset });
  try {
    const load = async (count) => {
      const args = ["--churn", String(count), "--port", server.ready[1], "--size", "64"];
      const command = { file: toolbox.loadGenerator.path, args };
      const output = await runToEnd(command, { core: LOAD_CORE, taskset, patience: 120 });
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS));
      return JSON.parse(output);
    };
    const socketsBefore = openSockets(server.pid);
    const warm = Math.round(step.connections * WARM_SHARE);
    await load(warm);
    const warmBytes = residentBytes(server.pid);
    const { perSecond } = await load(step.connections - warm);
    const endBytes = residentBytes(server.pid);
    if (warmBytes === null || socketsBefore === null)
      throw new Error("/proc does not tell a process's memory here");
    return [
      {
        row: "memory grown after warm-up",
        value: endBytes / 2 ** 20 - warmBytes / 2 ** 20,
        extras: { warmBytes, endBytes, perSecond },
      },
      { row: "sockets left", value: openSockets(server.pid) - socketsBefore },
    ];
  } finally {
    await server.stop();
  }
}

export const churn = {
  name: "churn",
  title: "100 000 short connections in a row",
  explains:
    "Connect, one message of 64 B and its echo, close; one connection after the other. Memory is resident MiB at the end less " +
    "resident MiB after the first 30 % of the connections; sockets left are the server's open sockets at the end less those at " +
    "the start. The best value of both is 0.",
  unit: "MiB",
  units: { "sockets left": "sockets" },
  better: "lower",
  twin: null,
  samples: 1,
  contestants: (toolbox) => echoContestants(toolbox).filter(({ name }) => NAMES.includes(name)),
  steps: (settings) => {
    const connections = settings.quick ? 10_000 : 100_000;
    return [{ name: `${connections} connections`, connections }];
  },
  measure,
  columns: [
    { key: "warmBytes", heading: "warm MiB", format: mebibytes },
    { key: "endBytes", heading: "end MiB", format: mebibytes },
    { key: "perSecond", heading: "connections/s", format: rate },
  ],
  references: [],
  // 4 MiB is within what V8's young generation breathes; a leak of 100 bytes a connection would already be 7 MB.
  targets: ["ours-protocol", "ours-streams"].flatMap((contestant) => [
    { contestant, rows: ["memory grown after warm-up"], limit: 4 },
    { contestant, rows: ["sockets left"], limit: 0 },
  ]),
  format: (value) => (Number.isInteger(value) ? String(value) : value.toFixed(1)),
};
