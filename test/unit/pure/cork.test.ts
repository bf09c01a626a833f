// Checks how small writes are gathered, and when they go out.
import { setImmediate as nextImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Cork } from "../../../lib/pure/cork.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("Cork", () => {
  it("copies, so that the caller may use its memory again", () => {
    const data = bytes("hello");
    const view = new Cork(() => true).append(undefined, data);
    data.fill(0);
    expect(view.toString()).toBe("hello");
  });

  it("makes one view of writes that follow on each other", () => {
    const cork = new Cork(() => true);
    const first = cork.append(undefined, bytes("one "));
    const both = cork.append(first, bytes("two"));
    expect(both.toString()).toBe("one two");
  });

  it("makes a view of its own where somebody else has written in between", () => {
    const cork = new Cork(() => true);
    const first = cork.append(undefined, bytes("one"));
    cork.append(undefined, bytes("other"));
    expect(cork.append(first, bytes("two")).toString()).toBe("two");
    expect(first.toString()).toBe("one");
  });

  it("never writes into what it has given out", () => {
    const cork = new Cork(() => true);
    const views = Array.from({ length: 500 }, (_, i) => cork.append(undefined, Buffer.alloc(1000, i % 251)));
    for (const [i, view] of views.entries()) {
      expect(view.every((byte) => byte === i % 251)).toBe(true);
    }
  });

  it("flushes streams in the order in which they began, each once", () => {
    const cork = new Cork(() => true);
    const flushed: string[] = [];
    for (const name of ["a", "b", "c"]) cork.add({ flush: () => void flushed.push(name) });
    cork.flush();
    cork.flush();
    expect(flushed).toEqual(["a", "b", "c"]);
  });

  it("waits for the end of a turn, and for nobody outside of one", async () => {
    let inTurn = true;
    let flushes = 0;
    const cork = new Cork(() => inTurn);
    const stream = { flush: () => void flushes++ };
    cork.add(stream);
    await nextImmediate();
    expect(flushes).toBe(0);
    cork.flush();
    inTurn = false;
    cork.add(stream);
    expect(flushes).toBe(1);
    await nextImmediate();
    expect(flushes).toBe(2);
  });
});
