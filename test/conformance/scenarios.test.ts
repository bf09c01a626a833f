// Hand-written scenarios: each does here, on both backends, what it does under CPython, event by event.
import { expect, it } from "vitest";
import { describeBackends } from "../support/backends.ts";
import { loadPython } from "./oracle/python.mjs";
import { CANCELLATION_CLEANUP } from "./scenarios/cancellation-cleanup.ts";
import { CANCELLATION } from "./scenarios/cancellation.ts";
import { CONDITIONS } from "./scenarios/conditions.ts";
import { CONTEXTS } from "./scenarios/contexts.ts";
import { EAGER } from "./scenarios/eager.ts";
import { EXCEPTION_GROUPS } from "./scenarios/exception-groups.ts";
import { FUTURES } from "./scenarios/futures.ts";
import { GATHER } from "./scenarios/gather.ts";
import { INTROSPECTION } from "./scenarios/introspection.ts";
import { LOCKS } from "./scenarios/locks.ts";
import { QUEUES } from "./scenarios/queues.ts";
import { RUNNERS } from "./scenarios/runners.ts";
import { runHere, runPlainHere, type Scenario } from "./scenarios/scenario.ts";
import { SCHEDULING } from "./scenarios/scheduling.ts";
import { STAGGERED } from "./scenarios/staggered.ts";
import { NESTED_TASK_GROUPS } from "./scenarios/task-groups-nested.ts";
import { TASK_GROUPS } from "./scenarios/task-groups.ts";
import { TASKS } from "./scenarios/tasks.ts";
import { RESCHEDULED_TIMEOUTS } from "./scenarios/timeouts-rescheduled.ts";
import { TIMEOUTS } from "./scenarios/timeouts.ts";
import { UNCANCEL } from "./scenarios/uncancel.ts";
import { WAIT_FOR } from "./scenarios/wait-for.ts";
import { WAITS } from "./scenarios/waits.ts";

const AREAS: Record<string, readonly Scenario[]> = {
  "cancellation cleanup": CANCELLATION_CLEANUP,
  cancellation: CANCELLATION,
  conditions: CONDITIONS,
  contexts: CONTEXTS,
  eager: EAGER,
  "exception groups": EXCEPTION_GROUPS,
  futures: FUTURES,
  gather: GATHER,
  introspection: INTROSPECTION,
  locks: LOCKS,
  queues: QUEUES,
  scheduling: SCHEDULING,
  staggered: STAGGERED,
  "task groups nested": NESTED_TASK_GROUPS,
  "task groups": TASK_GROUPS,
  tasks: TASKS,
  "timeouts rescheduled": RESCHEDULED_TIMEOUTS,
  timeouts: TIMEOUTS,
  uncancel: UNCANCEL,
  "wait for": WAIT_FOR,
  waits: WAITS,
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

describeBackends("scenarios: runners", (backend) => {
  for (const scenario of RUNNERS) {
    it(scenario.name, async () => {
      const python = await loadPython();
      const expected = python.runPlainScenario(scenario.python);
      expect(expected.length, "lines that CPython logs").toBeGreaterThan(0);
      expect(await runPlainHere(backend, scenario)).toEqual(expected);
    });
  }
});
