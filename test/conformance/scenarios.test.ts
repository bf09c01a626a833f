// Hand-written scenarios: each does here, on both backends, what it does under CPython, event by event.
import { expect, it } from "vitest";
import { describeBackends } from "../support/backends.ts";
import { loadPython } from "./oracle/python.mjs";
import { FUTURES } from "./scenarios/futures.ts";
import { runHere, type Scenario } from "./scenarios/scenario.ts";

const AREAS: Record<string, readonly Scenario[]> = {
  futures: FUTURES,
};

for (const [area, scenarios] of Object.entries(AREAS)) {
  describeBackends(`scenarios: ${area}`, (backend) => {
    for (const scenario of scenarios) {
      it(scenario.name, async () => {
        const python = await loadPython();
        const expected = python.runScenario(scenario.python);
        expect(expected.length, "lines that CPython logs").toBeGreaterThan(0);
        expect(await runHere(backend, scenario)).toEqual(expected);
      });
    }
  });
}
