// Makers of control flow: sleeping, try blocks, loops, branches, raising and returning.

/** @typedef {import("./generator.mjs").Kind} Kind */

/**
 * @param {import("./generator.mjs").Generator} g
 * @param {import("./generator.mjs").Place} place
 */
function handler(g, place) {
  const then = g.weighted(
    /** @type {const} */ ([
      [5, "on"],
      [4, "again"],
      [1, "other"],
    ]),
  );
  /** @type {Record<string, any>} */
  const made = { do: g.block(place, 0, 2), then };
  if (then === "other")
    Object.assign(made, { error: g.pick(["Boom", "Bang", "CancelledError"]), text: g.text() });
  return made;
}

/** @type {import("./generator.mjs").Maker} */
function attempt(g, place) {
  /** @type {import("../types.mjs").Statement} */
  const node = { op: "try", do: g.block(place, 1, 4) };
  if (g.chance(0.15)) {
    node.onAny = handler(g, place);
  } else {
    if (g.chance(0.6)) node.onCancel = handler(g, place);
    if (g.chance(0.5)) node.onError = handler(g, place);
  }
  const caught = node.onAny ?? node.onCancel ?? node.onError;
  if (caught === undefined || g.chance(0.3)) {
    node.finally = g.block(place, 1, 2);
    if (g.chance(0.05)) node.finally.push({ op: "return", value: g.value() });
  }
  return node;
}

/** @type {import("./generator.mjs").Maker} */
function branch(g, place) {
  const test = g.pick(["done", "counter", "cancelling"]);
  return {
    op: "if",
    test,
    of: g.anyone(),
    counter: g.below(2),
    value: g.between(1, 3),
    do: g.block(place, 1, 2),
    else: g.block(place, 0, 2),
  };
}

/** @type {Kind[]} */
export const CONTROL = [
  { theme: "base", weight: 9, make: (g) => ({ op: "sleep", delay: g.delay(), value: g.value() }) },
  { theme: "base", weight: 6, make: attempt },
  { theme: "cancel", weight: 7, make: attempt },
  { theme: "base", weight: 0.8, now: true, make: (g) => g.failure() },
  { theme: "base", weight: 1, make: branch },
  { theme: "base", weight: 1, now: true, make: (g) => ({ op: "count", counter: g.below(2) }) },
  {
    theme: "base",
    weight: 2,
    make: (g, place) => ({ op: "repeat", times: g.between(2, 3), do: g.block(place, 1, 3) }),
  },
  { theme: "base", weight: 1.5, make: (g, place) => ({ op: "call", body: g.body(place, "i", place.slot) }) },
  { theme: "base", weight: 0.4, make: (g) => ({ op: "return", value: g.value() }) },
];
