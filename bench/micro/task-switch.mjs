// Measures a task switch: argv is the backend (or "node", "effect", "effection") and the step as JSON.
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

/** A peer that did not let the others have their turn would be measured as very fast. */
async function checkTurns(runTwo) {
  let turns = "";
  await runTwo((name) => (turns += name));
  if (turns !== "ababab") throw new Error(`the tasks did not take turns: ${turns}`);
}

async function measureEffect() {
  const { Effect, Fiber } = await import("effect");
  const worker = Effect.fnUntraced(function* () {
    for (let i = 0; i < switches; i++) yield* Effect.yieldNow;
  });
  const noting = Effect.fnUntraced(function* (name, note) {
    for (let i = 0; i < 3; i++) {
      note(name);
      yield* Effect.yieldNow;
    }
  });
  const runAll = (workers) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const fibers = [];
        for (const one of workers) fibers.push(yield* Effect.forkChild(one));
        yield* Fiber.joinAll(fibers);
      }),
    );
  await checkTurns((note) => runAll([noting("a", note), noting("b", note)]));
  const batch = (done) => void runAll(Array.from({ length: tasks }, worker)).then(done);
  return nanosecondsPerOperation({ seconds, operations, batch });
}

async function measureEffection() {
  const { action, run, spawn } = await import("effection");
  // Resolved at once, it still puts its task behind the others; sleep(0) is a setTimeout() of a millisecond.
  const giveWay = action((resolve) => {
    resolve();
    return () => {};
  });
  function* worker() {
    for (let i = 0; i < switches; i++) yield* giveWay;
  }
  function* noting(name, note) {
    for (let i = 0; i < 3; i++) {
      note(name);
      yield* giveWay;
    }
  }
  const runAll = (workers) =>
    run(function* () {
      const spawned = [];
      for (const one of workers) spawned.push(yield* spawn(one));
      for (const task of spawned) yield* task;
    });
  await checkTurns((note) => runAll([() => noting("a", note), () => noting("b", note)]));
  const batch = (done) => void runAll(new Array(tasks).fill(worker)).then(done);
  return nanosecondsPerOperation({ seconds, operations, batch });
}

const RIVALS = { node: measureNode, effect: measureEffect, effection: measureEffection };

print({ value: await (RIVALS[flavour] ?? measureOurs)() });
