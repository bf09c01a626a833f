// The echo subjects: small messages, large messages, pipelined messages, each against the C++ limit.
import { echoContestants, LIMIT } from "../harness/contestants.mjs";
import { LOAD_CORE, runToEnd, SERVER_CORE, startServer } from "../harness/pinned-process.mjs";
import { microseconds, percent, rate } from "./formats.mjs";

const COLUMNS = [
  { key: "p50", heading: "p50 us", format: microseconds },
  { key: "p99", heading: "p99 us", format: microseconds },
  { key: "p999", heading: "p99.9 us", format: microseconds },
  { key: "perCpuSecond", heading: "per CPU s", format: rate },
  { key: "loadCpu", heading: "load CPU", format: percent },
  { key: "waited", heading: "waited", format: percent },
];

export const ECHO_REFERENCES = [
  { heading: "x limit", of: () => LIMIT },
  { heading: "x node:net", of: () => "node-net" },
  { heading: "x uvloop", of: ({ style }) => (style ? `uvloop-${style}` : null) },
];

async function measure({ contestant, step, settings, toolbox }) {
  const { taskset } = toolbox;
  const server = await startServer(contestant.command, { core: SERVER_CORE, taskset });
  let output;
  try {
    const options = {
      port: server.ready[1],
      connections: step.connections,
      size: step.size,
      pipeline: step.pipeline ?? 1,
      seconds: settings.seconds,
      warmup: settings.warmup,
      "server-pid": server.pid,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const patience = settings.seconds + settings.warmup + 20;
    output = await runToEnd(
      { file: toolbox.loadGenerator.path, args },
      { core: LOAD_CORE, taskset, patience },
    );
  } finally {
    await server.stop();
  }
  const { rps, p50, p99, p999, max, loadCpu, loadWaited, serverCpu, serverWaited } = JSON.parse(output);
  const perCpuSecond = serverCpu ? rps / serverCpu : null;
  const waited = Math.max(loadWaited ?? 0, serverWaited ?? 0);
  return [{ row: step.name, value: rps, extras: { p50, p99, p999, max, perCpuSecond, loadCpu, waited } }];
}

function echoSubject(own) {
  return {
    unit: "messages/s",
    better: "higher",
    twin: LIMIT,
    contestants: echoContestants,
    measure,
    columns: COLUMNS,
    references: ECHO_REFERENCES,
    format: rate,
    ...own,
  };
}

const COMMON =
  "Closed loop: each connection sends, waits for the whole echo, and sends again. 'per CPU s' is messages per second of " +
  "the server's own CPU time; 'load CPU' is what the generator used of its core: near 100 % it was the generator, " +
  "not the server, that set the pace, and 'per CPU s' tells more than the rate. 'waited' is the share of the time that " +
  "the server or the generator was kept off its core by other programs: a row with more than a few per cent is disturbed.";

/** Both styles against the same three rivals, for rows where the cost of one message decides. */
function styleTargets({ protocol, streams }) {
  return [
    ...["ours-protocol", "ours-protocol-borrowed"].flatMap((contestant) => [
      { contestant, against: LIMIT, atLeast: protocol.limit },
      { contestant, against: "node-net", atLeast: protocol.nodeNet },
      { contestant, against: "uvloop-protocol", atLeast: protocol.uvloop },
    ]),
    { contestant: "ours-streams", against: LIMIT, atLeast: streams.limit },
    { contestant: "ours-streams", against: "node-net", atLeast: streams.nodeNet },
    { contestant: "ours-streams", against: "uvloop-streams", atLeast: streams.uvloop },
  ];
}

export const echoSmall = echoSubject({
  name: "echo-1k",
  title: "TCP echo, 1 KiB ping-pong, 10, 100 and 1000 connections",
  explains: `Messages of 1 KiB echoed per second. ${COMMON}`,
  steps: () =>
    [10, 100, 1000].map((connections) => ({ name: `${connections} connections`, connections, size: 1024 })),
  targets: styleTargets({
    protocol: { limit: 0.9, nodeNet: 1.5, uvloop: 1.15 },
    streams: { limit: 0.75, nodeNet: 1.3, uvloop: 1.15 },
  }),
});

export const echoLarge = echoSubject({
  name: "echo-100k",
  title: "TCP echo, 100 KiB ping-pong, 10 connections",
  explains: `Messages of 100 KiB echoed per second; the C++ servers read up to 256 KiB at a time. ${COMMON}`,
  steps: () => [{ name: "10 connections", connections: 10, size: 100 * 1024 }],
  targets: [
    { contestant: "ours-protocol", against: LIMIT, atLeast: 0.6 },
    { contestant: "ours-protocol-borrowed", against: LIMIT, atLeast: 0.9 },
    { contestant: "ours-streams", against: LIMIT, atLeast: 0.5 },
    ...["ours-protocol", "ours-protocol-borrowed", "ours-streams"].map((contestant) => ({
      contestant,
      against: "node-net",
      atLeast: 1.5,
    })),
  ],
});

export const echoPipelined = echoSubject({
  name: "echo-pipelined",
  title: "TCP echo, 64 B messages, 16 in flight on each of 50 connections",
  explains: `Messages of 64 B echoed per second, sent 16 at a time in one write; the times are those of 16. ${COMMON}`,
  steps: () => [{ name: "50 connections", connections: 50, size: 64, pipeline: 16 }],
  targets: [
    { contestant: "ours-protocol", against: LIMIT, atLeast: 0.9 },
    { contestant: "ours-protocol-borrowed", against: LIMIT, atLeast: 0.9 },
    { contestant: "ours-streams", against: LIMIT, atLeast: 0.7 },
  ],
});
