// Reads what the kernel knows of another process; every figure is null where /proc does not tell.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

function ofEachThread(pid, file, read) {
  try {
    let sum = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      sum += read(readFileSync(`/proc/${pid}/task/${thread}/${file}`, "utf8"));
    }
    return Number.isNaN(sum) ? null : sum;
  } catch {
    return null;
  }
}

/** CPU seconds of all threads, by the scheduler's own nanosecond count. */
export function cpuSeconds(pid) {
  return ofEachThread(pid, "schedstat", (text) => Number(text.split(" ")[0]) / 1e9);
}

/** How often any thread of the process went to sleep by itself, and so was woken. */
export function voluntarySwitches(pid) {
  return ofEachThread(pid, "status", (text) => Number(text.match(/^voluntary_ctxt_switches:\s+(\d+)/m)?.[1]));
}

/** Resident memory in bytes. */
export function residentBytes(pid) {
  try {
    const kibibytes = readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB/m);
    return kibibytes ? Number(kibibytes[1]) * 1024 : null;
  } catch {
    return null;
  }
}

/** Number of sockets that the process holds open. */
export function openSockets(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).filter((fd) =>
      readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("socket:"),
    ).length;
  } catch {
    return null;
  }
}
