// Lets clients wait for items of lists: first come, first served, across any number of keys and waiters.

import { Deque } from "./deque.mjs";

/** @typedef {import("./stored-value.mjs").StoredValue} StoredValue */

/** One client that waits; it is settled once, by an item or by its timeout. */
export class Waiter {
  /** @type {{ key: string, item: StoredValue } | null} null after a timeout */
  received = null;
  settled = false;

  /**
   * @param {WaitingRoom} room
   * @param {string[]} keys
   * @param {number} timeout in seconds; 0 to wait for ever
   */
  constructor(room, keys, timeout) {
    this.room = room;
    this.keys = keys;
    this.timeout = timeout;
    /** Set by the connection: asks whether the peer has ended, which nobody has told the waiter yet. */
    this.isGone = () => false;
    /** Set by the connection: called once, when the waiter is settled. */
    this.wake = () => {};
  }

  /**
   * Does nothing the second time: a timeout may come when an item is there and the client was not told yet.
   * @param {{ key: string, item: StoredValue } | null} received
   */
  settle(received) {
    if (this.settled) return;
    this.room.leave(this);
    this.received = received;
    this.settled = true;
    this.wake();
  }

  /** The client has gone: an item that it received and was not told of is given back. */
  forsake() {
    const received = this.received;
    this.settle(null);
    this.received = null;
    if (received !== null) this.room.giveBack(received.key, received.item);
  }
}

/** Those who wait for lists of one database. */
export class WaitingRoom {
  /** @type {Map<string, Set<Waiter>>} in each set, whoever came first is first */
  #queues = new Map();
  /** @type {import("./database.mjs").Database} */
  #database;

  /** @param {import("./database.mjs").Database} database */
  constructor(database) {
    this.#database = database;
  }

  /** @returns {boolean} whether nobody waits at all */
  get isEmpty() {
    return this.#queues.size === 0;
  }

  /** @param {Waiter} waiter */
  enter(waiter) {
    for (const key of waiter.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, new Set([waiter]));
      else queue.add(waiter);
    }
  }

  /** @param {Waiter} waiter */
  leave(waiter) {
    for (const key of waiter.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) continue;
      queue.delete(waiter);
      if (queue.size === 0) this.#queues.delete(key);
    }
  }

  /**
   * Hands the items at a key to those who wait for it; called after each command that put items there.
   * @param {string} key
   */
  serve(key) {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    for (const waiter of queue) {
      const list = this.#database.find(key)?.value;
      if (!(list instanceof Deque)) return;
      if (waiter.isGone()) continue;
      waiter.settle({ key, item: this.#database.pop(key, list, true) });
    }
  }

  /**
   * Takes back an item from a client that ended before it could be told, and serves the next one.
   * @param {string} key
   * @param {StoredValue} item
   */
  giveBack(key, item) {
    const value = this.#database.find(key)?.value;
    if (value === undefined) {
      /** @type {import("./database.mjs").ListValue} */
      const list = new Deque();
      list.pushLeft(item);
      this.#database.put(key, list);
    } else if (value instanceof Deque) {
      value.pushLeft(item);
    } else {
      // Another client has made the key something else meanwhile, and so has overwritten the item too.
      return;
    }
    this.serve(key);
  }
}
