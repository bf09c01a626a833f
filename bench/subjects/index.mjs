// Lists the subjects in the order they run.
import { asyncFunctionSwitch } from "./async-function-switch.mjs";
import { asyncLocalStorage } from "./async-local-storage.mjs";
import { cancelTree } from "./cancel-tree.mjs";
import { churn } from "./churn.mjs";
import { echoLarge, echoPipelined, echoSmall } from "./echo.mjs";
import { idle } from "./idle.mjs";
import { kvServer } from "./kv-server.mjs";
import { locks } from "./locks.mjs";
import { queue } from "./queue.mjs";
import { resumeDepth } from "./resume-depth.mjs";
import { sleepingTasks } from "./sleeping-tasks.mjs";
import { spawnGather } from "./spawn-gather.mjs";
import { taskSwitch } from "./task-switch.mjs";
import { timers } from "./timers.mjs";

/** @type {import("../harness/compare.mjs").Subject[]} */
export const SUBJECTS = [
  echoSmall,
  echoLarge,
  echoPipelined,
  kvServer,
  idle,
  churn,
  taskSwitch,
  spawnGather,
  resumeDepth,
  asyncFunctionSwitch,
  asyncLocalStorage,
  queue,
  locks,
  cancelTree,
  sleepingTasks,
  timers,
];
