// Builds dist/: the code bundled by rolldown (a module boundary on a hot path costs 10 % of a task switch), the types by tsc.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { ROOT } from "./setup/fingerprint.mjs";
import { markTypeScriptBuilt, typeScriptFingerprint } from "./setup/typescript-build.mjs";

const dist = join(ROOT, "dist");
/** Built beside dist/ and put in its place when complete: what runs meanwhile sees the old one or the new one. */
const unfinished = join(ROOT, `build-dist-${process.pid}`);
const require = createRequire(import.meta.url);

/**
 * The doors of the package: their source, and where the built one stands in dist/.
 * @type {Record<string, string>}
 */
const doors = { index: "lib/index.ts", "testing/index": "lib/testing/index.ts" };

async function bundleCode() {
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(doors).map(([name, source]) => [name, join(ROOT, source)])),
    platform: "node",
    external: [/^node:/],
  });
  await bundle.write({
    dir: unfinished,
    format: "cjs",
    exports: "named",
    entryFileNames: "[name].js",
    chunkFileNames: "shared.js",
  });
  await bundle.close();
}

/** @returns {boolean} false when there were type errors; tsc has printed them */
function emitTypes() {
  const tsc = require.resolve("typescript/bin/tsc");
  const args = [tsc, "-p", ROOT, "--emitDeclarationOnly", "--outDir", unfinished];
  if (spawnSync(process.execPath, args, { stdio: "inherit" }).status !== 0) return false;
  const names = readdirSync(unfinished, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((one) => one.endsWith(".d.ts"))) nameBuiltFiles(join(unfinished, name));
  return true;
}

/**
 * tsc leaves the imports of a declaration file as the source has them; consumers' tools expect the built extension.
 * @param {string} file
 */
function nameBuiltFiles(file) {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/((?:\bfrom |\bimport\()"\.[^"]*)\.ts"/g, '$1.js"'));
}

/**
 * State must exist once, however the package is loaded: the CommonJS build is the code, the ESM door only names its exports.
 * @param {string} name
 */
function writeEsmDoor(name) {
  const file = `./${name.split("/").at(-1)}.js`;
  const names = Object.keys(require(join(unfinished, `${name}.js`))).sort();
  const lines = [
    `// Generated from ${doors[name]}: the same objects that require() gives.`,
    `import door from ${JSON.stringify(file)};`,
    `export const {\n${names.map((one) => `  ${one},`).join("\n")}\n} = door;`,
  ];
  writeFileSync(join(unfinished, `${name}.mjs`), `${lines.join("\n")}\n`);
  writeFileSync(join(unfinished, `${name}.d.mts`), `export * from ${JSON.stringify(file)};\n`);
}

const before = typeScriptFingerprint();
try {
  mkdirSync(unfinished);
  await bundleCode();
  if (emitTypes()) {
    for (const name of Object.keys(doors)) writeEsmDoor(name);
    rmSync(dist, { recursive: true, force: true });
    renameSync(unfinished, dist);
    markTypeScriptBuilt(before);
  } else {
    process.exitCode = 1;
  }
} finally {
  rmSync(unfinished, { recursive: true, force: true });
}
