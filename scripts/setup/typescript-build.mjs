// Knows whether dist/ is that of the present lib/.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, isStamped, ROOT, writeStamp } from "./fingerprint.mjs";

const STAMP = ".setup/typescript";

/** What dist/ is made of; the lock stands for the versions of compiler and bundler. */
const INPUTS = ["lib", "scripts/build-typescript.mjs", "tsconfig.json", "package-lock.json"];

/** What is written last. */
const OUTPUTS = ["dist/index.mjs", "dist/index.d.ts", "dist/testing/index.mjs"];

export const typeScriptFingerprint = () => fingerprint(INPUTS);

export function isTypeScriptBuilt() {
  return OUTPUTS.every((file) => existsSync(join(ROOT, file))) && isStamped(STAMP, typeScriptFingerprint());
}

/** @param {string} value the fingerprint that was taken before the build began */
export const markTypeScriptBuilt = (value) => writeStamp(STAMP, value);
