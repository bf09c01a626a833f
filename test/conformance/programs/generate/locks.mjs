// Makers of statements on locks, events, conditions, semaphores, barriers and queues.

/**
 * @typedef {import("./generator.mjs").Kind} Kind
 * @typedef {import("./generator.mjs").Maker} Maker
 */

/**
 * @param {string} theme
 * @param {"lock" | "condition" | "semaphore"} kind
 * @param {"locks" | "conditions" | "semaphores"} shared
 * @returns {Kind[]}
 */
function holding(theme, kind, shared) {
  /** @param {import("./generator.mjs").Generator} g */
  const k = (g) => {
    const there = g.shared[shared];
    return g.below(typeof there === "number" ? there : there.length);
  };
  return [
    { theme, weight: 10, make: (g, place) => ({ op: "with", kind, k: k(g), do: g.block(place, 1, 3) }) },
    { theme, weight: 2, make: (g) => ({ op: "acquire", kind, k: k(g) }) },
    { theme, weight: 2, now: true, make: (g, place) => g.risky(place, { op: "release", kind, k: k(g) }) },
    { theme, weight: 1, now: true, make: (g) => ({ op: "locked", kind, k: k(g) }) },
  ];
}

/** Waiting needs the lock: mostly it is held, sometimes the error is looked for. @type {Maker} */
function conditionWait(g) {
  const k = g.below(g.shared.conditions.length);
  const wait = {
    op: "conditionWait",
    k,
    ...(g.chance(0.3) ? { counter: g.below(2), value: g.between(1, 3) } : {}),
  };
  if (g.chance(0.1)) return wait;
  return {
    op: "with",
    kind: "condition",
    k,
    do: [wait, ...(g.chance(0.2) ? [{ op: "sleep", delay: g.delay() }] : [])],
  };
}

/** @type {Maker} */
function notify(g) {
  const k = g.below(g.shared.conditions.length);
  const call = { op: "notify", k, n: g.chance(0.3) ? null : g.between(1, 2) };
  if (g.chance(0.1)) return call;
  const before = g.chance(0.4) ? [{ op: "count", counter: g.below(2) }] : [];
  return { op: "with", kind: "condition", k, do: [...before, call] };
}

/** @param {import("./generator.mjs").Generator} g */
const queue = (g) => g.below(g.shared.queues.length);

/** @param {import("./generator.mjs").Generator} g */
const barrier = (g) => g.below(g.shared.barriers.length);

/** @type {Kind[]} */
export const LOCKS = [
  ...holding("locks", "lock", "locks"),
  ...holding("semaphores", "semaphore", "semaphores"),
  ...holding("conditions", "condition", "conditions").map((kind) => ({ ...kind, weight: kind.weight / 4 })),
  { theme: "conditions", weight: 10, make: conditionWait },
  { theme: "conditions", weight: 14, make: notify },
  {
    theme: "conditions",
    weight: 1,
    now: true,
    make: (g, place) => g.risky(place, { op: "notify", k: g.below(g.shared.conditions.length), n: 1 }),
  },
  { theme: "events", weight: 8, make: (g) => ({ op: "eventWait", k: g.below(g.shared.events) }) },
  {
    theme: "events",
    weight: 8,
    now: true,
    make: (g) => ({ op: "event", k: g.below(g.shared.events), set: g.chance(0.65) }),
  },
  {
    theme: "barriers",
    weight: 14,
    make: (g, place) => ({
      op: "barrierWait",
      k: barrier(g),
      do: g.chance(0.3) ? g.block(place, 0, 2) : null,
    }),
  },
  { theme: "barriers", weight: 2, make: (g) => ({ op: "barrier", k: barrier(g), how: "reset" }) },
  { theme: "barriers", weight: 1, make: (g) => ({ op: "barrier", k: barrier(g), how: "abort" }) },
  { theme: "queues", weight: 10, make: (g) => ({ op: "put", k: queue(g), value: g.below(20) }) },
  { theme: "queues", weight: 10, make: (g) => ({ op: "get", k: queue(g) }) },
  { theme: "queues", weight: 3, make: (g) => ({ op: "join", k: queue(g) }) },
  {
    theme: "queues",
    weight: 3,
    now: true,
    make: (g, place) => g.risky(place, { op: "putNowait", k: queue(g), value: g.below(20) }),
  },
  {
    theme: "queues",
    weight: 3,
    now: true,
    make: (g, place) => g.risky(place, { op: "getNowait", k: queue(g) }),
  },
  {
    theme: "queues",
    weight: 4,
    now: true,
    make: (g, place) => g.risky(place, { op: "taskDone", k: queue(g) }),
  },
  {
    theme: "queues",
    weight: 1,
    now: true,
    make: (g) => ({ op: "shutdown", k: queue(g), immediate: g.chance(0.4) }),
  },
  { theme: "queues", weight: 1, now: true, make: (g) => ({ op: "queue", k: queue(g) }) },
];
