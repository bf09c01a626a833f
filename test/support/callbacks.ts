// Looks at who waits for a future, for tests that nobody is left waiting who has gone.
import type { Future } from "../../lib/index.ts";

/** How many callbacks a future has: those of users, tasks that wait, and the library's own. */
export function callbackCount(future: Future<unknown>): number {
  const entries = future._callbacks;
  if (entries === null) return 0;
  return Array.isArray(entries) ? entries.length : 1;
}
