// What the makers of statements draw from: random choices, fresh names, and the size that is left.
import { Random } from "../random.mjs";

/**
 * Where a statement will stand.
 * @typedef {object} Place
 * @property {number} depth of blocks around it
 * @property {number} slot of the task it runs in, -1 in main: it waits only for tasks of higher slots, so that no circle of
 *   tasks waits for itself (cancelling one would recurse for ever)
 * @property {boolean} now whether it must not wait: it stands in a callback
 * @property {number} timeouts blocks around it
 * @property {number} groups around it
 */

/**
 * @typedef {import("../types.mjs").Statement} Statement
 * @typedef {(g: Generator, place: Place) => Statement} Maker
 * @typedef {{ theme: string, weight: number, make: Maker, now?: boolean }} Kind
 */

const DELAYS = /** @type {const} */ ([
  [4, 0],
  [5, 1],
  [5, 2],
  [3, 3],
  [3, 4],
  [1, 6],
  [1, 8],
  [1, 16],
]);

const MAX_DEPTH = 6;

/** How many statements have nothing to do with the program's themes. */
const BASE = 0.4;

export class Generator extends Random {
  /**
   * @param {number} seed
   * @param {Kind[]} kinds
   * @param {number} budget about how many statements
   * @param {(g: Generator) => Omit<import("../types.mjs").Program, "main">} makeShared
   */
  constructor(seed, kinds, budget, makeShared) {
    super(seed);
    this.kinds = kinds;
    this.themes = [...new Set(kinds.map(({ theme }) => theme))].filter((theme) => theme !== "base");
    this.budget = budget;
    this.shared = makeShared(this);
    this.slots = 0;
    this.names = 0;
    this.texts = 0;
    this.handles = 0;
    this.callbacks = 0;
    this.values = 0;
    /** How likely a task says whether it starts at once. */
    this.eager = 0;
    /** References that wait for a slot of theirs: see Place.slot. @type {{ reference: any, above: number }[]} */
    this.open = [];
  }

  delay() {
    return this.weighted(DELAYS);
  }

  /** A name for a body, which its lines in the log begin with. @param {string} kind */
  name(kind) {
    return `${kind}${this.names++}`;
  }

  /** A text that no message of the library has, or none. @param {number} probability */
  text(probability = 0.6) {
    return this.chance(probability) ? `m${this.texts++}!` : null;
  }

  value() {
    return this.values++;
  }

  /** Any task or future. @returns {any} */
  anyone() {
    if (this.shared.futures > 0 && this.chance(0.2)) return { f: this.below(this.shared.futures) };
    if (this.chance(0.05)) return { t: "main" };
    return this.#slotAbove(-1);
  }

  /** A task or future that may be waited for. @param {Place} place @returns {any} */
  other(place) {
    if (this.shared.futures > 0 && this.chance(0.25)) return { f: this.below(this.shared.futures) };
    return this.#slotAbove(place.slot);
  }

  /** @param {number} above */
  #slotAbove(above) {
    // Which slots there are is known at the end only.
    const reference = { t: this.fraction() };
    this.open.push({ reference, above });
    return reference;
  }

  resolve() {
    for (const { reference, above } of this.open) {
      const fraction = reference.t;
      const count = this.slots - above - 1;
      reference.t = count <= 0 ? this.slots : above + 1 + Math.floor(fraction * count);
    }
  }

  /**
   * @param {Place} place
   * @param {number} low
   * @param {number} high statements, as far as the budget goes
   * @returns {Statement[]}
   */
  block(place, low, high) {
    const count = place.depth > MAX_DEPTH ? 1 : this.between(low, high);
    const statements = [];
    for (let i = 0; i < count && (this.budget > 0 || i < low); i++) {
      this.budget--;
      statements.push(this.#statement(place));
    }
    return statements;
  }

  /** @param {Place} place */
  #statement(place) {
    const small = place.depth >= MAX_DEPTH || this.budget <= 0;
    if (small && !place.now) return { op: "sleep", delay: this.delay() };
    if (small) return { op: "count", counter: this.below(2) };
    return this.#drawKind(place.now).make(this, { ...place, depth: place.depth + 1 });
  }

  /** @param {boolean} now */
  #drawKind(now) {
    const possible = now ? this.kinds.filter((kind) => kind.now === true) : this.kinds;
    const theme = this.chance(BASE) ? "base" : this.pick(this.themes);
    const kinds = possible.filter((kind) => kind.theme === theme);
    return this.weighted((kinds.length > 0 ? kinds : possible).map((kind) => [kind.weight, kind]));
  }

  /**
   * @param {Place} place
   * @param {string} kind
   * @param {number} slot
   * @returns {import("../types.mjs").Body}
   */
  body(place, kind, slot) {
    const name = this.name(kind);
    const object = this.chance(0.3);
    const statements = this.block({ ...place, slot, now: false }, 1, kind === "b" ? 7 : 4);
    if (this.chance(0.4)) statements.push(this.ending(place));
    return { name, object, do: statements };
  }

  /**
   * How a body ends that does not just end.
   * @param {Place} place
   * @returns {Statement}
   */
  ending(place) {
    if (this.chance(place.groups > 0 ? 0.6 : 0.4)) return this.failure();
    return { op: "return", value: this.value() };
  }

  /** @returns {Statement} */
  failure() {
    const error = this.weighted([
      [6, "Boom"],
      [3, "Bang"],
      [2, "ValueError"],
      [1, "RuntimeError"],
      [2, "TimeoutError"],
      [3, "CancelledError"],
    ]);
    return { op: "raise", error, text: this.text() };
  }

  /**
   * A statement that is likely to fail, mostly in a try block of its own, so that what follows has its turn.
   * @param {Place} place
   * @param {Statement} statement
   * @returns {Statement}
   */
  risky(place, statement) {
    if (place.now || this.chance(0.3)) return statement;
    return { op: "try", do: [statement], onError: { do: [], then: "on" } };
  }

  /**
   * What combinators are given.
   * @param {Place} place
   * @param {number} low
   * @param {number} high
   * @param {number} bodies how likely each is a coroutine
   */
  items(place, low, high, bodies) {
    return Array.from({ length: this.between(low, high) }, () => this.item(place, bodies));
  }

  /**
   * @param {Place} place
   * @param {number} bodies
   */
  item(place, bodies) {
    return this.chance(bodies) && place.depth < 5
      ? { body: this.body(place, "c", place.slot) }
      : this.other(place);
  }
}
