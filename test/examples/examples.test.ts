// Every program that the project prints runs, on both backends, and prints what stands beside it; every link leads somewhere.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  documents,
  exampleFiles,
  linksOf,
  type PrintedProgram,
  programsOf,
  ROOT,
} from "./support/printed-programs.ts";

/** In milliseconds: a program that takes so long hangs. */
const HANG_AFTER = 30_000;

/** Below the project's folder, so that the package finds itself by its own name; ignored by git. */
let folder = "";

beforeAll(() => {
  mkdirSync(join(ROOT, ".setup"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".setup", "printed-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

function runProgram(file: string, backend: string): Promise<Outcome> {
  const env: NodeJS.ProcessEnv = { ...process.env, ASYNCIO_UV_BACKEND: backend };
  delete env["NODE_OPTIONS"];
  delete env["ASYNCIO_UV_DEBUG"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] });
    const guard = setTimeout(() => child.kill("SIGKILL"), HANG_AFTER);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(guard);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

let written = 0;

function testProgram(program: PrintedProgram): void {
  it.each(["native", "pure"])(
    `${program.where} (%s)`,
    async (backend) => {
      const file = join(folder, `program-${++written}.mjs`);
      writeFileSync(file, program.code);
      const outcome = await runProgram(file, backend);
      const stdout = program.output ?? outcome.stdout;
      expect(outcome).toEqual({ code: 0, signal: null, stdout, stderr: "" });
    },
    2 * HANG_AFTER,
  );
}

describe("the programs in examples/", () => {
  const programs = exampleFiles();
  it("are there, and each tells what it prints", () => {
    expect(programs.length).toBeGreaterThan(0);
    expect(programs.filter(({ output }) => output === null).map(({ where }) => where)).toEqual([]);
  });
  for (const program of programs) testProgram(program);
});

describe("the programs in the documents", () => {
  const programs = documents().flatMap(programsOf);
  it("are there, in the README first of all", () => {
    expect(programs.map(({ where }) => where.replace(/:\d+$/, ""))).toContain("README.md");
  });
  for (const program of programs) testProgram(program);
});

describe("the links of the documents", () => {
  it.each(documents())("%s", (document) => {
    const broken = linksOf(document).filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    expect(broken).toEqual([]);
  });
});
