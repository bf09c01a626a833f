// Builds the addon with the address and undefined-behaviour sanitizers into build-asan/ and runs hostile scenarios on it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { fingerprint, isStamped, ROOT, writeStamp } from "./setup/fingerprint.mjs";
import { nodeHeaders } from "./setup/native-addon.mjs";

const ADDON = join(ROOT, "build-asan", "asyncio_uv.node");
const STAMP = "build-asan/stamp";
const FIXTURES = join(ROOT, "test", "lifecycle", "fixtures");

/** A scenario that runs this long (milliseconds) hangs: each takes a few seconds under the sanitizers. */
const HANG_AFTER = 60_000;

/** Scenario and arguments. @type {string[][]} */
const SCENARIOS = [
  ["wrong-arguments", "11"],
  ["wrong-arrays"],
  ["hostile-memory", "3"],
  ["turn-reentrancy"],
  ["collected"],
  ["stale-backlog"],
  ["lost-answer"],
  ["always-due"],
  ["lent-data"],
  ["given-away-data"],
  ["short-connections", "4000"],
  ["many-loops", "200"],
  ["bounded-memory", "neverReading"],
  ["worker-at-stage", "terminate"],
  ["worker-at-stage", "exit"],
  ["worker-in-traffic", "10"],
  ["worker-while-loading", "20"],
];

/** As in binding.gyp, but without NDEBUG, so that every assert is on. */
const FLAGS = [
  ..."-std=c++17 -fno-exceptions -fno-rtti -fvisibility=hidden -fPIC -shared -Wall -Wextra -Werror".split(
    " ",
  ),
  ..."-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined".split(" "),
  ..."-DNODE_GYP_MODULE_NAME=asyncio_uv -DBUILDING_NODE_EXTENSION -DNAPI_VERSION=8".split(" "),
  ..."-DNODE_ADDON_API_DISABLE_DEPRECATED -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS".split(" "),
];

/** The library that must be loaded before all others; null where the compiler has none. */
function runtimeLibrary() {
  if (process.platform !== "linux") return null;
  const { stdout } = spawnSync("g++", ["-print-file-name=libasan.so"], { encoding: "utf8" });
  const file = stdout?.trim() ?? "";
  return isAbsolute(file) && existsSync(file) ? file : null;
}

/** The folder with node_api.h and uv.h: beside this Node, as told, or where node-gyp has put them. */
function headerFolder() {
  const places = [nodeHeaders()];
  const config = join(ROOT, "build", "config.gypi");
  if (existsSync(config)) places.push(/"nodedir": "(.*)"/.exec(readFileSync(config, "utf8"))?.[1]);
  for (const place of places) {
    if (place !== undefined && existsSync(join(place, "include", "node", "uv.h"))) {
      return join(place, "include", "node");
    }
  }
  return null;
}

/**
 * What is not here although it is needed; "" if all is.
 * @param {string | null} library
 * @param {string | null} headers
 */
function whatIsMissing(library, headers) {
  if (library === null) return "libasan (it comes with g++ on Linux)";
  if (headers === null) return "the headers of this Node";
  return "";
}

/** @param {string} headers */
function build(headers) {
  const { include_dir: addonApi } = createRequire(import.meta.url)("node-addon-api");
  const sources = readFileSync(join(ROOT, "native", "sources.txt"), "utf8")
    .trim()
    .split(/\s+/);
  const wanted = fingerprint(["native"], [...FLAGS, headers, addonApi]);
  if (existsSync(ADDON) && isStamped(STAMP, wanted)) return true;
  console.log("asan: building the addon with the sanitizers (some seconds)");
  mkdirSync(join(ROOT, "build-asan"), { recursive: true });
  const args = [...FLAGS, "-Inative", `-I${headers}`, `-I${addonApi}`, ...sources, "-o", ADDON];
  const result = spawnSync("g++", args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  if (result.status !== 0) return false;
  writeStamp(STAMP, wanted);
  return true;
}

/**
 * @param {string[]} scenario
 * @param {string} library
 * @returns {Promise<boolean>}
 */
function run([name, ...args], library) {
  const env = {
    ...process.env,
    LD_PRELOAD: library,
    // Node itself leaves memory to the system at its end.
    ASAN_OPTIONS: "detect_leaks=0:abort_on_error=0",
    UBSAN_OPTIONS: "print_stacktrace=1",
    ASYNCIO_UV_ADDON: ADDON,
    ASYNCIO_UV_BACKEND: "native",
    NODE_OPTIONS: "",
  };
  const child = spawn(process.execPath, ["--expose-gc", join(FIXTURES, `${name}.cjs`), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  let output = "";
  let hung = false;
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const guard = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, HANG_AFTER);
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(guard);
      const passed = code === 0 && !/runtime error:|AddressSanitizer/.test(output);
      console.log(`  ${passed ? "ok" : "FAILED"}  ${[name, ...args].join(" ")}`);
      if (!passed) {
        console.log(`    ended with ${hung ? "a hang" : (signal ?? code)}`);
        console.log(output.trimEnd().replace(/^/gm, "    "));
      }
      resolve(passed);
    });
  });
}

const library = runtimeLibrary();
const headers = headerFolder();
const missing = whatIsMissing(library, headers);

if (process.argv.includes("--missing")) {
  console.log(missing);
} else if (library === null || headers === null) {
  console.log(`asan: skipped, because this machine lacks ${missing}`);
} else if (!build(headers)) {
  console.log("asan: 0 passed, 1 failed");
  process.exitCode = 1;
} else {
  let failed = 0;
  for (const scenario of SCENARIOS) if (!(await run(scenario, library))) failed++;
  console.log(`asan: ${SCENARIOS.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
