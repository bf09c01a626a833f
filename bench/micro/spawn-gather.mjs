// Measures making, running and collecting a task: all of them together, or one after the other.
// Its arguments: the backend (or "node", "effect", "effect-all", "effection") and the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { kind, tasks, seconds } = JSON.parse(json);

/** At effection's price 10 000 tasks would be seconds a batch, and the price of one does not depend on how many there are. */
const EFFECTION_TASKS = Math.min(tasks, 1000);

function checkSum(results, count = tasks) {
  const expected = (count * (count - 1)) / 2;
  if (results.reduce((sum, value) => sum + value, 0) !== expected) throw new Error("a result is missing");
}

function measureBatches(batch, operations = tasks) {
  return nanosecondsPerOperation({ seconds, operations, batch });
}

async function measureNode() {
  async function one(i) {
    return i;
  }
  async function gather() {
    checkSum(await Promise.all(Array.from({ length: tasks }, (_, i) => one(i))));
  }
  async function join() {
    const results = [];
    for (let i = 0; i < tasks; i++) results.push(await one(i));
    checkSum(results);
  }
  const main = kind === "gather" ? gather : join;
  return measureBatches((done) => void main().then(done));
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  function* one(i) {
    return i;
  }
  function* gather() {
    checkSum(yield* asyncio.gather(...Array.from({ length: tasks }, (_, i) => one(i))));
  }
  function* join() {
    const results = [];
    for (let i = 0; i < tasks; i++) results.push(yield* asyncio.createTask(one(i)));
    checkSum(results);
  }
  const main = kind === "gather" ? gather : join;
  return onOurLoop(flavour, () => measureBatches((done) => runTask(main(), done)));
}

async function measureEffect() {
  const { Effect, Fiber } = await import("effect");
  const one = Effect.fnUntraced(function* (i) {
    return i;
  });
  const gather = Effect.gen(function* () {
    const fibers = [];
    for (let i = 0; i < tasks; i++) fibers.push(yield* Effect.forkChild(one(i)));
    checkSum(yield* Fiber.joinAll(fibers));
  });
  const join = Effect.gen(function* () {
    const results = [];
    for (let i = 0; i < tasks; i++) results.push(yield* Fiber.join(yield* Effect.forkChild(one(i))));
    checkSum(results);
  });
  const all = Effect.gen(function* () {
    const effects = Array.from({ length: tasks }, (_, i) => one(i));
    checkSum(yield* Effect.all(effects, { concurrency: "unbounded" }));
  });
  const main = flavour === "effect-all" ? all : kind === "gather" ? gather : join;
  return measureBatches((done) => void Effect.runPromise(main).then(done));
}

async function measureEffection() {
  const { run, spawn } = await import("effection");
  function* one(i) {
    return i;
  }
  function* gather() {
    const spawned = [];
    for (let i = 0; i < EFFECTION_TASKS; i++) spawned.push(yield* spawn(() => one(i)));
    const results = [];
    for (const task of spawned) results.push(yield* task);
    checkSum(results, EFFECTION_TASKS);
  }
  function* join() {
    const results = [];
    for (let i = 0; i < EFFECTION_TASKS; i++) results.push(yield* yield* spawn(() => one(i)));
    checkSum(results, EFFECTION_TASKS);
  }
  const main = kind === "gather" ? gather : join;
  return measureBatches((done) => void run(main).then(done), EFFECTION_TASKS);
}

const RIVALS = {
  node: measureNode,
  effect: measureEffect,
  "effect-all": measureEffect,
  effection: measureEffection,
};

print({ value: await (RIVALS[flavour] ?? measureOurs)() });
