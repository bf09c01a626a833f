// `npm run fuzz`: what it prints and the code it ends with. It runs on the built package.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const SCRIPT = join(import.meta.dirname, "..", "..", "scripts", "fuzz.mjs");

function fuzz(...args: string[]): { code: number | null; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
  return { code: status, output: stdout, errors: stderr };
}

it("compares as many programs as asked, with plain lines where there is no terminal", () => {
  const { code, output, errors } = fuzz("--programs", "20", "--seed", "5", "--backend", "pure");
  expect(errors).toBe("");
  expect(output).toMatch(/^CPython 3\.14\.\d+ and pure: 20 programs from seed 5 on\n/);
  expect(output).toContain("20 of 20 programs\n");
  expect(output).not.toContain("\r");
  expect(output).toMatch(/\nno divergences\n$/);
  expect(code).toBe(0);
});

it("explains itself", () => {
  const { code, output } = fuzz("--help");
  expect(output).toContain("--programs N");
  expect(code).toBe(0);
});

it.each([
  [["--programs", "0"], "--programs needs a whole number from 1 on, not '0'"],
  [["--programs", "many"], "--programs needs a whole number from 1 on, not 'many'"],
  [["--seed", "-1"], "seed"],
  [["--backend", "fast"], "--backend is native or pure, not 'fast'"],
  [["--frob"], "--frob"],
  [["file"], "file"],
])("%j is wrong usage", (args, message) => {
  const { code, output, errors } = fuzz(...args);
  expect(output).toBe("");
  expect(errors).toContain(message);
  expect(errors.trimEnd().split("\n").length).toBe(1);
  expect(code).toBe(2);
});
