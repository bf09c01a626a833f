// The garbage collector on demand, for what is reported only once something is collected.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Coroutine, type ExceptionContext, sleep } from "../../lib/index.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Looks at most this often; only a report that never comes uses them up. */
const MAX_LOOKS = 100;

/** What the exception handler is told while garbage is collected, until it was told at least `wanted` things. */
export function* reportsOfGarbage(take: () => ExceptionContext[], wanted = 1): Coroutine<ExceptionContext[]> {
  const reports = take();
  for (let look = 0; look < MAX_LOOKS && reports.length < wanted; look++) {
    collect();
    yield* sleep(0.001);
    reports.push(...take());
  }
  return reports;
}
