// Makers of statements on tasks, bare futures, callbacks and context variables.

/** @typedef {import("./generator.mjs").Kind} Kind */

/** @type {import("./generator.mjs").Maker} */
export function spawn(g, place) {
  const slot = g.slots++;
  const body = g.body(place, "b", slot);
  /** @type {import("../types.mjs").Statement} */
  const node = { op: "spawn", slot, body };
  if (place.groups > 0 && g.chance(0.75)) node.group = g.below(Math.min(2, place.groups));
  if (g.chance(g.eager)) node.eager = g.chance(0.8);
  // A task that starts at once cannot enter the context its maker runs in.
  else if (g.shared.variables > 0 && !g.shared.eager && g.chance(0.15)) node.context = 0;
  return node;
}

/** @type {import("./generator.mjs").Maker} */
const cancel = (g) => ({ op: "cancel", of: g.chance(0.15) ? "self" : g.anyone(), text: g.text() });

/** @type {import("./generator.mjs").Maker} */
function settle(g, place) {
  const f = g.below(g.shared.futures);
  return g.risky(
    place,
    g.chance(0.65)
      ? { op: "settle", f, how: "result", value: g.value() }
      : { op: "settle", f, how: "error", error: g.pick(["Boom", "Bang"]), text: g.text() },
  );
}

/** @type {import("./generator.mjs").Maker} */
function soon(g, place) {
  const handle = g.handles++;
  return {
    op: "soon",
    name: g.name("s"),
    handle,
    delay: g.chance(0.5) ? null : g.delay(),
    context: g.shared.variables > 0 && g.chance(0.2) ? 0 : null,
    do: g.block({ ...place, now: true }, 1, 3),
  };
}

/** @type {import("./generator.mjs").Maker} */
function whenDone(g, place) {
  g.callbacks++;
  return {
    op: "whenDone",
    name: g.name("d"),
    of: g.anyone(),
    context: g.shared.variables > 0 && g.chance(0.2) ? 0 : null,
    do: g.block({ ...place, now: true }, 0, 2),
  };
}

/** @type {Kind[]} */
export const TASKS = [
  { theme: "base", weight: 3, now: true, make: spawn },
  { theme: "base", weight: 5, make: (g, place) => ({ op: "await", of: g.other(place) }) },
  { theme: "base", weight: 5, now: true, make: cancel },
  { theme: "cancel", weight: 10, now: true, make: cancel },
  {
    theme: "cancel",
    weight: 5,
    now: true,
    make: (g) => ({ op: "uncancel", of: g.chance(0.6) ? "self" : g.anyone() }),
  },
  { theme: "cancel", weight: 3, now: true, make: () => ({ op: "whoami" }) },
  {
    theme: "base",
    weight: 2,
    now: true,
    make: (g) => ({ op: "probe", of: g.anyone(), read: g.chance(0.15) }),
  },
  { theme: "futures", weight: 8, now: true, make: settle },
  { theme: "futures", weight: 2, now: true, make: (g) => ({ op: "renew", f: g.below(g.shared.futures) }) },
  {
    theme: "futures",
    weight: 3,
    now: true,
    make: (g) => ({ op: "cancel", of: { f: g.below(g.shared.futures) }, text: g.text() }),
  },
  {
    theme: "futures",
    weight: 6,
    make: (g) => ({ op: "await", of: { f: g.below(g.shared.futures) } }),
  },
  { theme: "callbacks", weight: 7, now: true, make: soon },
  { theme: "callbacks", weight: 6, now: true, make: whenDone },
  {
    theme: "callbacks",
    weight: 2,
    now: true,
    make: (g) => ({ op: "unschedule", handle: g.below(g.handles + 1) }),
  },
  {
    theme: "callbacks",
    weight: 2,
    now: true,
    make: (g) => ({ op: "notWhenDone", name: `d${g.below(g.names + 1)}` }),
  },
  {
    theme: "variables",
    weight: 6,
    now: true,
    make: (g) => ({ op: "setVariable", v: g.below(g.shared.variables), value: g.value() }),
  },
  {
    theme: "variables",
    weight: 8,
    now: true,
    make: (g) => ({ op: "getVariable", v: g.below(g.shared.variables) }),
  },
];
