// Checks what is written down on both sides of the native boundary: the list of sources, and the names of the addon's exports.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesBelow, ROOT } from "./module-graph.ts";

/** An addon's exports as read: functions, numbers, strings, and objects of these. */
type Exported = Record<string, unknown>;

function loadAddon(): Exported {
  const addon = { exports: {} as Exported };
  process.dlopen(addon, join(ROOT, "build", "Release", "asyncio_uv.node"));
  return addon.exports;
}

const program = ts.createProgram([join(ROOT, "lib/native/surface.ts")], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  allowImportingTsExtensions: true,
  strict: true,
  types: ["node"],
  noEmit: true,
});
const checker = program.getTypeChecker();

/** The members of an interface of lib/native/surface.ts. */
function typed(name: string): ts.Symbol[] {
  const source = program.getSourceFile(join(ROOT, "lib/native/surface.ts"))!;
  const symbol = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .find((one) => one.name === name);
  return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol!));
}

const namesOf = (symbols: readonly ts.Symbol[]): string[] => symbols.map(({ name }) => name).sort();

/** As `typeof` tells it at run time, for a member of an interface. */
function kindOf(symbol: ts.Symbol): string {
  const type = checker.getTypeOfSymbol(symbol);
  if (type.getCallSignatures().length > 0) return "function";
  return type.flags & (ts.TypeFlags.Number | ts.TypeFlags.String | ts.TypeFlags.BooleanLike)
    ? checker.typeToString(type)
    : "object";
}

describe("native/sources.txt", () => {
  it("lists exactly the .cc files", () => {
    const listed = readFileSync(join(ROOT, "native/sources.txt"), "utf8").trim().split(/\s+/);
    expect(listed).toEqual([...listed].sort());
    expect(listed).toEqual(filesBelow("native", /\.cc$/));
  });
});

describe("lib/native/surface.ts", () => {
  const addon = loadAddon();
  const layout = addon["layout"] as Exported;

  it("types exactly what the addon exports", () => {
    expect(namesOf(typed("Binding"))).toEqual(Object.keys(addon).sort());
    for (const member of typed("Binding"))
      expect([member.name, typeof addon[member.name]]).toEqual([member.name, kindOf(member)]);
  });

  it("types exactly the layout", () => {
    expect(namesOf(typed("Layout"))).toEqual(Object.keys(layout).sort());
    for (const member of typed("Layout"))
      expect([member.name, typeof layout[member.name]]).toEqual([member.name, kindOf(member)]);
  });

  it.each(["state", "times", "kinds"])("types exactly the names in layout.%s", (group) => {
    const type = checker.getTypeOfSymbol(typed("Layout").find(({ name }) => name === group)!);
    expect(namesOf(checker.getPropertiesOfType(type))).toEqual(Object.keys(layout[group] as Exported).sort());
  });

  it("types exactly the functions of a loop, and the arrays that it shares", () => {
    const arrays = Object.fromEntries(
      typed("SharedArrays").map(({ name }) => [name, arrayFor(name, layout)]),
    );
    const loop = (addon["createLoop"] as (arrays: Exported, now: number) => Exported | null)(
      arrays,
      performance.now(),
    );
    expect(loop).not.toBeNull();
    (loop!["close"] as () => void)();
    expect(namesOf(typed("NativeLoop"))).toEqual(Object.keys(loop!).sort());
    expect(Object.values(loop!).every((member) => typeof member === "function")).toBe(true);
  });
});

/** Memory of the right kind and size for one of the shared arrays. */
function arrayFor(name: string, layout: Exported): NodeJS.TypedArray {
  const size = (key: string): number => layout[key] as number;
  switch (name) {
    case "state":
      return new Int32Array(size("stateSlots"));
    case "times":
      return new Float64Array(size("timeSlots"));
    case "records":
      return new Int32Array(size("recordCapacity") * size("recordStride"));
    case "requests":
      return new Int32Array(size("requestCapacity") * size("requestStride"));
    case "out":
      return Buffer.allocUnsafeSlow(size("outCapacity"));
    case "stagedWhen":
      return new Float64Array(size("stagedCapacity"));
    case "stagedSlots":
      return new Int32Array(size("stagedCapacity"));
    case "due":
      return new Int32Array(size("dueCapacity"));
    case "links":
      return new Int32Array(64);
    default:
      throw new Error(`this test knows no shared array called ${name}`);
  }
}
