// One numbered database: its keys, what they hold, and the order in which SCAN meets them.

import { Deque } from "./deque.mjs";
import { CommandError, WRONG_TYPE } from "./errors.mjs";
import { WaitingRoom } from "./blocking.mjs";

/**
 * @typedef {import("./stored-value.mjs").StoredValue} StoredValue
 * @typedef {Deque<StoredValue>} ListValue
 * @typedef {Map<string, StoredValue>} HashValue
 * @typedef {Set<string>} SetValue
 * @typedef {StoredValue | ListValue | HashValue | SetValue} Value
 */

/** A key with all that is known about it. */
export class Entry {
  /**
   * @param {string} key
   * @param {Value} value
   * @param {number} slot
   */
  constructor(key, value, slot) {
    this.key = key;
    this.value = value;
    /** Where the database's list of entries has this one. */
    this.slot = slot;
    /** On the loop's clock, in seconds; Infinity for a key that stays. */
    this.deadline = Infinity;
    /** @type {import("./expiry.mjs").Timer | null} */
    this.timer = null;
  }
}

export class Database {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {Entry[]} dense and in no promised order; see scan() */
  #slots = [];
  /** @type {import("./expiry.mjs").Expiry} */
  #expiry;

  /**
   * @param {number} index
   * @param {import("./expiry.mjs").Expiry} expiry
   */
  constructor(index, expiry) {
    this.index = index;
    this.#expiry = expiry;
    this.waiting = new WaitingRoom(this);
  }

  get size() {
    return this.#slots.length;
  }

  /** How many keys will expire. */
  get expiring() {
    let count = 0;
    for (const entry of this.#slots) if (entry.deadline !== Infinity) count++;
    return count;
  }

  /**
   * @param {string} key
   * @returns {Entry | undefined}
   */
  find(key) {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.deadline === Infinity) return entry;
    // The timer may be due but not have run yet: commands of the same turn must not see the key any more.
    if (!this.#expiry.isDue(entry)) return entry;
    this.expire(entry);
    return undefined;
  }

  /**
   * The string at a key.
   * @param {string} key
   * @returns {StoredValue | undefined}
   * @throws {CommandError} for another type
   */
  string(key) {
    const entry = this.find(key);
    if (entry === undefined) return undefined;
    const value = entry.value;
    if (typeof value === "string" || value instanceof Uint8Array) return value;
    throw new CommandError(WRONG_TYPE);
  }

  /**
   * @param {string} key
   * @returns {ListValue | undefined}
   * @throws {CommandError} for another type
   */
  list(key) {
    const entry = this.find(key);
    if (entry === undefined) return undefined;
    if (entry.value instanceof Deque) return entry.value;
    throw new CommandError(WRONG_TYPE);
  }

  /**
   * @param {string} key
   * @returns {HashValue | undefined}
   * @throws {CommandError} for another type
   */
  hash(key) {
    const entry = this.find(key);
    if (entry === undefined) return undefined;
    if (entry.value instanceof Map) return entry.value;
    throw new CommandError(WRONG_TYPE);
  }

  /**
   * @param {string} key
   * @returns {SetValue | undefined}
   * @throws {CommandError} for another type
   */
  set(key) {
    const entry = this.find(key);
    if (entry === undefined) return undefined;
    if (entry.value instanceof Set) return entry.value;
    throw new CommandError(WRONG_TYPE);
  }

  /**
   * Puts a value at a key; what was there goes, but its deadline stays.
   * @param {string} key
   * @param {Value} value
   * @returns {Entry}
   */
  put(key, value) {
    const found = this.find(key);
    if (found !== undefined) {
      found.value = value;
      return found;
    }
    const entry = new Entry(key, value, this.#slots.length);
    this.#slots.push(entry);
    this.#entries.set(key, entry);
    return entry;
  }

  /**
   * Puts a value at a key that then stays until it is deleted.
   * @param {string} key
   * @param {Value} value
   */
  replace(key, value) {
    const entry = this.put(key, value);
    if (entry.deadline !== Infinity) this.#expiry.clear(entry);
  }

  /**
   * @param {Entry} entry
   * @param {number} deadline on the loop's clock, in seconds
   */
  expireAt(entry, deadline) {
    this.#expiry.set(this, entry, deadline);
  }

  /** @param {Entry} entry */
  persist(entry) {
    this.#expiry.clear(entry);
  }

  /** @param {Entry} entry one of this database whose deadline has passed */
  expire(entry) {
    this.#expiry.expired++;
    this.remove(entry);
  }

  /** @param {Entry} entry one of this database */
  remove(entry) {
    if (entry.deadline !== Infinity) this.#expiry.clear(entry);
    this.#entries.delete(entry.key);
    const last = /** @type {Entry} */ (this.#slots.pop());
    if (last !== entry) {
      this.#slots[entry.slot] = last;
      last.slot = entry.slot;
    }
  }

  /**
   * Takes one item from a list; an empty list does not stay.
   * @param {string} key
   * @param {ListValue} list the one at this key
   * @param {boolean} fromLeft
   * @returns {StoredValue}
   */
  pop(key, list, fromLeft) {
    const item = /** @type {StoredValue} */ (fromLeft ? list.popLeft() : list.popRight());
    if (list.length === 0) this.delete(key);
    return item;
  }

  /**
   * @param {string} key
   * @returns {boolean} whether there was one
   */
  delete(key) {
    const entry = this.find(key);
    if (entry === undefined) return false;
    this.remove(entry);
    return true;
  }

  /**
   * Meets every key that is there from the first call to the last, however many come and go between.
   *
   * The cursor is a slot number and goes down; 0 begins and ends. A removal fills its slot with the last entry, which
   * was met already or still lies below the cursor. So nothing has to be remembered between the calls.
   *
   * @param {number} cursor
   * @param {number} count slots to look at
   * @param {(entry: Entry) => void} visit
   * @returns {number} the next cursor
   */
  scan(cursor, count, visit) {
    const above = cursor === 0 ? this.#slots.length : Math.min(cursor, this.#slots.length);
    const below = Math.max(0, above - count);
    /** @type {Entry[]} */
    const due = [];
    for (let slot = above - 1; slot >= below; slot--) {
      const entry = this.#slots[slot];
      if (entry.deadline !== Infinity && this.#expiry.isDue(entry)) due.push(entry);
      else visit(entry);
    }
    for (const entry of due) this.expire(entry);
    return below;
  }

  clear() {
    for (const entry of this.#slots) if (entry.deadline !== Infinity) this.#expiry.clear(entry);
    this.#entries.clear();
    this.#slots = [];
  }
}

/**
 * @param {Value} value
 * @returns {"string" | "list" | "hash" | "set"}
 */
export function typeName(value) {
  if (value instanceof Deque) return "list";
  if (value instanceof Map) return "hash";
  if (value instanceof Set) return "set";
  return "string";
}
