// Lists the subjects in the order they run.
import { churn } from "./churn.mjs";
import { echoLarge, echoPipelined, echoSmall } from "./echo.mjs";
import { idle } from "./idle.mjs";
import { kvServer } from "./kv-server.mjs";
import { resumeDepth } from "./resume-depth.mjs";
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
  timers,
];
