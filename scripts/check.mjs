// Checks what can be checked without running it: types, type tests, lint, format. Ends with a line of figures.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT } from "./setup/fingerprint.mjs";

/** @param {...string} path */
const tool = (...path) => join(ROOT, "node_modules", ...path);

const colour = String(process.stdout.isTTY === true);

/** @param {string} project a folder with a tsconfig.json */
const types = (project) => [tool("typescript", "bin", "tsc"), "--noEmit", "--pretty", colour, "-p", project];

/** The longest first, so that the short ones fill the other cores. @type {[name: string, command: string[]][]} */
const CHECKS = [
  ["lint", [tool("eslint", "bin", "eslint.js"), ".", "--max-warnings=0"]],
  ["types of the tests", types("test")],
  ["format", [tool("prettier", "bin", "prettier.cjs"), "--check", "--log-level=warn", "."]],
  ["types of the library", types(".")],
  ["type tests", types("test/types")],
  ["types of the scripts", types("scripts")],
  ["types of the key-value server", types("examples/kv-server")],
];

/**
 * @param {string} name
 * @param {string[]} command
 * @returns {Promise<boolean>}
 */
function check(name, command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("close", (code) => {
      console.log(`  ${code === 0 ? "ok" : "FAILED"}  ${name}`);
      if (code !== 0) console.log(output.trimEnd().replace(/^/gm, "    "));
      resolve(code === 0);
    });
  });
}

let passed = 0;
let failed = 0;
const waiting = [...CHECKS];

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (await check(...next)) passed++;
    else failed++;
  }
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
console.log(`check: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
