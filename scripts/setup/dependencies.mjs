// Brings node_modules to what package-lock.json says, by npm's own record of what it installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "./fingerprint.mjs";

/**
 * @typedef {object} Locked an entry of package-lock.json
 * @property {string} version
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

export function areDependenciesInstalled() {
  return missing().length === 0 && leftOut().length === 0;
}

/**
 * Installs what is missing or of another version; says nothing when all is there.
 * @param {(text: string) => void} say
 * @returns {boolean} false when npm failed; it has said why
 */
export function installDependencies(say) {
  if (missing().length > 0) {
    say(
      existsSync(join(ROOT, "node_modules"))
        ? "bringing the dependencies up to date: npm ci"
        : "installing the dependencies: npm ci",
    );
    if (!npm(["ci"])) return false;
  }
  const names = leftOut().map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`);
  if (names.length === 0) return true;
  say(`installing what npm left out for Node ${process.versions.node}: ${names.join(" ")}`);
  return npm(["install", "--no-save", ...names]);
}

const missing = () => lacking((entry) => entry.optional !== true);

/**
 * npm leaves out an optional package whose stated Node is newer than this one. The bundler's compiled half is such a package,
 * states 20.19, and runs on 20.17; asked for by name it is installed.
 */
const leftOut = () => lacking((entry) => entry.optional === true && isForThisMachine(entry));

/**
 * @param {(entry: Locked) => boolean} wanted
 * @returns {[path: string, entry: Locked][]}
 */
function lacking(wanted) {
  const locked = readLock("package-lock.json") ?? {};
  const installed = readLock("node_modules/.package-lock.json") ?? {};
  return Object.entries(locked).filter(
    ([path, entry]) =>
      path !== "" &&
      wanted(entry) &&
      (installed[path]?.version !== entry.version || !existsSync(join(ROOT, path, "package.json"))),
  );
}

/**
 * @param {string} file
 * @returns {Record<string, Locked> | null}
 */
function readLock(file) {
  if (!existsSync(join(ROOT, file))) return null;
  return JSON.parse(readFileSync(join(ROOT, file), "utf8")).packages;
}

/**
 * Whether a package is the compiled half for this machine; the portable fallbacks name no system.
 * @param {Locked} entry
 */
function isForThisMachine({ os, cpu, libc }) {
  return os !== undefined && fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, libcName());
}

/**
 * @param {string[] | undefined} list as in package.json: names, or names refused by a "!"
 * @param {string} name
 */
function fits(list, name) {
  if (list === undefined) return true;
  return list.includes(name) || (list.every((one) => one.startsWith("!")) && !list.includes(`!${name}`));
}

/** As package.json names it; "" where there is no choice. */
function libcName() {
  if (process.platform !== "linux") return "";
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

/** @param {string[]} args */
function npm(args) {
  // No package of ours needs an install script, so none is run.
  const all = [...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const cli = process.env["npm_execpath"];
  const result =
    cli !== undefined && basename(cli).startsWith("npm")
      ? spawnSync(process.execPath, [cli, ...all], { cwd: ROOT, stdio: "inherit" })
      : spawnSync("npm", all, { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" });
  if (result.error !== undefined) console.error(`npm cannot be run: ${result.error.message}`);
  return result.status === 0;
}
