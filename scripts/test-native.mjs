// Builds the C++ tests of native/containers into build-native/ and runs them, plain and under the sanitizers.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = realpathSync(join(dirname(fileURLToPath(import.meta.url)), ".."));
const sources = join(root, "test", "native");
const build = join(root, "build-native");
const variants = ["plain", "sanitized"];

/** A test that runs this long (milliseconds) hangs: the slowest takes some seconds under the sanitizers. */
const HANG_AFTER = 300_000;

const say = (text) => console.log(`native tests: ${text}`);

function giveUp(text) {
  say(text);
  console.log("native: 0 passed, 1 failed");
  process.exit(1);
}

function cmake(what, args) {
  const result = spawnSync("cmake", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  giveUp(`${what} failed:\n${result.error?.message ?? ""}${result.stdout ?? ""}${result.stderr ?? ""}`);
}

function requireCmake() {
  if (spawnSync("cmake", ["--version"]).status === 0) return;
  giveUp(
    "cmake is missing. Install it together with a C++17 compiler and make " +
      "(Debian, Ubuntu: apt-get install cmake make g++; macOS: brew install cmake), then run this again.",
  );
}

/** A configured directory belongs to one place: after the checkout has been moved or copied it is made anew. */
function isConfigured() {
  const cache = join(build, "CMakeCache.txt");
  if (!existsSync(cache)) return false;
  // The last thing that configuring writes: without it, it was broken off.
  if (!existsSync(join(build, "CTestTestfile.cmake"))) return false;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, "utf8"))?.[1];
  return home !== undefined && existsSync(home) && realpathSync(home) === sources;
}

function buildTests() {
  const directory = `${relative(root, build)}/`;
  if (!isConfigured()) {
    say(`configuring ${directory}`);
    rmSync(build, { recursive: true, force: true });
    cmake("configuring", ["-S", sources, "-B", build]);
  }
  say(`bringing ${directory} up to date (the first build takes about half a minute)`);
  const output = cmake("building", ["--build", build, "--parallel", String(availableParallelism())]);
  const compiled = output.match(/Building CXX object/g)?.length ?? 0;
  say(compiled === 0 ? "nothing had changed" : `compiled ${compiled} files`);
}

/** Runs one program; a crash or a hang counts as one failed test, besides those that were counted before it. */
function run(name, variant) {
  return new Promise((resolve) => {
    const child = spawn(join(build, variant, name), { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let hung = false;
    const guard = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, HANG_AFTER);
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => {
      clearTimeout(guard);
      resolve({ passed: 0, failed: 1, output: error.message });
    });
    child.on("close", (code, signal) => {
      clearTimeout(guard);
      const passed = output.match(/^ok - /gm)?.length ?? 0;
      let failed = output.match(/^not ok - /gm)?.length ?? 0;
      const finished = /^done$/m.test(output) && code === (failed > 0 ? 1 : 0);
      if (!finished) {
        failed++;
        output += hung ? `hung for ${HANG_AFTER / 1000} s\n` : `ended with ${signal ?? `code ${code}`}\n`;
      } else if (passed + failed === 0) {
        failed++;
        output += "holds no test\n";
      }
      resolve({ passed, failed, output });
    });
  });
}

async function runTests() {
  const files = readdirSync(sources).filter((file) => file.endsWith("_test.cc"));
  const total = { passed: 0, failed: 0 };
  for (const file of files.sort()) {
    const results = await Promise.all(variants.map((variant) => run(file.slice(0, -".cc".length), variant)));
    const parts = results.map(({ passed, failed }, i) => {
      total.passed += passed;
      total.failed += failed;
      return `${variants[i]} ${passed} passed${failed > 0 ? `, ${failed} FAILED` : ""}`;
    });
    console.log(`  ${file.padEnd(30)} ${parts.join(" | ")}`);
    for (const { failed, output } of results) {
      if (failed > 0) console.log(output.replace(/^(ok - .*|done)\n/gm, "").replace(/^/gm, "    "));
    }
  }
  if (files.length === 0) total.failed++;
  console.log(`native: ${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

requireCmake();
buildTests();
await runTests();
