// The coroutines of random programs: bodies, control flow, and making tasks of them.
import { contextOption, SYNC } from "./statements.mjs";
import { Abandoned } from "./world.mjs";
import { absent } from "./types.mjs";

/**
 * @typedef {import("./types.mjs").Statement} Statement
 * @typedef {import("./types.mjs").Body} Body
 * @typedef {import("./statements.mjs").Return} Return
 * @typedef {import("./world.mjs").World} World
 * @typedef {import("./world.mjs").Scope} Scope
 * @typedef {Generator<any, Return | undefined, any>} Running
 */

/** @type {Record<string, (world: World, scope: Scope, node: Statement) => Generator<any, Return | undefined | void, any>>} */
export const ASYNC = {};

/**
 * Gives the Return that ended the block, or undefined.
 * @param {World} world
 * @param {Scope} scope
 * @param {Statement[]} statements
 * @returns {Running}
 */
export function* runBlock(world, scope, statements) {
  for (const node of statements) {
    if (world.dead) throw new Abandoned();
    const now = SYNC[node.op];
    const outcome = now === undefined ? yield* ASYNC[node.op](world, scope, node) : now(world, scope, node);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/**
 * @param {World} world
 * @param {Scope} outer
 * @param {Body} body
 * @returns {Generator<any, unknown, any>}
 */
function* bodyOf(world, outer, body) {
  const scope = outer.named(body.name);
  world.log(scope.who, "begins");
  let outcome;
  try {
    outcome = yield* runBlock(world, scope, body.do);
  } catch (error) {
    world.log(scope.who, `ends with ${world.show(error)}`);
    throw error;
  }
  const value = outcome?.value;
  world.log(scope.who, `ends: ${world.show(value)}`);
  return value;
}

/** @type {WeakMap<object, (world: World, scope: Scope, body: Body) => any>} */
const wrapped = new WeakMap();

/**
 * A coroutine for a body: a plain generator, or one that the library's coroutine() has wrapped.
 * @param {World} world
 * @param {Scope} scope
 * @param {Body} body
 */
export function runBody(world, scope, body) {
  if (body.object !== true) return bodyOf(world, scope, body);
  const { asyncio } = world;
  if (!wrapped.has(asyncio)) wrapped.set(asyncio, asyncio.coroutine(bodyOf));
  return /** @type {NonNullable<ReturnType<typeof wrapped.get>>} */ (wrapped.get(asyncio))(
    world,
    scope,
    body,
  );
}

/**
 * What a combinator is given: a task or future that exists, or a coroutine. Undefined for an empty slot.
 * @param {World} world
 * @param {Scope} scope
 * @param {any} item
 */
export function awaitable(world, scope, item) {
  return "body" in item ? runBody(world, scope, item.body) : world.find(item);
}

/**
 * @param {World} world
 * @param {Scope} scope
 * @param {any[]} items
 * @returns {any[]}
 */
export function awaitables(world, scope, items) {
  return items.map((item) => awaitable(world, scope, item)).filter((one) => one !== undefined);
}

/**
 * @param {World} world
 * @param {Scope} scope
 * @param {Statement} node
 */
SYNC.spawn = (world, scope, node) => {
  const { body } = node;
  /** @type {Record<string, any>} */
  const options = { name: body.name, ...contextOption(world, node) };
  if (!absent(node.eager)) options.eagerStart = node.eager;
  const { groups } = scope;
  const coroutine = runBody(world, scope, body);
  const task =
    !absent(node.group) && groups.length > 0
      ? groups[Math.max(0, groups.length - 1 - node.group)].createTask(coroutine, options)
      : world.asyncio.createTask(coroutine, options);
  world.put(node.slot, task);
  world.log(scope.who, `spawned ${world.show(task)} ${task.getName()}`);
};

/** @type {Record<string, (world: World, node: Statement) => boolean>} */
const CONDITIONS = {
  done: (world, node) => world.find(node.of)?.done() === true,
  counter: (world, node) => (world.counters.get(node.counter) ?? 0) >= node.value,
  cancelling: (world) => /** @type {any} */ (world.asyncio.currentTask(world.loop)).cancelling() > 0,
  locked: (world, node) => world.locks[node.k].locked(),
  set: (world, node) => world.events[node.k].isSet(),
};

/** @type {typeof ASYNC} */
const control = {
  *call(world, scope, node) {
    world.log(scope.who, `called: ${world.show(yield* runBody(world, scope, node.body))}`);
  },

  *repeat(world, scope, node) {
    for (let i = 0; i < node.times; i++) {
      const outcome = yield* runBlock(world, scope, node.do);
      if (outcome !== undefined) return outcome;
    }
  },

  *if(world, scope, node) {
    return yield* runBlock(world, scope, CONDITIONS[node.test](world, node) ? node.do : node.else);
  },

  *try(world, scope, node) {
    try {
      return yield* tryCatch(world, scope, node);
    } finally {
      if (!absent(node.finally) && !world.dead) {
        world.log(scope.who, "finally");
        const outcome = yield* runBlock(world, scope, node.finally);
        // As in Python, a return in a finally block swallows an error on its way.
        if (outcome !== undefined) return outcome;
      }
    }
  },
};
Object.assign(ASYNC, control);

/**
 * @param {World} world
 * @param {Scope} scope
 * @param {Statement} node
 * @returns {Running}
 */
function* tryCatch(world, scope, node) {
  try {
    return yield* runBlock(world, scope, node.do);
  } catch (error) {
    const handler =
      (error instanceof world.asyncio.CancelledError ? node.onCancel : node.onError) ?? node.onAny;
    if (absent(handler) || error instanceof Abandoned) throw error;
    world.log(scope.who, `caught ${world.show(error)}`);
    const outcome = yield* runBlock(world, scope, handler.do);
    if (outcome !== undefined) return outcome;
    if (handler.then === "again") throw error;
    if (handler.then === "other") throw Object.assign(world.error(handler), { cause: error });
    return undefined;
  }
}
