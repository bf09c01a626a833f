// The kv-server subject: redis-benchmark against the example server, beside Redis itself.
import { createServer } from "node:net";
import { accessSync } from "node:fs";
import { tmpdir } from "node:os";
import { benchFile } from "../harness/contestants.mjs";
import { LOAD_CORE, runToEnd, SERVER_CORE, startServer } from "../harness/pinned-process.mjs";
import { cpuSeconds } from "../harness/process-figures.mjs";
import { rate } from "./formats.mjs";

const CLIENTS = 50;
const EXAMPLE = benchFile("../examples/kv-server/main.mjs");

/** Neither server says which port it took when asked for port 0, so a free one is found beforehand. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function isMissing(path) {
  try {
    accessSync(path);
    return null;
  } catch {
    return "examples/kv-server/main.mjs is missing";
  }
}

function contestants(toolbox) {
  const example = (backend) => ({
    name: backend === "native" ? "ours-native" : "ours-pure",
    label: `examples/kv-server, ${backend}`,
    style: null,
    missing: toolbox.redisBenchmark.missing ?? toolbox.ours[backend] ?? isMissing(EXAMPLE),
    ready: /listening on/i,
    command: (port) => ({
      file: process.execPath,
      args: [EXAMPLE, "--port", String(port), "--host", "127.0.0.1", "--backend", backend],
    }),
  });
  return [
    {
      name: "redis-server",
      label: "redis-server",
      style: null,
      missing: toolbox.redisBenchmark.missing ?? toolbox.redisServer.missing,
      ready: /Ready to accept connections/,
      command: (port) => ({
        file: toolbox.redisServer.path,
        args: [
          "--port",
          String(port),
          "--bind",
          "127.0.0.1",
          "--save",
          "",
          "--appendonly",
          "no",
          "--dir",
          tmpdir(),
        ],
      }),
    },
    example("native"),
    example("pure"),
  ];
}

/** SET goes first, so that GET finds the key. */
async function measure({ contestant, step, toolbox }) {
  const { taskset } = toolbox;
  const port = await freePort();
  const server = await startServer(contestant.command(port), {
    core: SERVER_CORE,
    taskset,
    ready: contestant.ready,
  });
  try {
    const samples = [];
    for (const test of ["SET", "GET"]) {
      const cpuBefore = cpuSeconds(server.pid);
      const { rps, p50, p99 } = await redisBenchmark(toolbox, port, test, step);
      const cpuUsed = cpuSeconds(server.pid) - cpuBefore;
      const perCpuSecond = cpuUsed > 0 ? step.requests / cpuUsed : null;
      samples.push({ row: `${test} ${step.name}`, value: rps, extras: { p50, p99, perCpuSecond } });
    }
    return samples;
  } finally {
    await server.stop();
  }
}

async function redisBenchmark(toolbox, port, test, step) {
  const options = {
    h: "127.0.0.1",
    p: port,
    t: test.toLowerCase(),
    n: step.requests,
    c: CLIENTS,
    P: step.pipeline,
  };
  const args = ["--csv", ...Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)])];
  const command = { file: toolbox.redisBenchmark.path, args };
  const output = await runToEnd(command, { core: LOAD_CORE, taskset: toolbox.taskset, patience: 60 });
  const lines = output
    .trim()
    .split(/[\r\n]+/)
    .map((line) => line.split(",").map((cell) => cell.replaceAll('"', "")));
  const headings = lines.find(([first]) => first === "test");
  const values = lines.find(([first]) => first === test);
  if (!values) throw new Error(`redis-benchmark printed no line for ${test}`);
  // Before version 6.2 there was no heading line, and no latencies either.
  const column = (heading) => (headings ? Number(values[headings.indexOf(heading)]) : NaN);
  const rps = Number(values[1]);
  if (!(rps > 0)) throw new Error(`redis-benchmark measured no ${test} at all`);
  return { rps, p50: column("p50_latency_ms") * 1000, p99: column("p99_latency_ms") * 1000 };
}

export const kvServer = {
  name: "kv-server",
  title: `examples/kv-server under redis-benchmark, ${CLIENTS} clients`,
  explains:
    `Commands per second that redis-benchmark counts with ${CLIENTS} clients; -P is how many commands each client sends at once. ` +
    "The server has core 0, redis-benchmark core 1; 'per CPU s' is commands per second of the server's own CPU time.",
  unit: "commands/s",
  better: "higher",
  twin: "redis-server",
  contestants,
  steps: (settings) => [
    { name: "-P 1", pipeline: 1, requests: settings.quick ? 20_000 : 100_000 },
    { name: "-P 16", pipeline: 16, requests: settings.quick ? 80_000 : 600_000 },
  ],
  measure,
  columns: [
    { key: "p50", heading: "p50 us", format: (value) => value.toFixed(0) },
    { key: "p99", heading: "p99 us", format: (value) => value.toFixed(0) },
    { key: "perCpuSecond", heading: "per CPU s", format: rate },
  ],
  references: [{ heading: "x redis-server", of: () => "redis-server" }],
  targets: [
    { contestant: "ours-native", rows: ["SET -P 1", "GET -P 1"], against: "redis-server", atLeast: 0.6 },
  ],
  format: rate,
};
