// wrapFuture(): a promise's outcome in a future.
import { expect, it } from "vitest";
import { newEventLoop, sleep, wrapFuture } from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";

describeBackends("wrapFuture()", (backend) => {
  it("takes the outcome of a promise", () =>
    onLoop(backend, function* () {
      expect(yield* wrapFuture(Promise.resolve("value"))).toBe("value");
      expect(label(yield* errorOf(wrapFuture(Promise.reject(new RangeError("no")))))).toBe("RangeError: no");
      expect(yield* wrapFuture(new Promise((resolve) => setTimeout(resolve, 1, "later")))).toBe("later");
    }));

  it("gives a future back as it is", () =>
    onLoop(backend, function* ({ loop }) {
      const future = loop.createFuture<number>();
      expect(wrapFuture(future)).toBe(future);
      future.cancel();
      yield* sleep(0);
    }));

  it("drops what settles after it was cancelled, or after the loop was closed", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): unknown => unhandled.push(reason);
    process.on("unhandledRejection", note);
    let reject!: (error: Error) => void;
    let resolve!: (value: number) => void;
    const failing = new Promise<number>((_resolve, fail) => (reject = fail));
    const late = new Promise<number>((succeed) => (resolve = succeed));
    const loop = newEventLoop({ backend });
    await loop.runUntilComplete(function* () {
      const future = wrapFuture(failing);
      wrapFuture(late);
      future.cancel("enough");
      expect((yield* errorOf(future)).message).toBe("enough");
    });
    loop.close();
    reject(new Error("too late"));
    resolve(1);
    await new Promise((done) => setTimeout(done, 2));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("refuses what is not a promise", () =>
    onLoop(backend, function* () {
      for (const bad of [1, "x", null, undefined, {}]) {
        expect(thrownBy(() => wrapFuture(bad as never))).toBeInstanceOf(TypeError);
      }
      yield* sleep(0);
    }));
});
