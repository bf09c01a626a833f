// Runs a scenario of fixtures/ as a process of its own, and tells how it ended and what it said.
import { spawn } from "node:child_process";
import { join } from "node:path";

/** A scenario that runs this long (milliseconds) hangs: each takes some seconds at most, on a busy machine too. */
const HANG_AFTER = 110_000;

/** For tests of scenarios: above HANG_AFTER, so that a hang is reported with what the scenario said until then. */
export const SCENARIO_TIMEOUT = 120_000;

export interface Outcome {
  /** The exit code, or the signal that ended it, or "hung". */
  readonly end: number | string;
  /** The last line of stdout, as JSON; null when there is none. */
  readonly report: unknown;
  readonly stderr: string;
}

export interface FixtureOptions {
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export function runFixture(name: string, options: FixtureOptions = {}): Promise<Outcome> {
  const { args = [], nodeArgs = [], env = {} } = options;
  const file = join(import.meta.dirname, "fixtures", `${name}.cjs`);
  const child = spawn(process.execPath, [...nodeArgs, file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ASYNCIO_UV_BACKEND: "native", NODE_OPTIONS: "", ...env },
  });
  let stdout = "";
  let stderr = "";
  let hung = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    const guard = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, HANG_AFTER);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(guard);
      resolve({ end: hung ? "hung" : (code ?? signal ?? "lost"), report: lastLine(stdout), stderr });
    });
  });
}

function lastLine(text: string): unknown {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line);
  } catch {
    return line === "" ? null : line;
  }
}
