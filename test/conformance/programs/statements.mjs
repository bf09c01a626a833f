// Statements of random programs that never wait: they may stand in coroutines and in callbacks.
import { TICKS } from "./world.mjs";
import { absent } from "./types.mjs";

/**
 * @typedef {import("./types.mjs").Statement} Statement
 * @typedef {import("./world.mjs").World} World
 * @typedef {import("./world.mjs").Scope} Scope
 */

/** What a `return` statement gives to the blocks around it. */
export class Return {
  /** @param {unknown} value */
  constructor(value) {
    this.value = value;
  }
}

/**
 * Runs statements in a callback. What they raise goes to the exception handler.
 * @param {World} world
 * @param {Scope} scope
 * @param {Statement[]} statements
 */
export function runNow(world, scope, statements) {
  for (const node of statements) {
    if (world.dead) return;
    SYNC[node.op](world, scope, node);
  }
}

/**
 * @param {World} world
 * @param {Statement} node
 */
function target(world, node) {
  return node.of === "self" ? world.asyncio.currentTask(world.loop) : world.find(node.of);
}

/**
 * @param {World} world
 * @param {Statement} node
 * @returns {{ context?: any }}
 */
export function contextOption(world, node) {
  const k = node.context;
  if (absent(k)) return {};
  if (!world.contexts.has(k)) world.contexts.set(k, world.asyncio.copyContext());
  return { context: world.contexts.get(k) };
}

/** @type {Record<string, (world: World, scope: Scope, node: Statement) => Return | void>} */
export const SYNC = {
  raise(world, _scope, node) {
    throw world.error(node);
  },

  return(_world, _scope, node) {
    return new Return(node.value);
  },

  cancel(world, scope, node) {
    const task = target(world, node);
    if (absent(task)) return world.log(scope.who, "cancel nobody");
    const done = absent(node.text) ? task.cancel() : task.cancel(node.text);
    world.log(scope.who, `cancel ${world.show(task)}: ${world.show(done)}`);
  },

  uncancel(world, scope, node) {
    const task = target(world, node);
    if (!(task instanceof world.asyncio.Task)) return world.log(scope.who, "uncancel nobody");
    world.log(scope.who, `uncancel ${world.show(task)}: ${task.uncancel()}`);
  },

  probe(world, scope, node) {
    const future = world.find(node.of);
    if (future === undefined) return world.log(scope.who, "probe nobody");
    const counts = future instanceof world.asyncio.Task ? ` cancelling=${future.cancelling()}` : "";
    const [done, cancelled] = [future.done(), future.cancelled()].map((value) => world.show(value));
    world.log(scope.who, `probe ${world.show(future)}: ${done} ${cancelled}${counts}`);
    if (node.read) world.log(scope.who, `holds ${world.show(future.result())}`);
  },

  settle(world, scope, node) {
    const future = world.futures[node.f];
    if (node.how === "result") future.setResult(node.value);
    else future.setException(world.error(node));
    world.log(scope.who, `settled f${node.f}`);
  },

  // A bare future is replaced by a new one; who waits for the old goes on waiting.
  renew(world, scope, node) {
    world.futures[node.f] = world.loop.createFuture();
    world.names.set(world.futures[node.f], `f${node.f}`);
    world.log(scope.who, `renewed f${node.f}`);
  },

  soon(world, scope, node) {
    const inner = scope.named(node.name);
    const run = () => runNow(world, inner, node.do);
    const options = absent(node.context) ? [] : [contextOption(world, node)];
    const handle = absent(node.delay)
      ? world.loop.callSoon(run, ...options)
      : world.loop.callLater(node.delay / TICKS, run, ...options);
    world.handles.set(node.handle, handle);
    world.log(scope.who, `scheduled ${node.name}`);
  },

  unschedule(world, scope, node) {
    const handle = world.handles.get(node.handle);
    if (handle === undefined) return world.log(scope.who, "unschedule nothing");
    handle.cancel();
    world.log(scope.who, `unscheduled h${node.handle}: ${world.show(handle.cancelled())}`);
  },

  whenDone(world, scope, node) {
    const future = world.find(node.of);
    if (future === undefined) return world.log(scope.who, "callback on nobody");
    const inner = scope.named(node.name);
    /** @param {unknown} done */
    const callback = (done) => {
      world.log(inner.who, `called with ${world.show(done)}`);
      runNow(world, inner, node.do);
    };
    world.callbacks.set(node.name, { target: future, callback });
    future.addDoneCallback(callback, contextOption(world, node));
    world.log(scope.who, `callback on ${world.show(future)}`);
  },

  notWhenDone(world, scope, node) {
    const added = world.callbacks.get(node.name);
    if (added === undefined) return world.log(scope.who, "no callback");
    world.log(scope.who, `callbacks removed: ${added.target.removeDoneCallback(added.callback)}`);
  },

  count(world, scope, node) {
    world.counters.set(node.counter, (world.counters.get(node.counter) ?? 0) + 1);
    world.log(scope.who, `counter ${node.counter}=${world.counters.get(node.counter)}`);
  },

  setVariable(world, _scope, node) {
    world.variables[node.v].set(node.value);
  },

  getVariable(world, scope, node) {
    world.log(scope.who, `v${node.v}=${world.show(world.variables[node.v].get())}`);
  },

  reschedule(world, scope, node) {
    const { timeouts, who } = scope;
    if (timeouts.length === 0) return world.log(who, "no timeout around");
    const block = timeouts[Math.max(0, timeouts.length - 1 - node.depth)];
    block.reschedule(node.delay === null ? null : world.loop.time() + node.delay / TICKS);
    world.log(who, `rescheduled ${world.show(node.delay === null ? null : block.when() * TICKS)}`);
  },

  whoami(world, scope, _node) {
    const task = world.asyncio.currentTask(world.loop);
    if (task === null) return world.log(scope.who, "in no task");
    // Tasks that were given no name are numbered over the whole life of a process.
    const name = task.getName().startsWith("Task-") ? "unnamed" : task.getName();
    world.log(scope.who, `in ${name} cancelling=${task.cancelling()}`);
  },
};
