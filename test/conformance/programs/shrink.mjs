// Makes a program that fails smaller, as long as it goes on failing.
import { absent } from "./types.mjs";

/** @typedef {import("./types.mjs").Program} Program */

/** The blocks and items of a program: arrays whose elements can be left out. */
const LISTS = new Set(["do", "else", "finally", "items"]);

/** What a statement can do without. */
const OPTIONAL = [
  "onAny",
  "onCancel",
  "onError",
  "finally",
  "text",
  "context",
  "group",
  "eager",
  "counter",
  "object",
];

const DURATIONS = ["delay", "timeout"];

/**
 * @param {Program} program that fails
 * @param {(program: Program) => Promise<boolean>} fails
 * @returns {Promise<Program>}
 */
export async function shrink(program, fails) {
  for (let smaller = true; smaller;) {
    smaller = false;
    // After a success the same place is looked at again, and what comes behind it: one walk does most of the work.
    for (let at = 0; ;) {
      const candidate = edited(program, at);
      if (candidate === null) break;
      if (await fails(candidate)) {
        program = candidate;
        smaller = true;
      } else {
        at++;
      }
    }
  }
  const tidy = withoutUnused(program);
  return (await fails(tidy)) ? tidy : program;
}

/**
 * A copy with one edit, the `at`-th of all there are; null when there are fewer.
 * @param {Program} program
 * @param {number} at
 * @returns {Program | null}
 */
function edited(program, at) {
  const copy = structuredClone(program);
  let left = at;
  /** @param {() => void} edit */
  const offer = (edit) => {
    if (left-- > 0) return false;
    edit();
    return true;
  };
  return editIn(copy.main, offer) ? copy : null;
}

/**
 * @param {any} node
 * @param {(edit: () => void) => boolean} offer makes the edit if it is its turn
 * @returns {boolean} whether an edit was made
 */
function editIn(node, offer) {
  for (const [key, value] of Object.entries(node)) {
    if (LISTS.has(key) && Array.isArray(value) && editList(value, offer)) return true;
  }
  for (const key of OPTIONAL) {
    if (!absent(node[key]) && offer(() => (node[key] = null))) return true;
  }
  for (const key of DURATIONS) {
    if (!(typeof node[key] === "number")) continue;
    for (const simpler of [0, 1, 2]) {
      if (simpler < node[key] && offer(() => (node[key] = simpler))) return true;
    }
  }
  return Object.values(node).some((value) => isNode(value) && editIn(value, offer));
}

/**
 * @param {any[]} list
 * @param {(edit: () => void) => boolean} offer
 * @returns {boolean}
 */
function editList(list, offer) {
  for (let size = list.length; size >= 1; size >>= 1) {
    for (let from = 0; from + size <= list.length; from += size) {
      if (offer(() => list.splice(from, size))) return true;
    }
  }
  for (let i = 0; i < list.length; i++) {
    const inner = blocksOf(list[i]);
    for (const block of inner) if (offer(() => list.splice(i, 1, ...block))) return true;
  }
  return list.some((element) => isNode(element) && editIn(element, offer));
}

/** The blocks that can stand in the place of the statement around them. @param {any} node */
function blocksOf(node) {
  if (typeof node.op !== "string" || ["soon", "whenDone", "spawn"].includes(node.op)) return [];
  return [node.do, node.else, node.finally, node.body?.do].filter(Array.isArray);
}

/** @param {unknown} value */
function isNode(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Leaves out the locks, queues and so on behind the last one in use. @param {Program} program */
function withoutUnused(program) {
  const used = { lock: 0, event: 0, condition: 0, semaphore: 0, q: 0, barrier: 0, f: 0, v: 0 };
  /** @param {keyof typeof used} kind @param {number} index */
  const use = (kind, index) => (used[kind] = Math.max(used[kind], index + 1));
  walk(program.main, (node) => {
    if (node.f !== undefined) use("f", node.f);
    if (node.v !== undefined) use("v", node.v);
    if (node.k === undefined) return;
    if (node.kind !== undefined) use(node.kind, node.k);
    else use(OWNERS[node.op] ?? "q", node.k);
  });
  const conditions = program.conditions.slice(0, used.condition);
  for (const lock of conditions) if (lock !== null) use("lock", lock);
  return {
    ...program,
    locks: used.lock,
    events: used.event,
    conditions,
    semaphores: program.semaphores.slice(0, used.semaphore),
    queues: program.queues.slice(0, used.q),
    barriers: program.barriers.slice(0, used.barrier),
    futures: used.f,
    variables: used.v,
  };
}

/** What the `k` of a statement counts, where its `kind` does not say so. @type {Record<string, any>} */
const OWNERS = {
  conditionWait: "condition",
  notify: "condition",
  eventWait: "event",
  event: "event",
  barrierWait: "barrier",
  barrier: "barrier",
};

/**
 * @param {any} node
 * @param {(node: any) => void} visit
 */
function walk(node, visit) {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const value of Object.values(node)) walk(value, visit);
}
