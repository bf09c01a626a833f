// Measures the cancellation of a tree of tasks, from cancel() on its root until every task has ended.
// Its arguments: the backend and the step as JSON.
import { medianOfRuns, print } from "./batches.mjs";
import { asyncio, onOurLoop } from "./on-our-loop.mjs";

const [backend, json] = process.argv.slice(2);
const { kind, fanOut, depth, seconds } = JSON.parse(json);
const { asyncWith, createTask, gather, sleep, TaskGroup, wait } = asyncio;

const WARM_UP_DEPTH = 3;
const WARM_UP_RUNS = 3;

function tasksIn(levels) {
  return (fanOut ** (levels + 1) - 1) / (fanOut - 1);
}

/** One tree: made, left to fall asleep, cancelled. Gives the nanoseconds of the cancellation. */
function* cancelTree(levels) {
  let asleep = 0;
  let ended = 0;
  function* leaf() {
    try {
      asleep++;
      yield* sleep(3600);
    } finally {
      ended++;
    }
  }
  function* group(level) {
    try {
      yield* asyncWith(new TaskGroup(), function* (tasks) {
        for (let i = 0; i < fanOut; i++) tasks.createTask(node(level - 1));
      });
    } finally {
      ended++;
    }
  }
  function* gathered(level) {
    try {
      yield* gather(...Array.from({ length: fanOut }, () => node(level - 1)));
    } finally {
      ended++;
    }
  }
  const inner = kind === "group" ? group : gathered;
  const node = (level) => (level === 0 ? leaf() : inner(level));

  const root = createTask(node(levels));
  while (asleep < fanOut ** levels) yield* sleep(0);
  const begin = performance.now();
  root.cancel();
  yield* wait([root]);
  const nanoseconds = (performance.now() - begin) * 1e6;
  if (!root.cancelled() || ended !== tasksIn(levels)) throw new Error("a task was not cancelled");
  return nanoseconds;
}

/** In a task of its own, because it is started between the turns of the loop. */
function runTree(levels) {
  return createTask(cancelTree(levels)).toPromise();
}

async function measure() {
  for (let i = 0; i < WARM_UP_RUNS; i++) await runTree(WARM_UP_DEPTH);
  return medianOfRuns({ seconds, operations: tasksIn(depth), run: () => runTree(depth) });
}

print({ value: await onOurLoop(backend, measure) });
