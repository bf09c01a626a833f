// Call graphs and stacks in programs that use the built package: in any thread, bundled, with source maps, without permissions.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runFixture, SCENARIO_TIMEOUT } from "./run-fixture.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIXTURE = join(ROOT, "test/lifecycle/fixtures/call-graph.cjs");
const F = "call-graph.cjs";

/** What the fixture sees of itself: none of the library's frames, which all lie in one file. */
const SEEN = {
  notBegun: [`outer ${F}:`],
  waiting: [`awaiting ${F}:`, `outer ${F}:`],
  stack: [`outer ${F}:`, `awaiting ${F}:`],
  asynchronous: [`awaiting ${F}:`, `outer ${F}:`, `work ${F}`],
  waiters: 2,
  current: [`graphOf ${F}:`, `body ${F}:`, `main ${F}:`],
  failed: [`fail ${F}:`],
  woken: [`outer ${F}:`],
  globalsLeft: 0,
};

let folder = "";

beforeAll(() => {
  mkdirSync(join(ROOT, ".setup"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".setup", "graphs-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function outputOf(args: readonly string[]): Promise<unknown> {
  const env = { ...process.env, ASYNCIO_UV_BACKEND: "pure", NODE_OPTIONS: "" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}

describe("the built package", { timeout: SCENARIO_TIMEOUT }, () => {
  it.each(["main thread", "worker"])("shows the user's frames only, in the %s", async (thread) => {
    const outcome = await runFixture("call-graph", { args: [thread] });
    expect(outcome).toEqual({ end: 0, report: SEEN, stderr: "" });
  });

  it.each([
    ["a debugger waits for attachment", ["--inspect=0"]],
    ["errors have no stacks to speak of", ["--stack-trace-limit=1"]],
  ])("shows the same where %s", async (_what, nodeArgs) => {
    const { end, report } = await runFixture("call-graph", { nodeArgs });
    expect([end, { ...(report as object), failed: SEEN.failed }]).toEqual([0, SEEN]);
  });

  it("shows all frames where it was bundled together with the program", async () => {
    const bundled = join(folder, "bundled.cjs");
    const bundle = await rolldown({ input: FIXTURE, platform: "node", logLevel: "silent" });
    await bundle.write({ file: bundled, format: "cjs", codeSplitting: false });
    await bundle.close();
    const { waiting, current, failed } = (await outputOf([bundled])) as Record<string, string[]>;
    expect(waiting).toEqual(["awaiting bundled.cjs:", "outer bundled.cjs:"]);
    expect(current).toEqual(
      expect.arrayContaining(["graphOf bundled.cjs:", "body bundled.cjs:", "main bundled.cjs:"]),
    );
    expect(failed).toContain("fail bundled.cjs:");
  });

  it("shows the lines of the source where Node uses source maps", async () => {
    const source = `import asyncio = require(${JSON.stringify(join(ROOT, "dist/index.js"))});
interface Gone {
  inTheOutput: never;
}
type Task = InstanceType<typeof asyncio.Task>;
void asyncio.run(function* () {
  const lineOf = (task: unknown): unknown => asyncio.captureCallGraph(task as never)!.callStack[0]!.frame;
  const task: unknown = asyncio.createTask(
    (function* shown(): Generator<never> {
      yield* asyncio.sleep(1) as never;
    })() as never,
  );
  const before = lineOf(task);
  yield* asyncio.sleep(0);
  const waiting = lineOf(task);
  (task as Task).cancel();
  console.log(JSON.stringify([before, waiting]));
});
`;
    const name = join(folder, "mapped.ts");
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, inlineSourceMap: true };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options, fileName: name });
    const built = join(folder, "mapped.js");
    writeFileSync(name, source);
    writeFileSync(built, outputText);
    const place = (file: string, text: string): object => ({
      file,
      line:
        readFileSync(file, "utf8")
          .split("\n")
          .findIndex((line) => line.includes(text)) + 1,
    });
    const expected = (file: string): unknown =>
      ["function* shown", "asyncio.sleep(1)"].map(
        (text) => expect.objectContaining(place(file, text)) as unknown,
      );
    expect(await outputOf(["--enable-source-maps", built])).toEqual(expected(name));
    expect(await outputOf([built])).toEqual(expected(built));
    expect(place(name, "shown")).not.toEqual({ ...place(built, "shown"), file: name });
  });
});
