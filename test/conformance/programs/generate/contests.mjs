// Makers of contests: several tasks wait for the same thing, and some are cancelled in the very pass that wakes them.

/**
 * @typedef {import("./generator.mjs").Generator} Generator
 * @typedef {import("./generator.mjs").Place} Place
 * @typedef {import("../types.mjs").Statement} Statement
 */

/**
 * What a contest is about: what comes first, what each contestant does, and what wakes some of them.
 * @typedef {{ before: (g: Generator) => Statement[], enter: (g: Generator) => Statement[], wake: (g: Generator) => Statement }} Matter
 */

/** @param {Statement[]} statements */
const surviving = (statements) => ({ op: "try", do: statements, onError: { do: [], then: "on" } });

/**
 * @param {Generator} g
 * @param {Place} place
 * @param {Matter} matter
 * @returns {Statement}
 */
function contest(g, place, { before, enter, wake }) {
  const statements = before(g);
  const slots = [];
  for (let count = g.between(2, 4); count > 0; count--) {
    const slot = g.slots++;
    const work = enter(g);
    const body = { name: g.name("w"), object: g.chance(0.3), do: g.chance(0.3) ? [surviving(work)] : work };
    if (g.chance(0.2)) body.do = [{ op: "timeout", delay: g.between(1, 3), absolute: false, do: body.do }];
    statements.push({ op: "spawn", slot, body });
    slots.push(slot);
  }
  statements.push({ op: "sleep", delay: g.between(1, 2) });
  for (let count = g.between(2, 5); count > 0; count--) {
    if (g.chance(0.5)) statements.push(surviving([wake(g)]));
    else statements.push({ op: "cancel", of: { t: g.pick(slots) }, text: g.text(0.4) });
    if (g.chance(0.2)) statements.push({ op: "sleep", delay: g.below(2) });
  }
  return { op: "repeat", times: 1, do: statements };
}

/**
 * @param {"lock" | "semaphore"} kind
 * @param {(g: Generator) => number} count
 * @returns {Matter}
 */
function holding(kind, count) {
  let k = 0;
  return {
    before: (g) => {
      k = g.below(count(g));
      return g.chance(0.8) ? [{ op: "acquire", kind, k }] : [];
    },
    enter: (g) => [{ op: "with", kind, k, do: [{ op: "sleep", delay: g.below(3) }] }],
    wake: () => ({ op: "release", kind, k }),
  };
}

/** @param {Generator} g @param {number} k @param {Statement} other @returns {Statement} */
const shutOr = (g, k, other) => (g.chance(0.1) ? { op: "shutdown", k, immediate: g.chance(0.4) } : other);

/** @returns {Matter} */
function getting() {
  let k = 0;
  return {
    before: (g) => {
      k = g.below(g.shared.queues.length);
      return [];
    },
    enter: () => [{ op: "get", k }],
    wake: (g) => shutOr(g, k, { op: "putNowait", k, value: g.below(20) }),
  };
}

/** @returns {Matter} */
function putting() {
  let k = 0;
  return {
    before: (g) => {
      k = g.below(g.shared.queues.length);
      return Array.from({ length: 2 }, () => surviving([{ op: "putNowait", k, value: g.below(20) }]));
    },
    enter: (g) => [{ op: "put", k, value: g.below(20) }],
    wake: (g) => shutOr(g, k, { op: "getNowait", k }),
  };
}

/** @returns {Matter} */
function noticing() {
  let k = 0;
  return {
    before: (g) => {
      k = g.below(g.shared.conditions.length);
      return [];
    },
    enter: (g) => [
      {
        op: "with",
        kind: "condition",
        k,
        do: [
          { op: "conditionWait", k },
          { op: "sleep", delay: g.below(2) },
        ],
      },
    ],
    wake: (g) => ({
      op: "with",
      kind: "condition",
      k,
      do: [
        { op: "notify", k, n: g.between(1, 2) },
        ...(g.chance(0.3) ? [{ op: "sleep", delay: g.below(2) }] : []),
      ],
    }),
  };
}

/** @returns {Matter} */
function meeting() {
  let k = 0;
  return {
    before: (g) => {
      k = g.below(g.shared.barriers.length);
      return [];
    },
    enter: (g) => [{ op: "barrierWait", k, do: g.chance(0.5) ? [{ op: "sleep", delay: g.below(2) }] : null }],
    wake: (g) =>
      g.chance(0.7) ? { op: "barrierWait", k } : { op: "barrier", k, how: g.chance(0.8) ? "reset" : "abort" },
  };
}

/** @returns {Matter} */
function seeing() {
  let k = 0;
  return {
    before: (g) => {
      k = g.below(g.shared.events);
      return [{ op: "event", k, set: false }];
    },
    enter: () => [{ op: "eventWait", k }],
    wake: (g) => ({ op: "event", k, set: g.chance(0.7) }),
  };
}

/** @type {[theme: string, matter: () => Matter][]} */
const MATTERS = [
  ["locks", () => holding("lock", (g) => g.shared.locks)],
  ["semaphores", () => holding("semaphore", (g) => g.shared.semaphores.length)],
  ["queues", getting],
  ["queues", putting],
  ["conditions", noticing],
  ["barriers", meeting],
  ["events", seeing],
];

/** @type {import("./generator.mjs").Kind[]} */
export const CONTESTS = MATTERS.map(([theme, matter]) => ({
  theme,
  weight: 4,
  make: (g, place) => contest(g, place, matter()),
}));
