// Makes a checkout ready to run: Node's version, dependencies, native addon, TypeScript build. Says nothing when all is fresh.
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { areDependenciesInstalled, installDependencies } from "./setup/dependencies.mjs";
import { ROOT } from "./setup/fingerprint.mjs";
import { alone } from "./setup/lock.mjs";
import { buildAddon, discardAddon, isAddonBuilt } from "./setup/native-addon.mjs";
import { isTypeScriptBuilt } from "./setup/typescript-build.mjs";

/** @param {string} text */
const say = (text) => console.log(`setup: ${text}`);

/**
 * @param {{ addonRequired: boolean }} options whether to go on with the pure backend where the addon cannot be built
 * @returns {boolean} false when the project cannot run; the reason has been printed
 */
export function setUp({ addonRequired }) {
  if (!isNodeNewEnough()) return false;
  if (areDependenciesInstalled() && isAddonBuilt() && isTypeScriptBuilt()) return true;
  return alone(say, () => setUpDependencies() && setUpAddon(addonRequired) && setUpTypeScript());
}

function setUpDependencies() {
  if (installDependencies(say)) return true;
  console.error("setup: the dependencies could not be installed (npm's own words stand above)");
  return false;
}

/** @param {boolean} required */
function setUpAddon(required) {
  if (isAddonBuilt()) return true;
  say("building the native addon (the first time takes about a minute)");
  if (buildAddon()) return true;
  if (required) return false;
  discardAddon();
  say("going on with the pure-TypeScript backend, which is slower; nothing else differs");
  return true;
}

function setUpTypeScript() {
  if (isTypeScriptBuilt()) return true;
  say("building dist/ from lib/");
  const script = join(ROOT, "scripts", "build-typescript.mjs");
  return spawnSync(process.execPath, [script], { stdio: "inherit" }).status === 0;
}

function isNodeNewEnough() {
  const wanted = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).engines.node.replace(/^>=/, "");
  const [major, minor] = wanted.split(".").map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return true;
  console.error(
    `asyncio-uv needs Node ${wanted} or newer; this is ${process.versions.node} (${process.execPath})`,
  );
  return false;
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))
) {
  process.exitCode = setUp({ addonRequired: process.argv.includes("--addon-required") }) ? 0 : 1;
}
