// Statements of random programs that wait for tasks and for time: sleep, gather, wait, timeouts, groups and their like.
import { ASYNC, awaitable, awaitables, runBlock, runBody } from "./coroutines.mjs";
import { SYNC } from "./statements.mjs";
import { Scope, TICKS } from "./world.mjs";

/** @param {number | null} ticks */
const seconds = (ticks) => (ticks === null ? null : ticks / TICKS);

/** @type {typeof SYNC} */
const now = {
  // A gather() or shield() whose future is kept and not awaited.
  start(world, scope, node) {
    let future;
    if (node.what === "gather") {
      future = world.asyncio.gather(awaitables(world, scope, node.items), {
        returnExceptions: node.returnExceptions,
      });
    } else {
      const item = awaitable(world, scope, node.items[0]);
      if (item === undefined) return world.log(scope.who, "shield nobody");
      future = world.asyncio.shield(item);
    }
    world.put(node.slot, future);
    world.log(scope.who, `started ${node.what} ${world.show(future)}`);
  },
};
Object.assign(SYNC, now);

/** @type {typeof ASYNC} */
const waiting = {
  *sleep(world, scope, node) {
    const value = yield* world.asyncio.sleep(node.delay / TICKS, node.value);
    world.log(scope.who, `slept ${world.show(value)}`);
  },

  *await(world, scope, node) {
    const target = world.find(node.of);
    if (target === undefined) return world.log(scope.who, "await nobody");
    world.log(scope.who, `got ${world.show(target)}: ${world.show(yield* target)}`);
  },

  *gather(world, scope, node) {
    const items = awaitables(world, scope, node.items);
    const values = yield* world.asyncio.gather(items, { returnExceptions: node.returnExceptions });
    world.log(scope.who, `gathered ${world.show(values)}`);
  },

  *wait(world, scope, node) {
    const items = awaitables(world, scope, node.items);
    const options = { timeout: seconds(node.timeout), returnWhen: node.until };
    const [done, pending] = yield* world.asyncio.wait(items, options);
    world.log(scope.who, `waited ${world.show([...done])} ${world.show([...pending])}`);
  },

  *waitFor(world, scope, node) {
    const item = awaitable(world, scope, node.item);
    if (item === undefined) return world.log(scope.who, "wait for nobody");
    const value = yield* world.asyncio.waitFor(item, seconds(node.timeout));
    world.log(scope.who, `waited for ${world.show(value)}`);
  },

  *shield(world, scope, node) {
    const item = awaitable(world, scope, node.item);
    if (item === undefined) return world.log(scope.who, "shield nobody");
    world.log(scope.who, `shielded ${world.show(yield* world.asyncio.shield(item))}`);
  },

  *asCompleted(world, scope, node) {
    const items = awaitables(world, scope, node.items);
    const ready = world.asyncio.asCompleted(items, { timeout: seconds(node.timeout) });
    let left = node.limit;
    if (node.plain) {
      for (const one of ready) {
        if (left === 0) break;
        left--;
        try {
          world.log(scope.who, `next ${world.show(yield* one)}`);
        } catch (error) {
          if (error instanceof world.asyncio.CancelledError) throw error;
          world.log(scope.who, `next failed ${world.show(error)}`);
        }
      }
    } else {
      for (;;) {
        const step = /** @type {IteratorResult<any, any>} */ (yield* ready.anext());
        if (step.done) break;
        world.log(scope.who, `next ${world.show(step.value)} ${world.show(step.value.done())}`);
        left--;
        if (left <= 0) break;
      }
    }
    world.log(scope.who, "all completed");
  },

  *race(world, scope, node) {
    const starters = node.items.map((/** @type {any} */ item) => () => runBody(world, scope, item.body));
    const result = yield* world.asyncio.staggeredRace(starters, seconds(node.delay));
    const [winner, index, errors] = result.map((part) => world.show(part));
    world.log(scope.who, `raced ${winner} ${index} ${errors}`);
  },

  *timeout(world, scope, node) {
    const { timeout, timeoutAt, asyncWith } = world.asyncio;
    const delay = seconds(node.delay);
    const block = node.absolute && delay !== null ? timeoutAt(world.loop.time() + delay) : timeout(delay);
    const inner = new Scope(scope.who, scope.groups, [...scope.timeouts, block]);
    try {
      return yield* asyncWith(block, () => runBlock(world, inner, node.do));
    } finally {
      world.log(scope.who, `timeout left, expired ${world.show(block.expired())}`);
    }
  },

  *group(world, scope, node) {
    const group = new world.asyncio.TaskGroup();
    const inner = new Scope(scope.who, [...scope.groups, group], scope.timeouts);
    try {
      return yield* world.asyncio.asyncWith(group, function* () {
        const outcome = yield* runBlock(world, inner, node.do);
        world.log(scope.who, "group body ends");
        return outcome;
      });
    } finally {
      world.log(scope.who, "group left");
    }
  },
};
Object.assign(ASYNC, waiting);
