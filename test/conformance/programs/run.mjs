// Runs random programs under this library and gives back their logs as lines.
import { runBody } from "./coroutines.mjs";
import { show, showState } from "./describe.mjs";
import "./locking.mjs";
import { showBarrier, showQueue } from "./locking.mjs";
import "./waiting.mjs";
import { Scope, TICKS, World } from "./world.mjs";

/** The tick at which what still runs is abandoned. */
const END = 4096;

/**
 * @param {import("./types.mjs").Asyncio} asyncio
 * @param {new () => import("../../../lib/index.ts").Clock} VirtualClock
 * @param {"native" | "pure"} backend
 * @param {import("./types.mjs").Program} program
 */
export async function runProgram(asyncio, VirtualClock, backend, program) {
  const loop = asyncio.newEventLoop({ backend, clock: new VirtualClock() });
  const world = new World(asyncio, loop, program);
  loop.setExceptionHandler((_loop, context) => world.report(context));
  if (program.eager) loop.setTaskFactory(asyncio.eagerTaskFactory);
  loop.callAt(END / TICKS, () => loop.stop());
  world.put("main", loop.createTask(runBody(world, new Scope("main"), program.main), { name: "main" }));
  await loop.runForever();
  if (!world.dead) logEnd(world);
  world.dead = true;
  loop.close();
  return world.lines;
}

/** @param {World} world */
function logEnd(world) {
  /** @param {string} text */
  const log = (text) => world.log("=", text);
  const { locks, events, conditions, semaphores, barriers, queues } = world;
  for (const future of world.started) log(`${world.show(future)} ${showState(future)}`);
  world.futures.forEach((future, i) => log(`f${i} ${showState(future)}`));
  locks.forEach((lock, i) => log(`lock${i} ${show(lock.locked())}`));
  events.forEach((event, i) => log(`event${i} ${show(event.isSet())}`));
  conditions.forEach((condition, i) => log(`condition${i} ${show(condition.locked())}`));
  semaphores.forEach((semaphore, i) => log(`semaphore${i} ${show(semaphore.locked())}`));
  barriers.forEach((barrier, i) => log(`barrier${i} ${showBarrier(barrier)}`));
  queues.forEach((queue, i) => log(`q${i} ${showQueue(queue)} ${drained(queue)}`));
}

/** @param {any} queue */
function drained(queue) {
  const items = [];
  for (;;) {
    try {
      items.push(queue.getNowait());
    } catch (error) {
      return `${show(items)} ${/** @type {Error} */ (error).name}`;
    }
  }
}
