// What a random program works on: its loop, its tasks and futures by name, its locks and queues, and the log.
import { Bang, Boom, show } from "./describe.mjs";
import { absent } from "./types.mjs";

/** A program's unit of time is 1/64 s: sums of such floats are exact. */
export const TICKS = 64;

/** A program that logs more than this many lines is abandoned, on both sides at the same line. */
const MAX_LOG = 2000;

/** What ends a coroutine of an abandoned program. */
export class Abandoned extends Error {}

/** Where a statement stands: in whose body, and in which blocks. A body inside a block sees the blocks around it. */
export class Scope {
  /**
   * @param {string} who
   * @param {any[]} groups
   * @param {any[]} timeouts
   */
  constructor(who, groups = [], timeouts = []) {
    this.who = who;
    this.groups = groups;
    this.timeouts = timeouts;
  }

  /** @param {string} who */
  named(who) {
    return new Scope(who, this.groups, this.timeouts);
  }
}

export class World {
  /** @type {string[]} */
  lines = [];
  dead = false;
  /** @type {Map<number | string, any>} */
  slots = new Map();
  /** @type {Map<unknown, string>} */
  names = new Map();
  /** @type {Set<any>} */
  started = new Set();
  /** @type {Map<number, any>} */
  handles = new Map();
  /** @type {Map<string, { target: any, callback: (future: any) => void }>} */
  callbacks = new Map();
  /** @type {Map<number, number>} */
  counters = new Map();
  /** @type {Map<number, any>} */
  contexts = new Map();

  /**
   * @param {import("./types.mjs").Asyncio} asyncio
   * @param {any} loop
   * @param {import("./types.mjs").Program} program
   */
  constructor(asyncio, loop, program) {
    const queues = { fifo: asyncio.Queue, priority: asyncio.PriorityQueue, lifo: asyncio.LifoQueue };
    this.asyncio = asyncio;
    this.loop = loop;
    this.locks = times(program.locks, () => new asyncio.Lock());
    this.events = times(program.events, () => new asyncio.Event());
    this.conditions = program.conditions.map(
      (lock) => new asyncio.Condition(lock === null ? null : this.locks[lock]),
    );
    this.semaphores = program.semaphores.map(({ value, bounded }) =>
      bounded ? new asyncio.BoundedSemaphore(value) : new asyncio.Semaphore(value),
    );
    this.queues = program.queues.map(({ kind, max }) => new queues[kind](max));
    this.barriers = program.barriers.map((parties) => new asyncio.Barrier(parties));
    this.futures = times(program.futures, () => loop.createFuture());
    this.variables = times(program.variables, (i) => new asyncio.ContextVar(`v${i}`, { default: 0 }));
    this.futures.forEach((future, i) => this.names.set(future, `f${i}`));
    this.errors = {
      Boom,
      Bang,
      ValueError: RangeError,
      RuntimeError: asyncio.RuntimeError,
      TimeoutError: asyncio.TimeoutError,
      CancelledError: asyncio.CancelledError,
    };
  }

  /**
   * @param {string} who
   * @param {string} text
   */
  log(who, text) {
    if (this.dead) return;
    this.lines.push(`${this.loop.time() * TICKS} ${who} ${text}`);
    if (this.lines.length >= MAX_LOG) {
      this.dead = true;
      this.loop.stop();
    }
  }

  /** @param {unknown} value */
  show(value) {
    return show(value, this.names);
  }

  /** @param {import("./types.mjs").Statement} node */
  error(node) {
    const kind = this.errors[/** @type {keyof World["errors"]} */ (node.error)];
    return absent(node.text) ? new kind() : new kind(node.text);
  }

  /**
   * The task or future that a reference means; undefined for a slot that nothing was put into.
   * @param {any} reference
   */
  find(reference) {
    return "f" in reference ? this.futures[reference.f] : this.slots.get(reference.t);
  }

  /**
   * @param {number | string} slot
   * @param {any} future
   */
  put(slot, future) {
    this.slots.set(slot, future);
    if (!this.names.has(future)) this.names.set(future, `t${slot}`);
    this.started.add(future);
  }

  /** @param {Record<string, any>} context of the exception handler */
  report(context) {
    let message = context.message;
    // Whether these come depends on the collector.
    if (message.endsWith("never retrieved") || message.startsWith("Task was destroyed")) return;
    // CPython makes this report even where somebody handles the error (gh-156321), the library does not.
    if (message.endsWith("in shielded future")) return;
    if (message.startsWith("Exception in callback")) message = "Exception in callback";
    else if (message.startsWith("Task <")) message = "Task errored out after its parent";
    const keys = Object.keys(context).filter((key) => key !== "message" && key !== "exception");
    this.log("*", `report ${message}: ${this.show(context.exception)} (${keys.sort().join(",")})`);
  }
}

/**
 * @template T
 * @param {number} count
 * @param {(i: number) => T} make
 */
function times(count, make) {
  return Array.from({ length: count }, (_, i) => make(i));
}
