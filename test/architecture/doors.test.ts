// Checks the doors of the built package: which there are, that both module systems get the same objects, and what leaves.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./module-graph.ts";
import { errorsBehind, namesOfDoor, underscoredNames } from "./public-types.ts";

interface Door {
  import: { types: string; default: string };
  require: { types: string; default: string };
}

interface Manifest {
  exports: Record<string, Door | string>;
  main: string;
  types: string;
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
const specifiers = ["asyncio-uv", "asyncio-uv/testing"];

const doorOf = (specifier: string): Door =>
  manifest.exports[specifier.replace("asyncio-uv", ".")] as unknown as Door;

/** Runs a program in a process of its own, standing in the package, and gives what it printed as JSON. */
function runProgram(program: string, type: "module" | "commonjs"): unknown {
  const args = [`--input-type=${type}`, "--eval", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("the exports map", () => {
  it("has two doors and the manifest, nothing else", () => {
    expect(Object.keys(manifest.exports)).toEqual([".", "./testing", "./package.json"]);
  });

  it("names files that the build makes", () => {
    const files = specifiers.flatMap((specifier) => {
      const door = doorOf(specifier);
      return [door.import.types, door.import.default, door.require.types, door.require.default];
    });
    expect([...files, manifest.main, manifest.types].filter((file) => !existsSync(join(ROOT, file)))).toEqual(
      [],
    );
  });

  it("lets nobody reach a file behind the doors", () => {
    const program = `
      import("asyncio-uv/dist/index.js").then(() => "reached", (error) => error.code)
        .then((outcome) => console.log(JSON.stringify(outcome)));`;
    expect(runProgram(program, "module")).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

describe.each(specifiers)("%s", (specifier) => {
  it("gives the same objects to import and to require", () => {
    const program = `
      import { createRequire } from "node:module";
      import * as imported from ${JSON.stringify(specifier)};
      const required = createRequire(process.cwd() + "/x.js")(${JSON.stringify(specifier)});
      const names = [...new Set([...Object.keys(imported), ...Object.keys(required)])];
      console.log(JSON.stringify({
        count: names.length,
        different: names.filter((name) => imported[name] !== required[name] || imported[name] === undefined),
      }));`;
    const { count, different } = runProgram(program, "module") as { count: number; different: string[] };
    expect(different).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });

  it("exports at run time exactly the values that its types name", () => {
    const atRunTime = runProgram(
      `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(specifier)})).sort()))`,
      "commonjs",
    );
    expect(namesOfDoor(doorOf(specifier).require.types).values).toEqual(atRunTime);
  });

  it("has declarations that are free of errors, also without skipLibCheck", () => {
    expect(errorsBehind(doorOf(specifier).import.types)).toEqual([]);
  });

  it("has the same types for import and for require", () => {
    const { import: esm, require: cjs } = doorOf(specifier);
    expect(namesOfDoor(esm.types)).toEqual(namesOfDoor(cjs.types));
  });

  it("shows no internal name in its types", () => {
    expect(underscoredNames(doorOf(specifier).require.types)).toEqual([]);
  });
});

describe("the two doors", () => {
  it("share no name: each leaves by one of them", () => {
    const [main, testing] = specifiers.map((specifier) => namesOfDoor(doorOf(specifier).require.types));
    const both = [...testing!.values, ...testing!.types].filter(
      (name) => main!.values.includes(name) || main!.types.includes(name),
    );
    expect(both).toEqual([]);
  });

  it("share their state: a second door makes no second copy of the library", () => {
    const program = `
      const before = Object.keys(require.cache).length;
      require("asyncio-uv");
      require("asyncio-uv/testing");
      const { readFileSync } = require("node:fs");
      const texts = Object.keys(require.cache).slice(before).map((file) => readFileSync(file, "utf8"));
      const copies = texts.filter((text) => /\\btryLoad\\(\\) {/.test(text)).length;
      console.log(JSON.stringify(copies));`;
    expect(runProgram(program, "commonjs")).toBe(1);
  });
});
