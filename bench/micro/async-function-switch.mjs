// Measures a task switch between tasks that are async functions: argv is the backend and the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";
import { asyncio, onOurLoop, runTask } from "./on-our-loop.mjs";

const [backend, json] = process.argv.slice(2);
const { tasks, switches, seconds } = JSON.parse(json);
const { createTask, currentTask, gather, sleep } = asyncio;

let finished = 0;

async function worker() {
  const task = currentTask();
  for (let i = 0; i < switches; i++) await sleep(0);
  if (task === null || currentTask() !== task) throw new Error("the current task is another one");
  finished++;
}

function* main() {
  finished = 0;
  // Tasks, because gather() takes the same function twice for one and the same.
  yield* gather(...Array.from({ length: tasks }, () => createTask(worker)));
  if (finished !== tasks) throw new Error("a task is missing");
}

const value = await onOurLoop(backend, () =>
  nanosecondsPerOperation({ seconds, operations: tasks * switches, batch: (done) => runTask(main(), done) }),
);
print({ value });
