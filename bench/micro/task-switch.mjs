// Measures a task switch: argv is the backend (or "node") and the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { tasks, switches, seconds } = JSON.parse(json);
const operations = tasks * switches;

async function measureNode() {
  async function worker() {
    for (let i = 0; i < switches; i++) await null;
  }
  const batch = (done) => void Promise.all(Array.from({ length: tasks }, worker)).then(done);
  return nanosecondsPerOperation({ seconds, operations, batch });
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  const { gather, sleep } = asyncio;
  function* worker() {
    for (let i = 0; i < switches; i++) yield* sleep(0);
  }
  function* main() {
    yield* gather(...Array.from({ length: tasks }, worker));
  }
  const batch = (done) => runTask(main(), done);
  return onOurLoop(flavour, () => nanosecondsPerOperation({ seconds, operations, batch }));
}

print({ value: await (flavour === "node" ? measureNode() : measureOurs()) });
