// Starts contestants and loads as processes of their own, pinned to a core, and sees to it that each one ends.
import { spawn } from "node:child_process";
import { tellingLine } from "./last-words.mjs";

/**
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {Record<string, string>} [env] added to this process's own
 *
 * @typedef {object} Running
 * @property {number} pid
 * @property {RegExpMatchArray} ready what the awaited line matched
 * @property {() => Promise<void>} stop
 */

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

const START_PATIENCE_MS = 15_000;
const STOP_PATIENCE_MS = 3_000;
const KEPT_OUTPUT = 256 * 1024;

/** @type {Set<import("node:child_process").ChildProcess>} */
const alive = new Set();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

function launch(command, core, taskset) {
  const pinned =
    taskset === null
      ? [command.file, command.args]
      : [taskset, ["-c", String(core), command.file, ...command.args]];
  const child = spawn(pinned[0], pinned[1], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...command.env },
  });
  alive.add(child);
  const state = { child, stdout: "", stderr: "", ended: null, error: null };
  child.stdout
    .setEncoding("utf8")
    .on("data", (text) => (state.stdout = (state.stdout + text).slice(-KEPT_OUTPUT)));
  child.stderr
    .setEncoding("utf8")
    .on("data", (text) => (state.stderr = (state.stderr + text).slice(-KEPT_OUTPUT)));
  state.closed = new Promise((resolve) => {
    child.once("error", (error) => {
      state.error = error;
      alive.delete(child);
      resolve();
    });
    child.once("close", (code, signal) => {
      alive.delete(child);
      state.ended = signal ?? code;
      resolve();
    });
  });
  return state;
}

function lastWords(state) {
  const line = tellingLine(state.stderr);
  return line === null ? "" : `: ${line}`;
}

async function outputMatching(state, pattern, patience) {
  const deadline = performance.now() + patience;
  while (performance.now() < deadline) {
    const match = state.stdout.match(pattern);
    if (match || state.ended !== null || state.error !== null) return match;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return state.stdout.match(pattern);
}

/**
 * Starts a server and waits for the line that says it is ready.
 *
 * @param {Command} command
 * @param {{ core: number, taskset: string | null, ready?: RegExp }} options
 * @returns {Promise<Running>}
 */
export async function startServer(command, { core, taskset, ready = /LISTENING (\d+)/ }) {
  const state = launch(command, core, taskset);
  const match = await outputMatching(state, ready, START_PATIENCE_MS);
  if (!match) {
    const ended = state.ended !== null || state.error !== null;
    state.child.kill("SIGKILL");
    await state.closed;
    const why = ended ? "did not start" : `did not say within ${START_PATIENCE_MS / 1000} s that it is ready`;
    throw new Error(`the server ${why}${state.error ? `: ${state.error.message}` : lastWords(state)}`);
  }
  return {
    pid: state.child.pid,
    ready: match,
    async stop() {
      if (state.ended !== null)
        throw new Error(`the server ended during the run (${state.ended})${lastWords(state)}`);
      state.child.kill("SIGTERM");
      const timer = setTimeout(() => state.child.kill("SIGKILL"), STOP_PATIENCE_MS);
      await state.closed;
      clearTimeout(timer);
    },
  };
}

/**
 * Runs a command to its end and gives what it printed.
 *
 * @param {Command} command
 * @param {{ core: number, taskset: string | null, patience: number }} options patience in seconds
 * @returns {Promise<string>}
 */
export async function runToEnd(command, { core, taskset, patience }) {
  const state = launch(command, core, taskset);
  const timer = setTimeout(() => state.child.kill("SIGKILL"), patience * 1000);
  await state.closed;
  clearTimeout(timer);
  if (state.error) throw state.error;
  if (state.ended !== 0) {
    const why = state.ended === "SIGKILL" ? `was stopped after ${patience} s` : `ended with ${state.ended}`;
    throw new Error(`${command.file.split("/").at(-1)} ${why}${lastWords(state)}`);
  }
  return state.stdout;
}

/**
 * Runs `body` while a load holds something open, from the line that says so; the load ends with it.
 *
 * @template T
 * @param {Command} command
 * @param {{ core: number, taskset: string | null, ready: RegExp }} options
 * @param {(running: Running) => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withRunning(command, options, body) {
  const running = await startServer(command, options);
  try {
    return await body(running);
  } finally {
    await running.stop();
  }
}
