// Lists the tests of a file of counterparts without running them: by loading it with a describe() and an it() that only take notes.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { compileFunction } from "node:vm";
import ts from "typescript";
import * as vitest from "vitest";

type Suite = (backend: string) => unknown;
type Require = (name: string) => object | undefined;

/** The tests of one file as `file.Class.case`, with what stands before the colon of the title as the case. */
export async function collectCases(path: string): Promise<string[]> {
  const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const found: string[] = [];
  let within = "";

  const it = (title: string): void => {
    found.push(`${within}.${title.split(":", 1)[0]}`);
  };
  const describeBackends = (name: string, suite: Suite): void => {
    within = name;
    suite("native");
    within = "";
  };
  const nothing = (): void => undefined;
  const notes = {
    it,
    test: it,
    beforeEach: nothing,
    afterEach: nothing,
    beforeAll: nothing,
    afterAll: nothing,
  };

  const modules = new Map<string, object>();
  for (const [, name] of outputText.matchAll(/\brequire\("([^"]+)"\)/g)) {
    if (name === "vitest") {
      modules.set(name, { ...vitest, ...notes });
    } else if (name!.endsWith("/support/backends.ts")) {
      modules.set(name!, { ...(await load(path, name!)), describeBackends });
    } else {
      modules.set(name!, await load(path, name!));
    }
  }
  const run = compileFunction(outputText, ["require", "exports"]) as (
    require: Require,
    exports: object,
  ) => void;
  run((name) => modules.get(name), {});
  return found;
}

function load(from: string, name: string): Promise<object> {
  const at = name.startsWith(".") ? resolve(dirname(from), name) : name;
  return import(/* @vite-ignore */ at) as Promise<object>;
}
