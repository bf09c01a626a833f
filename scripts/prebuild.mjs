// Makes prebuilds/<platform>-<arch>/asyncio-uv.<libc>.node, the addon that the published package carries for this machine.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup/fingerprint.mjs";

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

// prebuildify takes the addon away from <cwd>/build/Release; from the project's own folder that would be the developer's.
const workplace = join(ROOT, "build-prebuild");
mkdirSync(workplace, { recursive: true });

const args = [
  join(ROOT, "node_modules", "prebuildify", "bin.js"),
  `--name=${manifest.name}`,
  "--napi",
  "--strip",
  "--tag-libc",
  `--target=${manifest.engines.node.replace(/^>=/, "")}.0`,
  `--cwd=${workplace}`,
  `--out=${ROOT}`,
  `--node-gyp=${join(ROOT, "scripts", "prebuild", "cmake-js-as-node-gyp.mjs")}`,
];
process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" }).status ?? 1;
