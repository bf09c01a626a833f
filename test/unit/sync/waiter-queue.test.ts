// WaiterQueue against a model: whatever comes, waits, is cancelled, woken and leaves, in any order.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { newEventLoop } from "../../../lib/index.ts";
import { type Waiter, WaiterQueue } from "../../../lib/sync/waiter-queue.ts";

const loop = newEventLoop({ backend: "pure" });
afterAll(() => loop.close());

type Step =
  { do: "enter" } | { do: "wakeFirst" } | { do: "wakeNext" } | { do: "cancel" | "leave"; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: "enter" }, { do: "wakeNext" }, { do: "wakeFirst" }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom<"cancel" | "leave">("cancel", "leave"), which: fc.nat(20) }),
  },
);

describe("WaiterQueue", () => {
  it("does what a list would do that looks at everybody each time", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new WaiterQueue();
        const model: Waiter[] = [];
        for (const what of steps) {
          const done = model.map((waiter) => waiter.done());
          if (what.do === "enter") {
            model.push(queue.enter(loop));
          } else if (what.do === "wakeFirst") {
            queue.wakeFirst();
            expect(model.map((waiter) => waiter.done())).toEqual(done.map((was, i) => was || i === 0));
          } else if (what.do === "wakeNext") {
            const next = done.indexOf(false);
            expect(queue.wakeNext()).toBe(next >= 0);
            expect(model.map((waiter) => waiter.done())).toEqual(done.map((was, i) => was || i === next));
          } else if (model.length > 0) {
            const at = what.which % model.length;
            if (what.do === "cancel") expect(model[at]!.cancel()).toBe(!done[at]);
            else queue.leave(model.splice(at, 1)[0]!);
          }
          expect(queue.length).toBe(model.length);
          expect(queue.inUse).toBe(model.some((waiter) => !waiter.cancelled()));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("describes itself only where somebody waits", () => {
    const queue = new WaiterQueue();
    expect(queue.describe()).toBe("");
    const waiter = queue.enter(loop);
    expect(queue.describe()).toBe(", waiters:1");
    queue.leave(waiter);
    expect(queue.describe()).toBe("");
  });
});
