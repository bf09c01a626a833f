#!/usr/bin/env node
// Stands in for node-gyp, the only build program that prebuildify knows: runs cmake-js and leaves the addon where it is looked for.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../setup/fingerprint.mjs";
import { nodeHeaders } from "../setup/native-addon.mjs";

const cmakeJs = join(ROOT, "node_modules", "cmake-js", "bin", "cmake-js");
const arch = process.env["PREBUILD_ARCH"] ?? process.arch;
const out = join(process.cwd(), "build");
const headers = nodeHeaders();
const result = spawnSync(
  process.execPath,
  [cmakeJs, "rebuild", "--directory", ROOT, "--out", out, "--arch", arch],
  {
    stdio: "inherit",
    // cmake-js knows no option for it. Without headers of a real Node it downloads them.
    env: headers === undefined ? process.env : { ...process.env, npm_config_nodedir: headers },
  },
);
process.exitCode = result.status ?? 1;
