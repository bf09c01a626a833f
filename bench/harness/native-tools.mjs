// Builds the bench's own C++ programs with g++ into build-bench/, when they are missing or older than their sources.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const SOURCES = fileURLToPath(new URL("../load/", import.meta.url));
const OUTPUT = fileURLToPath(new URL("../../build-bench/", import.meta.url));

/** @typedef {{ path: string | null, missing: string | null }} Built */

/** Directory that holds both node_api.h and uv.h of a real Node, or null. */
export function nodeHeaders() {
  const candidates = [
    process.env.npm_config_nodedir && join(process.env.npm_config_nodedir, "include/node"),
    join(dirname(process.execPath), "../include/node"),
    join(homedir(), ".cache/node-gyp", process.versions.node, "include/node"),
  ];
  return (
    candidates.find((at) => at && existsSync(join(at, "uv.h")) && existsSync(join(at, "node_api.h"))) ?? null
  );
}

function isStale(output) {
  if (!existsSync(output)) return true;
  const built = statSync(output).mtimeMs;
  return readdirSync(SOURCES).some((source) => statSync(join(SOURCES, source)).mtimeMs > built);
}

async function build(source, output, flags) {
  const target = join(OUTPUT, output);
  if (!isStale(target)) return { path: target, missing: null };
  mkdirSync(OUTPUT, { recursive: true });
  // Built beside and renamed, so that an interrupted compiler never leaves half a program that looks fresh.
  const unfinished = `${target}.${process.pid}`;
  try {
    await run("g++", [
      "-O2",
      "-std=c++17",
      "-Wall",
      "-Wextra",
      join(SOURCES, source),
      "-o",
      unfinished,
      ...flags,
    ]);
  } catch (error) {
    if (error.code === "ENOENT") return { path: null, missing: "g++ is not installed" };
    const why =
      String(error.stderr)
        .split("\n")
        .find((line) => /error|cannot find/.test(line)) ?? "g++ failed";
    return { path: null, missing: `${source} does not build (${why.trim().replaceAll(SOURCES, "")})` };
  }
  renameSync(unfinished, target);
  return { path: target, missing: null };
}

/** @returns {Promise<Built>} */
export function buildLoadGenerator() {
  return build("load_generator.cc", "load_generator", []);
}

/** @returns {Promise<Built>} the echo on the system's libuv */
export async function buildEchoServer() {
  const built = await build("echo_server.cc", "echo_server", ["-luv"]);
  if (built.missing && /uv\.h|-luv/.test(built.missing)) {
    return { path: null, missing: "libuv's development files are not installed (Debian: libuv1-dev)" };
  }
  return built;
}

/** @returns {Promise<Built>} the echo on the libuv that Node carries */
export async function buildEchoAddon() {
  const headers = nodeHeaders();
  if (headers === null) return { path: null, missing: "no Node headers with uv.h (set npm_config_nodedir)" };
  return build("echo_addon.cc", "echo_addon.node", ["-fPIC", "-shared", `-I${headers}`]);
}
