// Finds what a run can use on this machine, once; whatever is missing is named, never required.
import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tellingLine } from "./last-words.mjs";
import { buildEchoAddon, buildEchoServer, buildLoadGenerator } from "./native-tools.mjs";

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

/**
 * @typedef {import("./native-tools.mjs").Built} Built
 * @typedef {"effect" | "effection" | "p-queue"} RivalPackage
 *
 * @typedef {object} Toolbox
 * @property {string | null} taskset null where processes cannot be pinned
 * @property {Built} loadGenerator
 * @property {Built} echoServer
 * @property {Built} echoAddon
 * @property {Built} python
 * @property {Built & { version: string | null }} uvloop path is the interpreter that has it
 * @property {Record<RivalPackage, { version: string | null, missing: string | null }>} packages
 * @property {Built} redisServer
 * @property {Built} redisBenchmark
 * @property {{ native: string | null, pure: string | null }} ours why our backend cannot run, or null
 */

/** @param {string} name */
export function findProgram(name) {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(directory, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this directory.
    }
  }
  return null;
}

function program(name, missing) {
  const path = findProgram(name);
  return path === null ? { path, missing } : { path, missing: null };
}

async function findPython() {
  const candidates = [process.env.PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
  let plain = null;
  for (const candidate of candidates) {
    try {
      const { stdout } = await run(candidate, ["-c", "import sys; print(sys.executable)"]);
      plain ??= stdout.trim();
      const probe = "import sys, uvloop; print(sys.executable, uvloop.__version__)";
      const [path, version] = (await run(candidate, ["-c", probe])).stdout.trim().split(" ");
      return { python: { path, missing: null }, uvloop: { path, version, missing: null } };
    } catch {
      // This interpreter is absent or lacks uvloop; the next one may have it.
    }
  }
  const noUvloop = { path: null, version: null, missing: "uvloop is not installed (Debian: python3-uvloop)" };
  const noPython = { path: null, missing: "python3 is not installed" };
  return { python: plain === null ? noPython : { path: plain, missing: null }, uvloop: noUvloop };
}

/** Read from the manifest: not every package gives the path of its own away. */
function findPackage(name) {
  try {
    const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    return { version: JSON.parse(readFileSync(manifest, "utf8")).version, missing: null };
  } catch {
    return { version: null, missing: `the package ${name} is not installed (npm install)` };
  }
}

async function whyOursCannotRun(backend) {
  const script = `const a = require(${JSON.stringify(PACKAGE)}); a.newEventLoop({ backend: "${backend}" }).close();`;
  try {
    accessSync(PACKAGE);
  } catch {
    return "the package is not built (dist/index.js is missing)";
  }
  try {
    await run(process.execPath, ["-e", script], { timeout: 15_000 });
    return null;
  } catch (error) {
    const why = tellingLine(String(error.stderr ?? "")) ?? error.message;
    return `the ${backend} backend does not load (${why})`;
  }
}

/**
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<Toolbox>}
 */
export async function prepareToolbox(progress) {
  progress.step("preparing: building the load generator and looking for rivals");
  const [loadGenerator, echoServer, echoAddon, pythons, native, pure] = await Promise.all([
    buildLoadGenerator(),
    buildEchoServer(),
    buildEchoAddon(),
    findPython(),
    whyOursCannotRun("native"),
    whyOursCannotRun("pure"),
  ]);
  return {
    taskset: await workingTaskset(),
    loadGenerator,
    echoServer,
    echoAddon,
    ...pythons,
    packages: {
      effect: findPackage("effect"),
      effection: findPackage("effection"),
      "p-queue": findPackage("p-queue"),
    },
    redisServer: program("redis-server", "redis-server is not installed"),
    redisBenchmark: program("redis-benchmark", "redis-benchmark is not installed (Debian: redis-tools)"),
    ours: { native, pure },
  };
}

/** Present is not enough: in a container with a single allowed core, core 1 is refused. */
async function workingTaskset() {
  const path = findProgram("taskset");
  if (path === null) return null;
  try {
    await run(path, ["-c", "0", path, "-c", "1", "true"]);
    return path;
  } catch {
    return null;
  }
}
