// Holds lib/ to its floors: a file imports only from strictly lower ones, or from its own folder.
import { describe, expect, it } from "vitest";
import { circles, filesBelow, type Import, importsOf, importsOfLibrary } from "./module-graph.ts";

/** Each entry of lib/ and the floor it stands on. */
const FLOORS: Readonly<Record<string, number>> = {
  errors: 0,
  types: 0,
  "constants.ts": 0,
  context: 1,
  native: 2,
  pure: 2,
  loop: 3,
  futures: 4,
  tasks: 5,
  combinators: 6,
  sync: 6,
  transports: 7,
  queues: 7,
  endpoints: 8,
  streams: 9,
  process: 9,
  executors: 9,
  runtime: 10,
  "index.ts": 11,
  testing: 11,
};

/** The only files outside lib/native/ that know the addon. */
const KNOW_THE_ADDON = new Set(["loop/choose-backend.ts"]);

/** The doors of the package; nothing else re-exports. */
const DOORS = new Set(["index.ts", "testing/index.ts"]);

/** The one look up: signatures below name the loop object of users, as a type. */
const NAMES_FROM_ABOVE = new Set(["types/event-loop.ts"]);

const imports = importsOfLibrary();

const entryOf = (file: string): string => file.split("/")[0]!;

function climbs({ from, to, typeOnly }: Import): boolean {
  const [own, other] = [entryOf(from), entryOf(to)];
  if (own === other || (typeOnly && (other === "types" || NAMES_FROM_ABOVE.has(from)))) return false;
  return !(FLOORS[other]! < FLOORS[own]!);
}

const told = ({ from, to, line, typeOnly }: Import): string =>
  `lib/${from}:${line} imports ${typeOnly ? "a type of " : ""}lib/${to}`;

describe("the floors of lib/", () => {
  it("have a place for every file", () => {
    const homeless = filesBelow("lib", /./).filter((file) => !(entryOf(file.slice("lib/".length)) in FLOORS));
    expect(homeless).toEqual([]);
  });

  it("are imported from above only", () => {
    expect(imports.filter(climbs).map(told)).toEqual([]);
  });

  it("hold no circle of imports", () => {
    expect(circles(imports)).toEqual([]);
  });

  it("keep the addon behind lib/native/ and the choice of a backend", () => {
    const knowing = imports.filter(
      ({ from, to }) => entryOf(to) === "native" && entryOf(from) !== "native" && !KNOW_THE_ADDON.has(from),
    );
    expect(knowing.map(told)).toEqual([]);
  });

  it("have no barrels: only the doors re-export", () => {
    expect(
      imports
        .filter(({ from, reExport }) => reExport && !DOORS.has(from) && !NAMES_FROM_ABOVE.has(from))
        .map(told),
    ).toEqual([]);
  });

  it("import by the names of files that exist", () => {
    const files = new Set(filesBelow("lib", /\.ts$/));
    expect(imports.filter(({ to }) => !files.has(`lib/${to}`)).map(told)).toEqual([]);
  });
});

describe("the reader of imports", () => {
  it("sees every way to import, and which of them are gone after compilation", () => {
    const text = [
      'import { value } from "../futures/future.ts";',
      'import type { A } from "../a.ts";',
      'import { type B, type C } from "./b.ts";',
      'import { type D, e } from "./d.ts";',
      'export { f } from "./f.ts";',
      'import "./g.ts";',
      'type H = import("./h.ts").H;',
      'const i = await import("./i.ts");',
      'import { readFileSync } from "node:fs";',
    ].join("\n");
    expect(
      importsOf("loop/x.ts", text).map(({ to, typeOnly, reExport }) => [to, typeOnly, reExport]),
    ).toEqual([
      ["futures/future.ts", false, false],
      ["a.ts", true, false],
      ["loop/b.ts", true, false],
      ["loop/d.ts", false, false],
      ["loop/f.ts", false, true],
      ["loop/g.ts", false, false],
      ["loop/h.ts", true, false],
      ["loop/i.ts", false, false],
    ]);
  });

  it("finds a circle of any length, and none among types", () => {
    const edge = (from: string, to: string, typeOnly = false): Import => ({
      from,
      to,
      typeOnly,
      reExport: false,
      line: 1,
    });
    expect(circles([edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("c", "d")])).toEqual([
      "a -> b -> c -> a",
    ]);
    expect(circles([edge("a", "b"), edge("b", "a", true)])).toEqual([]);
  });
});
