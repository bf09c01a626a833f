// Removes everything that was built; node_modules stays.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup/fingerprint.mjs";

const BUILT = /^(dist|build|build-.*|prebuilds|coverage|\.setup)$/;

for (const name of readdirSync(ROOT).filter((one) => BUILT.test(one))) {
  rmSync(join(ROOT, name), { recursive: true, force: true });
  console.log(`removed ${name}/`);
}
