// Random concurrent programs: what they do here is what they do under CPython, event by event.
import { expect, it } from "vitest";
import * as asyncio from "../../lib/index.ts";
import { VirtualClock } from "../../lib/testing/index.ts";
import { describeBackends } from "../support/backends.ts";
import { loadPython } from "./oracle/python.mjs";
import { divergences, report, shrunk } from "./programs/campaign.mjs";

/** `npm run fuzz` takes fresh ones; these are always the same. */
const FIRST_SEED = 1;
const PROGRAMS = 500;

describeBackends("random programs", (backend) => {
  it(`${PROGRAMS} programs from seed ${FIRST_SEED} on log what they log under CPython`, async () => {
    const setup = { python: await loadPython(), asyncio, VirtualClock };
    const options = { seed: FIRST_SEED, programs: PROGRAMS, backends: [backend] };
    for await (const failure of divergences(setup, options)) {
      expect.fail(report(await shrunk(setup, failure)));
    }
  });
});
