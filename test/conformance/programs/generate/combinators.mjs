// Makers of what waits for several things at once, or for one under a condition: gather, wait, timeouts, groups.
import { spawn } from "./tasks.mjs";

/** @typedef {import("./generator.mjs").Kind} Kind */

const UNTIL = ["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"];

/** @param {import("./generator.mjs").Generator} g */
const limit = (g) => (g.chance(0.25) ? null : g.delay());

/** @type {import("./generator.mjs").Maker} */
const gather = (g, place) => ({
  op: "gather",
  items: g.items(place, 0, 4, 0.6),
  returnExceptions: g.chance(0.4),
});

/** @type {import("./generator.mjs").Maker} */
function start(g, place) {
  const slot = g.slots++;
  const inner = { ...place, slot };
  return g.chance(0.6)
    ? { op: "start", what: "gather", slot, items: g.items(inner, 0, 3, 0.6), returnExceptions: g.chance(0.4) }
    : { op: "start", what: "shield", slot, items: [g.item(inner, 0.5)] };
}

/** @type {import("./generator.mjs").Maker} */
const wait = (g, place) => ({
  op: "wait",
  items: g.items(place, 1, 3, 0.03),
  timeout: limit(g),
  until: g.pick(UNTIL),
});

/** @type {import("./generator.mjs").Maker} */
const timeout = (g, place) => ({
  op: "timeout",
  delay: g.chance(0.1) ? null : g.chance(0.05) ? -1 : g.delay(),
  absolute: g.chance(0.2),
  do: g.block({ ...place, timeouts: place.timeouts + 1 }, 1, 4),
});

/** @type {import("./generator.mjs").Maker} */
const reschedule = (g, place) =>
  place.timeouts === 0
    ? { op: "sleep", delay: g.delay() }
    : {
        op: "reschedule",
        depth: g.below(Math.min(2, place.timeouts)),
        delay: g.chance(0.15) ? null : g.chance(0.1) ? -1 : g.delay(),
      };

/** @type {import("./generator.mjs").Maker} */
function group(g, place) {
  const inside = { ...place, groups: place.groups + 1 };
  const members = Array.from({ length: g.between(0, 3) }, () => spawn(g, inside));
  return { op: "group", do: [...members, ...g.block(inside, 0, 3)] };
}

/** @type {Kind[]} */
export const COMBINATORS = [
  { theme: "gather", weight: 10, make: gather },
  { theme: "gather", weight: 4, now: true, make: start },
  { theme: "wait", weight: 10, make: wait },
  {
    theme: "waitFor",
    weight: 10,
    make: (g, place) => ({ op: "waitFor", item: g.item(place, 0.6), timeout: limit(g) }),
  },
  {
    theme: "shield",
    weight: 8,
    make: (g, place) => ({ op: "shield", item: g.item(place, 0.5) }),
  },
  { theme: "shield", weight: 3, now: true, make: start },
  {
    theme: "asCompleted",
    weight: 10,
    make: (g, place) => ({
      op: "asCompleted",
      items: g.items(place, 0, 4, 0.5),
      timeout: limit(g),
      plain: g.chance(0.5),
      limit: g.chance(0.7) ? 9 : g.between(1, 2),
    }),
  },
  {
    theme: "races",
    weight: 10,
    make: (g, place) => ({
      op: "race",
      items: Array.from({ length: place.depth > 5 ? 0 : g.between(1, 4) }, () => ({
        body: g.body(place, "r", place.slot),
      })),
      delay: limit(g),
    }),
  },
  { theme: "timeouts", weight: 12, make: timeout },
  { theme: "timeouts", weight: 6, make: reschedule },
  { theme: "groups", weight: 14, make: group },
];
