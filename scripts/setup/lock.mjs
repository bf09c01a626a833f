// Lets one set-up at a time work in a checkout: a second one waits, and then finds everything done.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./fingerprint.mjs";

const LOCK = join(ROOT, ".setup", "lock");
const MILLISECONDS_BETWEEN_LOOKS = 200;

/**
 * @template T
 * @param {(text: string) => void} say
 * @param {() => T} work
 * @returns {T}
 */
export function alone(say, work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  let told = false;
  for (let holder = take(); holder !== process.pid; holder = take()) {
    if (!told) say(`waiting for process ${holder}, which is setting up as well`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MILLISECONDS_BETWEEN_LOOKS);
  }
  try {
    return work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Takes the lock if it is free; gives the process that holds it now. */
function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return process.pid;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  const holder = readHolder();
  // One that was killed has left its lock; the next look takes it.
  if (holder > 0 && !isAlive(holder)) rmSync(LOCK, { force: true });
  return holder;
}

/** 0 while the lock is being written or removed. */
function readHolder() {
  try {
    return Number(readFileSync(LOCK, "utf8"));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH";
  }
}
