// Measures making, running and collecting a task: argv is the backend (or "node") and the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { tasks, seconds } = JSON.parse(json);

function checkSum(results) {
  const expected = (tasks * (tasks - 1)) / 2;
  if (results.reduce((sum, value) => sum + value, 0) !== expected) throw new Error("a result is missing");
}

async function measureNode() {
  async function one(i) {
    return i;
  }
  async function main() {
    checkSum(await Promise.all(Array.from({ length: tasks }, (_, i) => one(i))));
  }
  return nanosecondsPerOperation({ seconds, operations: tasks, batch: (done) => void main().then(done) });
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  function* one(i) {
    return i;
  }
  function* main() {
    checkSum(yield* asyncio.gather(...Array.from({ length: tasks }, (_, i) => one(i))));
  }
  const batch = (done) => runTask(main(), done);
  return onOurLoop(flavour, () => nanosecondsPerOperation({ seconds, operations: tasks, batch }));
}

print({ value: await (flavour === "node" ? measureNode() : measureOurs()) });
