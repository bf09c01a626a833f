// Statements of random programs on locks, events, conditions, semaphores, barriers and queues.
import { ASYNC, runBlock } from "./coroutines.mjs";
import { SYNC } from "./statements.mjs";
import { absent } from "./types.mjs";

/**
 * @param {import("./world.mjs").World} world
 * @param {import("./types.mjs").Statement} node
 */
function lockable(world, node) {
  const kind = /** @type {"lock" | "condition" | "semaphore"} */ (node.kind);
  return { lock: world.locks, condition: world.conditions, semaphore: world.semaphores }[kind][node.k];
}

/** @param {any} barrier */
export const showBarrier = ({ parties, nWaiting, broken }) =>
  `${parties} ${nWaiting} ${broken ? "True" : "False"}`;

/** @param {any} queue */
export const showQueue = (queue) =>
  `${queue.qsize()} ${queue.empty() ? "True" : "False"} ${queue.full() ? "True" : "False"}`;

/** @type {typeof SYNC} */
const now = {
  release(world, scope, node) {
    const lock = lockable(world, node);
    lock.release();
    world.log(scope.who, `released ${node.kind}${node.k} ${world.show(lock.locked())}`);
  },

  locked(world, scope, node) {
    world.log(scope.who, `${node.kind}${node.k} locked ${world.show(lockable(world, node).locked())}`);
  },

  notify(world, scope, node) {
    const condition = world.conditions[node.k];
    if (node.n === null) condition.notifyAll();
    else condition.notify(node.n);
    world.log(scope.who, `notify condition${node.k}`);
  },

  event(world, scope, node) {
    const event = world.events[node.k];
    if (node.set) event.set();
    else event.clear();
    world.log(scope.who, `event${node.k} ${world.show(event.isSet())}`);
  },

  putNowait(world, scope, node) {
    world.queues[node.k].putNowait(node.value);
    world.log(scope.who, `put ${node.value} into q${node.k} at once`);
  },

  getNowait(world, scope, node) {
    const value = world.queues[node.k].getNowait();
    world.log(scope.who, `got ${world.show(value)} from q${node.k} at once`);
  },

  taskDone(world, scope, node) {
    world.queues[node.k].taskDone();
    world.log(scope.who, `task done q${node.k}`);
  },

  shutdown(world, scope, node) {
    world.queues[node.k].shutdown(node.immediate);
    world.log(scope.who, `shut down q${node.k}`);
  },

  queue(world, scope, node) {
    world.log(scope.who, `q${node.k} ${showQueue(world.queues[node.k])}`);
  },
};
Object.assign(SYNC, now);

/** @type {typeof ASYNC} */
const waiting = {
  *acquire(world, scope, node) {
    const value = yield* lockable(world, node).acquire();
    world.log(scope.who, `acquired ${node.kind}${node.k} ${world.show(value)}`);
  },

  *with(world, scope, node) {
    const outcome = yield* world.asyncio.asyncWith(lockable(world, node), function* () {
      world.log(scope.who, `holds ${node.kind}${node.k}`);
      return yield* runBlock(world, scope, node.do);
    });
    world.log(scope.who, `left ${node.kind}${node.k}`);
    return outcome;
  },

  *conditionWait(world, scope, node) {
    const condition = world.conditions[node.k];
    let value;
    try {
      value = absent(node.counter)
        ? yield* condition.wait()
        : yield* condition.waitFor(() => (world.counters.get(node.counter) ?? 0) >= node.value);
    } finally {
      world.log(scope.who, `woken, condition${node.k} locked ${world.show(condition.locked())}`);
    }
    world.log(scope.who, `notified ${world.show(value)}`);
  },

  *eventWait(world, scope, node) {
    const value = yield* world.events[node.k].wait();
    world.log(scope.who, `saw event${node.k} ${world.show(value)}`);
  },

  *barrierWait(world, scope, node) {
    const barrier = world.barriers[node.k];
    if (absent(node.do)) {
      const position = yield* barrier.wait();
      world.log(scope.who, `passed barrier${node.k} ${position}`);
      return undefined;
    }
    return yield* world.asyncio.asyncWith(barrier, function* (position) {
      world.log(scope.who, `inside barrier${node.k} ${position}`);
      return yield* runBlock(world, scope, node.do);
    });
  },

  *barrier(world, scope, node) {
    const barrier = world.barriers[node.k];
    if (node.how === "reset") yield* barrier.reset();
    else yield* barrier.abort();
    world.log(scope.who, `${node.how} barrier${node.k} ${showBarrier(barrier)}`);
  },

  *put(world, scope, node) {
    yield* world.queues[node.k].put(node.value);
    world.log(scope.who, `put ${node.value} into q${node.k}`);
  },

  *get(world, scope, node) {
    const value = yield* world.queues[node.k].get();
    world.log(scope.who, `got ${world.show(value)} from q${node.k}`);
  },

  *join(world, scope, node) {
    yield* world.queues[node.k].join();
    world.log(scope.who, `joined q${node.k}`);
  },
};
Object.assign(ASYNC, waiting);
