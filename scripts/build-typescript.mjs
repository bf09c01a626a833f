// Builds dist/: the code bundled by rolldown (a module boundary on a hot path costs 10 % of a task switch), the types by tsc.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

/** The doors of the package: their source, and where the built one stands in dist/. */
const doors = { index: "lib/index.ts", "testing/index": "lib/testing/index.ts" };

/** State must exist once, however the package is loaded: the CommonJS build is the code, the ESM door only names its exports. */
function writeEsmDoor(name) {
  const file = `./${name.split("/").at(-1)}.js`;
  const names = Object.keys(createRequire(import.meta.url)(join(dist, `${name}.js`))).sort();
  const lines = [
    `// Generated from ${doors[name]}: the same objects that require() gives.`,
    `import door from ${JSON.stringify(file)};`,
    `export const {\n${names.map((one) => `  ${one},`).join("\n")}\n} = door;`,
  ];
  writeFileSync(join(dist, `${name}.mjs`), `${lines.join("\n")}\n`);
  writeFileSync(join(dist, `${name}.d.mts`), `export * from ${JSON.stringify(file)};\n`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(doors).map(([name, source]) => [name, join(root, source)])),
  platform: "node",
  external: [/^node:/],
});
await bundle.write({ dir: dist, format: "cjs", exports: "named", entryFileNames: "[name].js", chunkFileNames: "shared.js" });
await bundle.close();

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const types = spawnSync(process.execPath, [tsc, "-p", root, "--emitDeclarationOnly"], { stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);
for (const name of Object.keys(doors)) writeEsmDoor(name);
