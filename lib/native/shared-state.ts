// Makes the memory that a native loop and its JavaScript half share.
import { markAsUntransferable } from "node:worker_threads";
import type { Layout, SharedArrays } from "./surface.ts";

/** Timer slots to begin with; doubled when they run out. */
const FIRST_TIMER_SLOTS = 64;

export function createSharedArrays(layout: Layout): SharedArrays {
  const arrays: SharedArrays = {
    state: new Int32Array(layout.stateSlots),
    times: new Float64Array(layout.timeSlots),
    records: new Int32Array(layout.recordCapacity * layout.recordStride),
    requests: new Int32Array(layout.requestCapacity * layout.requestStride),
    out: Buffer.allocUnsafeSlow(layout.outCapacity),
    stagedWhen: new Float64Array(layout.stagedCapacity),
    stagedSlots: new Int32Array(layout.stagedCapacity),
    due: new Int32Array(layout.dueCapacity),
    links: new Int32Array(FIRST_TIMER_SLOTS),
  };
  arrays.times[layout.times.NEXT_DEADLINE] = Infinity;
  arrays.times[layout.times.FOREIGN_TIME] = NaN;
  chainFreeSlots(layout, arrays.links, 0);
  return arrays;
}

/** Links the slots from `first` on into a free list; the caller sets its head to `first`. */
export function chainFreeSlots(layout: Layout, links: Int32Array, first: number): void {
  for (let slot = first; slot < links.length; slot++) links[slot] = slot + 1;
  links[links.length - 1] = layout.timerEnd;
}

const refuseTransfer = {
  value(): never {
    throw new TypeError("received data shares its memory with other data; transfer a copy of it instead");
  },
};
const refusals =
  "transfer" in ArrayBuffer.prototype
    ? { transfer: refuseTransfer, transferToFixedLength: refuseTransfer }
    : null;

/** Memory for reads. Users get views of it while C++ still writes behind them, so it must not go to another thread. */
export function createSlab(bytes: number): Buffer {
  const slab = Buffer.allocUnsafeSlow(bytes);
  markAsUntransferable(slab.buffer);
  if (refusals !== null) Object.defineProperties(slab.buffer, refusals);
  return slab;
}
