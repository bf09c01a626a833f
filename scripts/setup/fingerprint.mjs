// Tells whether something built is still that of its sources: a hash of what went in, kept in a stamp beside what came out.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * The hash of files and whole folders, named relative to the project, and of what else decides the outcome.
 * @param {string[]} paths
 * @param {string[]} circumstances
 */
export function fingerprint(paths, circumstances = []) {
  const hash = createHash("sha256");
  for (const one of circumstances) hash.update(`${one}\0`);
  for (const file of paths.flatMap(filesOf)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

/**
 * @param {string} stamp a file, relative to the project
 * @param {string} wanted
 */
export function isStamped(stamp, wanted) {
  const file = join(ROOT, stamp);
  return existsSync(file) && readFileSync(file, "utf8") === wanted;
}

/**
 * @param {string} stamp
 * @param {string} value
 */
export function writeStamp(stamp, value) {
  const file = join(ROOT, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
