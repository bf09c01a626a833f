// Measures a task switch in a process that uses AsyncLocalStorage, or does not.
// Its arguments: the backend (or "node") and the step as JSON.
import { AsyncLocalStorage } from "node:async_hooks";
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { kind, tasks, switches, seconds } = JSON.parse(json);
const operations = tasks * switches;

const STORE = { request: 1 };
const storage = kind === "none" ? null : new AsyncLocalStorage();

/** Calls `start` as the row says: where no store is set, although one was elsewhere, or where one is. */
function inPlace(start) {
  if (kind === "elsewhere") void storage.run(STORE, () => Promise.resolve());
  if (kind === "around") storage.run(STORE, start);
  else start();
}

function checkStore() {
  const expected = kind === "around" ? STORE : undefined;
  if (storage?.getStore() !== expected) throw new Error("a task sees the wrong store");
}

async function measureNode() {
  async function worker() {
    checkStore();
    for (let i = 0; i < switches; i++) await null;
    checkStore();
  }
  const start = (done) => void Promise.all(Array.from({ length: tasks }, worker)).then(done);
  return nanosecondsPerOperation({ seconds, operations, batch: (done) => inPlace(() => start(done)) });
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  const { gather, sleep } = asyncio;
  function* worker() {
    checkStore();
    for (let i = 0; i < switches; i++) yield* sleep(0);
    checkStore();
  }
  function* main() {
    yield* gather(...Array.from({ length: tasks }, worker));
  }
  const batch = (done) => inPlace(() => runTask(main(), done));
  return onOurLoop(flavour, () => nanosecondsPerOperation({ seconds, operations, batch }));
}

print({ value: await (flavour === "node" ? measureNode() : measureOurs()) });
