// Runs the hostile scenarios on an addon built with the address and undefined-behaviour sanitizers, where there are any.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SCRIPT = join(import.meta.dirname, "..", "..", "scripts", "asan-addon.mjs");
/** Building takes some seconds, each scenario some more; a busy machine and a first build are allowed for. */
const TIMEOUT = 280_000;

const missing = spawnSync(process.execPath, [SCRIPT, "--missing"], { encoding: "utf8" }).stdout.trim();

describe("the addon under the sanitizers", { timeout: TIMEOUT }, () => {
  it.skipIf(missing !== "")(
    `bears hostile calls and traffic${missing && ` (skipped: ${missing})`}`,
    async () => {
      const child = spawn(process.execPath, [SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
      const [code] = (await once(child, "close")) as [number | null];
      expect({ code, output }).toMatchObject({
        code: 0,
        output: expect.stringMatching(/asan: \d+ passed, 0 failed\n$/) as string,
      });
    },
  );
});
