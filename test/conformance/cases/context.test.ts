// Counterpart of CPython's test_context: tasks at work at the same time, each in a setting of its own.
import { expect, it } from "vitest";
import { ContextVar, type Coroutine, gather, newEventLoop, run, sleep } from "../../../lib/index.ts";
import { VirtualClock } from "../../../lib/testing/index.ts";
import { describeBackends } from "../../support/backends.ts";

/** What stands for Python's decimal context: the number of digits in which a quotient is given. */
const precision = new ContextVar<number>("precision");

function quotient(x: number, y: number): string {
  return (x / y).toPrecision(precision.get());
}

describeBackends("test_context.DecimalContextTest", (backend) => {
  it("test_asyncio_task_decimal_context: what a task sets holds after its awaits, and for itself alone", async () => {
    function* fractions(t: number, digits: number, x: number, y: number): Coroutine<[string, string]> {
      const token = precision.set(digits);
      try {
        const a = quotient(x, y);
        yield* sleep(t);
        return [a, quotient(x, y ** 2)];
      } finally {
        precision.reset(token);
      }
    }

    const both = (): ReturnType<typeof gather> => gather(fractions(0.1, 3, 1, 3), fractions(0.2, 6, 1, 3));
    const results = await run(both, {
      loopFactory: () => newEventLoop({ backend, clock: new VirtualClock() }),
    });
    expect(results).toEqual([
      ["0.333", "0.111"],
      ["0.333333", "0.111111"],
    ]);
  });
});
