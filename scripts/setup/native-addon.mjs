// Builds the native addon with node-gyp when its sources, the Node that runs or node-addon-api have changed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fingerprint, isStamped, ROOT, writeStamp } from "./fingerprint.mjs";

/** Inside build/, so that `node-gyp clean` takes them away together with what they speak of. */
const STAMPS = { Debug: "build/stamp-debug", Release: "build/stamp-release", place: "build/stamp-place" };
const LOG = "build/setup.log";
const LINES_SHOWN = 25;

/** @typedef {"Release" | "Debug"} Kind */

/** @param {Kind} kind */
const addonFile = (kind) => join(ROOT, "build", kind, "asyncio_uv.node");

/** @param {Kind} [kind] */
export function isAddonBuilt(kind = "Release") {
  return existsSync(addonFile(kind)) && isStamped(STAMPS[kind], wantedStamp());
}

/**
 * @param {Kind} [kind]
 * @returns {boolean} false when it could not be built; what the compiler said has been printed
 */
export function buildAddon(kind = "Release") {
  const wanted = wantedStamp();
  const here = fingerprint([], circumstances());
  // make goes by the age of files, and npm gives all of its files the same one: only a clean build takes in new headers.
  const moved = existsSync(join(ROOT, STAMPS.place)) && !isStamped(STAMPS.place, here);
  const result = nodeGyp([...(moved ? ["clean"] : []), "configure", "build"], kind);
  if (result.status !== 0 || !existsSync(addonFile(kind))) {
    tellFailure(result.error?.message ?? `${result.stdout}${result.stderr}`);
    return false;
  }
  writeStamp(STAMPS[kind], wanted);
  writeStamp(STAMPS.place, here);
  return true;
}

/** Where the present sources do not build, an older addon must not be loaded in place of the pure backend. */
export function discardAddon() {
  rmSync(addonFile("Release"), { force: true });
}

const wantedStamp = () => fingerprint(["native", "binding.gyp"], circumstances());

/** What decides the outcome besides the sources. */
function circumstances() {
  const manifest = join(ROOT, "node_modules", "node-addon-api", "package.json");
  const headers = existsSync(manifest) ? String(JSON.parse(readFileSync(manifest, "utf8")).version) : "none";
  return [process.version, process.versions.modules, process.platform, process.arch, headers];
}

/**
 * @param {string[]} verbs
 * @param {Kind} kind
 */
function nodeGyp(verbs, kind) {
  const program = join(ROOT, "node_modules", "node-gyp", "bin", "node-gyp.js");
  const nodedir = nodeHeaders();
  const args = [program, ...verbs, `--${kind.toLowerCase()}`, "--jobs=max"];
  if (nodedir !== undefined) args.push(`--nodedir=${nodedir}`);
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
}

/**
 * The folder above include/node with the headers of the Node that runs; without one the build tools download them.
 * @returns {string | undefined}
 */
export function nodeHeaders() {
  const own = resolve(process.execPath, "..", "..");
  if (existsSync(join(own, "include", "node", "uv.h"))) return own;
  return process.env["npm_config_nodedir"];
}

/** @param {string} output */
function tellFailure(output) {
  const all = output.trimEnd().split("\n");
  // node-gyp ends with a report on itself, below what the compiler said.
  const ofCompiler = all.filter((line) => !/^gyp (info|ERR!|verb)/.test(line));
  const lines = /error/i.test(ofCompiler.join("\n")) ? ofCompiler : all;
  mkdirSync(join(ROOT, "build"), { recursive: true });
  writeFileSync(join(ROOT, LOG), output);
  console.error(`the native addon could not be built (all of it in ${LOG}); the last lines:`);
  for (const line of lines.slice(-LINES_SHOWN)) console.error(`    ${line}`);
}
