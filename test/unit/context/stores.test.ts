// The ways in which the stores of AsyncLocalStorage are kept apart: that of this Node, and the one that any Node allows.
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { FrameStores, storesAreInFrames } from "../../../lib/context/frame-stores.ts";
import { HiddenStores } from "../../../lib/context/hidden-stores.ts";
import { ResourceStores, storesAreOnResources } from "../../../lib/context/resource-stores.ts";
import { type Stores, turnStores } from "../../../lib/context/stores.ts";

const ways: [string, () => Stores][] = [["hidden", () => new HiddenStores()]];
if (storesAreOnResources()) ways.push(["on resources", () => new ResourceStores()]);
if (storesAreInFrames()) ways.push(["in frames", () => new FrameStores()]);

it("one of the fast ways fits this Node", () => {
  expect(ways.length).toBe(2);
});

for (const [name, make] of ways) {
  describe(`stores that are ${name}`, () => {
    /** What the loop does after a step or callback without a scope. */
    const afterStep = (stores: Stores): unknown => (turnStores.dirty ? stores.take() : null);

    it("are those of where a scope was captured, also of an empty place", () => {
      const stores = make();
      const storage = new AsyncLocalStorage<string>();
      const [set, empty] = [storage.run("set", () => stores.capture()), stores.detach()];
      const turn = stores.newTurnScope();
      turn.run(() => {
        expect(set!(() => storage.getStore())).toBe("set");
        expect(storage.run("inside", () => empty(() => storage.getStore()))).toBe(undefined);
        expect(storage.getStore()).toBe(undefined);
      });
      turn.close();
    });

    it("are kept from one step of a task to the next, and from nothing else", () => {
      const stores = make();
      const [first, second] = [new AsyncLocalStorage<string>(), new AsyncLocalStorage<string>()];
      const turn = stores.newTurnScope();
      turn.run(() => {
        const step = first.run("outer", () => stores.captureForTask())!;
        step(() => second.enterWith("entered"));
        expect([first.getStore(), second.getStore()]).toEqual([undefined, undefined]);
        step(() => first.enterWith("changed"));
        expect(step(() => [first.getStore(), second.getStore()])).toEqual(["changed", "entered"]);
        expect(afterStep(stores)).toBe(null);
      });
      turn.close();
    });

    it("are taken along by what is scheduled from a bound function inside a turn", () => {
      const stores = make();
      const storage = new AsyncLocalStorage<string>();
      const bound = storage.run("bound", () => AsyncResource.bind(() => stores.capture()));
      const turn = stores.newTurnScope();
      turn.run(() => expect(bound()!(() => storage.getStore())).toBe("bound"));
      turn.close();
    });

    it("of the place where the loop was started are those of its turns; elsewhere they can be left", () => {
      const stores = make();
      const storage = new AsyncLocalStorage<string>();
      const turn = storage.run("loop", () => stores.newTurnScope());
      const outside = stores.capture();
      expect(turn.run(() => storage.getStore())).toBe("loop");
      expect(turn.run(() => outside!(() => storage.getStore()))).toBe(undefined);
      turn.close();
    });

    // That way gives everything a scope of its own instead.
    if (name === "hidden") return;

    it("that a step leaves behind are found, and not seen by the next", () => {
      const stores = make();
      const [first, second] = [new AsyncLocalStorage<string>(), new AsyncLocalStorage<string>()];
      const turn = first.run("loop", () => stores.newTurnScope());
      for (let round = 0; round < 2; round++) {
        turn.run(() => {
          expect(stores.capture()).toBe(null);
          first.run("and back", () => second.run("too", () => undefined));
          expect(afterStep(stores)).toBe(null);
          first.enterWith("left");
          second.enterWith("behind");
          const scope = stores.take();
          expect([first.getStore(), second.getStore()]).toEqual(["loop", undefined]);
          expect(scope!(() => [first.getStore(), second.getStore()])).toEqual(["left", "behind"]);
          expect(stores.capture()).toBe(null);
          second.enterWith("forgotten");
          stores.forget();
          expect([first.getStore(), second.getStore()]).toEqual(["loop", undefined]);
        });
      }
      turn.close();
    });
  });
}
