// The idle subject: a server with 100 open, silent connections must use no CPU and must not wake up.
import { echoContestants, LIMIT } from "../harness/contestants.mjs";
import { LOAD_CORE, SERVER_CORE, startServer, withRunning } from "../harness/pinned-process.mjs";
import { cpuSeconds, voluntarySwitches } from "../harness/process-figures.mjs";
import { nanoseconds } from "./formats.mjs";

const CONNECTIONS = 100;
// The engines still tidy up for a moment after the last message; that is not idling yet.
const SETTLE_SECONDS = 1;
const NAMES = [
  "ours-protocol",
  "ours-streams",
  "ours-protocol-pure",
  "node-net",
  "uvloop-protocol",
  "asyncio-protocol",
];

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function measure({ contestant, step, toolbox }) {
  const { taskset } = toolbox;
  const server = await startServer(contestant.command, { core: SERVER_CORE, taskset });
  try {
    const seconds = SETTLE_SECONDS + step.seconds + 5;
    const args = [
      "--hold",
      "--port",
      server.ready[1],
      "--connections",
      String(CONNECTIONS),
      "--seconds",
      String(seconds),
    ];
    const load = { file: toolbox.loadGenerator.path, args };
    return await withRunning(load, { core: LOAD_CORE, taskset, ready: /HOLDING/ }, async () => {
      await sleep(SETTLE_SECONDS);
      const cpu = cpuSeconds(server.pid);
      const switches = voluntarySwitches(server.pid);
      await sleep(step.seconds);
      const cpuAfter = cpuSeconds(server.pid);
      if (cpu === null || cpuAfter === null) throw new Error("/proc does not tell a process's CPU time here");
      return [
        { row: "CPU time", value: ((cpuAfter - cpu) * 1e6) / step.seconds },
        { row: "wake-ups", value: (voluntarySwitches(server.pid) - switches) / step.seconds },
      ];
    });
  } finally {
    await server.stop();
  }
}

export const idle = {
  name: "idle",
  title: `an idle server with ${CONNECTIONS} open connections`,
  explains:
    `A server holds ${CONNECTIONS} connections on which nothing happens. CPU time is in microseconds of CPU for each second ` +
    "of idling, all threads; wake-ups are voluntary context switches a second, all threads. The best value is 0.",
  unit: "us of CPU a second",
  units: { "wake-ups": "a second" },
  better: "lower",
  twin: null,
  samples: 1,
  contestants: (toolbox) =>
    echoContestants(toolbox).filter(({ name }) => name === LIMIT || NAMES.includes(name)),
  steps: (settings) => [{ name: `${CONNECTIONS} connections`, seconds: settings.quick ? 1 : 5 }],
  measure,
  columns: [],
  references: [],
  // 1000 us a second is 0.1 % of a core: above that something is running; one wake-up a second is V8's own housekeeping.
  targets: ["ours-protocol", "ours-streams"].flatMap((contestant) => [
    { contestant, rows: ["CPU time"], limit: 1000 },
    { contestant, rows: ["wake-ups"], limit: 1 },
  ]),
  format: (value) => (value === 0 ? "0" : nanoseconds(value)),
};
