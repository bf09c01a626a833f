// npm test: set-up, checks, native tests, then all others; ends with one line that sums everything up.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setUp } from "./setup.mjs";
import { ROOT } from "./setup/fingerprint.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const REPORT = join(ROOT, ".setup", "vitest.json");

/**
 * Runs a script that ends with "<name>: N passed, N failed", and shows what it says.
 * @param {string} name
 * @param {string} script
 * @returns {Promise<Count>}
 */
async function runCounted(name, script) {
  const child = spawn(process.execPath, [join(ROOT, "scripts", script)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    process.stdout.write(text);
  });
  const [code] = await once(child, "close");
  const figures = new RegExp(`^${name}: (\\d+) passed, (\\d+) failed$`, "m").exec(output);
  const count = { passed: Number(figures?.[1] ?? 0), failed: Number(figures?.[2] ?? 0), skipped: 0 };
  return withExit(count, code);
}

/** @returns {Promise<Count>} */
async function runVitest() {
  rmSync(REPORT, { force: true });
  mkdirSync(join(ROOT, ".setup"), { recursive: true });
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`];
  const child = spawn(process.execPath, [vitest, "run", ...reporters], { cwd: ROOT, stdio: "inherit" });
  const [code] = await once(child, "close");
  const count = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(REPORT)) return withExit(count, 1);
  const report = JSON.parse(readFileSync(REPORT, "utf8"));
  count.passed = report.numPassedTests;
  count.failed = report.numFailedTests + brokenFiles(report.testResults);
  count.skipped = report.numPendingTests + report.numTodoTests;
  return withExit(count, code);
}

/**
 * Files that failed without a failing test: they could not be loaded, say.
 * @param {{ status: string, assertionResults: { status: string }[] }[]} files
 */
function brokenFiles(files) {
  return files.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  ).length;
}

/**
 * What ended badly has failed, also where no single test says so (an error outside all tests, a crash).
 * @param {Count} count
 * @param {number | null} code null when a signal ended it
 */
function withExit(count, code) {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** @type {Count[]} */
const counts = [];
if (setUp({ addonRequired: true })) {
  counts.push(await runCounted("check", "check.mjs"));
  counts.push(await runCounted("native", "test-native.mjs"));
  counts.push(await runVitest());
} else {
  counts.push({ passed: 0, failed: 1, skipped: 0 });
}

/** @param {keyof Count} what */
const sum = (what) => counts.reduce((total, count) => total + count[what], 0);

process.exitCode = sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;
const skipped = sum("skipped");
console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
