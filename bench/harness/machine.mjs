// Describes the machine and the versions that a run's figures belong to.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

async function firstMatch(file, args, pattern) {
  if (file === null) return null;
  try {
    const { stdout, stderr } = await run(file, args);
    return (stdout + stderr).match(pattern)?.[1] ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {import("./toolbox.mjs").Toolbox} toolbox
 * @returns {Promise<Array<[string, string]>>} name and value, in the order they are printed
 */
export async function describeMachine(toolbox) {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const [python, systemLibuv, redis] = await Promise.all([
    firstMatch(toolbox.python.path, ["--version"], /Python (\S+)/),
    firstMatch(toolbox.echoServer.path, ["--version"], /libuv (\S+)/),
    firstMatch(toolbox.redisServer.path, ["--version"], /v=(\S+)/),
  ]);
  const absent = "not installed";
  return [
    ["CPU", `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores`],
    ["memory", `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
    ["kernel", `${type()} ${release()}`],
    ["asyncio-uv", manifest.version],
    ["node", `${process.versions.node} (V8 ${process.versions.v8}, libuv ${process.versions.uv})`],
    ["system libuv", systemLibuv ?? absent],
    ["python", python ?? absent],
    ["uvloop", toolbox.uvloop.version ?? absent],
    ...Object.entries(toolbox.packages).map(([name, { version }]) => [name, version ?? absent]),
    ["redis", redis ?? absent],
    [
      "pinning",
      toolbox.taskset
        ? "server on core 0, load on core 1"
        : "none: taskset is missing or refused, expect more noise",
    ],
    ["load average at the start", loadavg()[0].toFixed(2)],
  ];
}
