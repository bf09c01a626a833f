// A random program from a seed: a few themes are drawn, and the program is made of what belongs to them.
import { Random } from "../random.mjs";
import { COMBINATORS } from "./combinators.mjs";
import { CONTESTS } from "./contests.mjs";
import { CONTROL } from "./control.mjs";
import { Generator } from "./generator.mjs";
import { LOCKS } from "./locks.mjs";
import { spawn, TASKS } from "./tasks.mjs";

const KINDS = [...CONTROL, ...TASKS, ...COMBINATORS, ...LOCKS, ...CONTESTS];

export const THEMES = [...new Set(KINDS.map(({ theme }) => theme))].filter((theme) => theme !== "base");

/** @typedef {import("../types.mjs").Program} Program */

/**
 * @param {number} seed
 * @returns {Program}
 */
export function generateProgram(seed) {
  const random = new Random(seed);
  const themes = new Set(["base"]);
  for (let count = random.chance(0.1) ? 6 : random.between(1, 3); count > 0; count--)
    themes.add(random.pick(THEMES));
  const kinds = KINDS.filter(({ theme }) => themes.has(theme));
  const eager = random.chance(0.2);
  const g = new Generator(random.below(2 ** 32), kinds, random.between(10, 80), (shared) =>
    makeShared(shared, themes, eager),
  );
  if (eager || random.chance(0.15)) g.eager = 0.4;
  const main = { name: "main", object: g.chance(0.3), do: makeMain(g) };
  g.resolve();
  return { ...g.shared, main };
}

/**
 * Main starts some tasks and then goes on, mostly surviving its errors: a program whose main has died early shows little.
 * @param {Generator} g
 */
function makeMain(g) {
  const place = { depth: 0, slot: -1, now: false, timeouts: 0, groups: 0 };
  const statements = [];
  for (let count = g.between(1, 5); count > 0; count--) statements.push(spawn(g, place));
  if (g.chance(0.5)) statements.push(intruder(g));
  while (g.chance(0.4)) statements.push(pump(g, place));
  while (g.budget > 0) {
    const block = g.block(place, 1, 4);
    if (g.chance(0.8)) statements.push({ op: "try", do: block, onAny: { do: [], then: "on" } });
    else statements.push(...block);
  }
  return statements;
}

/** A task that cancels others now and then. @param {Generator} g */
function intruder(g) {
  const slot = g.slots++;
  const body = { name: g.name("x"), do: /** @type {import("../types.mjs").Statement[]} */ ([]) };
  for (let count = g.between(1, 4); count > 0; count--) {
    body.do.push({ op: "sleep", delay: g.delay() }, { op: "cancel", of: g.anyone(), text: g.text() });
  }
  return { op: "spawn", slot, body };
}

/**
 * A task that does the same few things again and again, whatever comes of them: it keeps others from waiting for ever.
 * @param {Generator} g
 * @param {import("./generator.mjs").Place} place
 */
function pump(g, place) {
  const slot = g.slots++;
  const name = g.name("p");
  const work = g.block({ ...place, slot, depth: 3 }, 1, 2);
  const attempt = { op: "try", do: work, onError: { do: [], then: "on" } };
  const round = {
    op: "repeat",
    times: g.between(2, 4),
    do: [{ op: "sleep", delay: g.between(1, 3) }, attempt],
  };
  return { op: "spawn", slot, body: { name, do: [round] } };
}

/**
 * @param {Generator} g
 * @param {ReadonlySet<string>} themes
 * @param {boolean} eager
 * @returns {Omit<Program, "main">}
 */
function makeShared(g, themes, eager) {
  /** @template T @param {string} theme @param {number} most @param {() => T} make */
  const some = (theme, most, make) =>
    themes.has(theme) ? Array.from({ length: g.between(1, most) }, () => make()) : [];
  const locks = themes.has("locks") || themes.has("conditions") ? g.between(1, 2) : 0;
  return {
    eager,
    locks,
    events: themes.has("events") ? g.between(1, 2) : 0,
    conditions: some("conditions", 2, () => (g.chance(0.4) ? g.below(locks) : null)),
    semaphores: some("semaphores", 2, () => ({
      value: g.weighted([
        [1, 0],
        [4, 1],
        [3, 2],
        [1, 3],
      ]),
      bounded: g.chance(0.4),
    })),
    queues: some("queues", 2, () => ({
      kind: g.pick(/** @type {const} */ (["fifo", "fifo", "priority", "lifo"])),
      max: g.weighted([
        [3, 0],
        [4, 1],
        [3, 2],
        [1, 3],
      ]),
    })),
    barriers: some("barriers", 2, () =>
      g.weighted([
        [1, 1],
        [5, 2],
        [3, 3],
      ]),
    ),
    futures: themes.has("futures") || g.chance(0.3) ? g.between(1, 3) : 0,
    variables: themes.has("variables") ? 2 : 0,
  };
}
