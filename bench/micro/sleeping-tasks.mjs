// Measures the memory of tasks that sleep. Needs --expose-gc.
// Its arguments: the backend (or "promises", "timeouts") and the step as JSON.
import { print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { count } = JSON.parse(json);

const SLEEP_SECONDS = 3600;

/** What every contestant keeps, made before the first look at the memory: the tasks, and what wakes a promise. */
const tasks = new Array(count).fill(null);
const wakers = new Array(count).fill(null);
let asleep = 0;
let ended = 0;

function collectedMemory() {
  // What the first collection lets go of can hold back others until the second.
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, rss };
}

/** `start` starts all tasks and waits until they sleep. */
async function measure(start) {
  const before = collectedMemory();
  await start();
  const after = collectedMemory();
  if (asleep !== count || ended !== 0) throw new Error(`${asleep} tasks of ${count} are asleep`);
  const each = (key) => (after[key] - before[key]) / count;
  return { value: each("heap") + each("external"), heap: each("heap"), rss: each("rss") };
}

function checkEnded() {
  if (ended !== count) throw new Error(`${ended} tasks of ${count} have ended`);
}

async function measureNode() {
  async function onPromise(i) {
    asleep++;
    await new Promise((resolve) => (wakers[i] = resolve));
    ended++;
  }
  async function onTimeout(i) {
    asleep++;
    // One delay for all, so that they share a list; and none keeps the process alive.
    await new Promise((resolve) => setTimeout((wakers[i] = resolve), SLEEP_SECONDS * 1000).unref());
    ended++;
  }
  const sleeper = flavour === "promises" ? onPromise : onTimeout;
  const figures = await measure(async () => {
    for (let i = 0; i < count; i++) tasks[i] = sleeper(i);
  });
  for (const wake of wakers) wake();
  await Promise.all(tasks);
  checkEnded();
  return figures;
}

async function measureOurs() {
  const { asyncio, onOurLoop } = await import("./on-our-loop.mjs");
  const { createTask, sleep, wait } = asyncio;
  function* sleeper() {
    try {
      asleep++;
      yield* sleep(SLEEP_SECONDS);
    } finally {
      ended++;
    }
  }
  function* start() {
    for (let i = 0; i < count; i++) tasks[i] = createTask(sleeper());
    while (asleep < count) yield* sleep(0);
  }
  function* cancelAll() {
    for (const task of tasks) task.cancel();
    yield* wait(tasks);
  }
  return onOurLoop(flavour, async () => {
    const figures = await measure(() => createTask(start()).toPromise());
    await createTask(cancelAll()).toPromise();
    checkEnded();
    return figures;
  });
}

print(await (["promises", "timeouts"].includes(flavour) ? measureNode() : measureOurs()));
