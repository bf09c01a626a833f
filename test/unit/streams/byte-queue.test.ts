// ByteQueue against the plainest model there is: one buffer that is concatenated and cut.
import { describe, expect, it } from "vitest";
import { ByteQueue } from "../../../lib/streams/byte-queue.ts";

/** A small generator with a seed, so that a failure can be repeated. */
function randomIntegers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) % below;
  };
}

describe("ByteQueue", () => {
  it.each([1, 2, 3, 4, 5, 6])("gives the bytes in order however they come and go (seed %i)", (seed) => {
    const random = randomIntegers(seed);
    const queue = new ByteQueue();
    let model = Buffer.alloc(0);
    let next = 0;
    const taken: { got: Buffer; expected: Buffer }[] = [];
    for (let step = 0; step < 3000; step++) {
      if (random(5) < 3) {
        const size = [1, 3, 60, 1023, 1024, 5000][random(6)]!;
        const chunk = Buffer.from(Array.from({ length: size }, () => next++ & 0xff));
        queue.push(chunk);
        model = Buffer.concat([model, chunk]);
      } else {
        const most = [0, 1, 2, 700, 4096, 100_000][random(6)]!;
        const expected = model.subarray(0, most);
        taken.push({ got: queue.take(most), expected });
        model = model.subarray(expected.length);
      }
      expect(queue.length).toBe(model.length);
    }
    // Compared at the end: what was given away must not be changed by what came later.
    for (const { got, expected } of taken) expect(got.equals(expected)).toBe(true);
  });

  it.each([7, 8, 9])("finds what lies across chunks where the model finds it (seed %i)", (seed) => {
    const random = randomIntegers(seed);
    for (let round = 0; round < 300; round++) {
      const queue = new ByteQueue();
      const chunks = Array.from({ length: 1 + random(6) }, () =>
        Buffer.from(Array.from({ length: 1 + random(4) }, () => 97 + random(2))),
      );
      for (const chunk of chunks) queue.push(chunk);
      const model = Buffer.concat(chunks);
      const needle = Buffer.from(Array.from({ length: 1 + random(4) }, () => 97 + random(2)));
      const from = random(model.length);
      expect(queue.indexOf(needle, from)).toBe(model.indexOf(needle, from));
    }
  });

  it("does not hold a slab for each small chunk that waits", () => {
    const queue = new ByteQueue();
    const slabs = new Set<ArrayBufferLike>();
    for (let i = 0; i < 10_000; i++) queue.push(Buffer.allocUnsafeSlow(64 * 1024).subarray(0, 1));
    while (queue.length > 0) slabs.add(queue.take(1).buffer);
    // The first chunk as it came, and the rest gathered by four KiB.
    expect(slabs.size).toBe(1 + Math.ceil(9999 / 4096));
  });
});
