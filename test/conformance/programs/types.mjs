// What random programs are: plain JSON, and so the same on both sides.

/** @typedef {typeof import("../../../lib/index.ts")} Asyncio */

/**
 * @typedef {object} Body
 * @property {string} name what its lines in the log begin with
 * @property {boolean} [object] whether coroutine() wraps it on our side; Python has one kind only
 * @property {Statement[]} do
 */

/** One operation; the other properties depend on `op`. @typedef {{ op: string, [key: string]: any }} Statement */

/** A task by its slot, or a bare future. @typedef {{ t: number | string } | { f: number }} Reference */

/** @typedef {Reference | { body: Body }} Item */

/**
 * @typedef {object} Program
 * @property {boolean} eager whether the loop has an eager task factory
 * @property {number} locks
 * @property {number} events
 * @property {(number | null)[]} conditions each the number of its lock, null for one of its own
 * @property {{ value: number, bounded: boolean }[]} semaphores
 * @property {{ kind: "fifo" | "priority" | "lifo", max: number }[]} queues
 * @property {number[]} barriers each the number of its parties
 * @property {number} futures
 * @property {number} variables
 * @property {Body} main
 */

/**
 * What a statement does without may be left out, or null.
 * @param {unknown} value
 */
export const absent = (value) => value === undefined || value === null;
