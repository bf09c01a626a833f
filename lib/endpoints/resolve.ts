// Names to addresses: literals at once, everything else through the system's resolver.
import { lookup } from "node:dns";
import { isIP } from "node:net";
import { Future, PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";

export interface ResolvedAddress {
  host: string;
  family: 4 | 6;
}

/** A future for the addresses of `host`, in the resolver's order. `family`: 0 any, 4, 6. */
export function resolve(loop: LoopCore, host: string, family: 0 | 4 | 6): Future<ResolvedAddress[]> {
  const future = new Future<ResolvedAddress[]>({ loop });
  const literal = isIP(host);
  if (literal !== 0) {
    future.setResult([{ host, family: literal === 4 ? 4 : 6 }]);
    return future;
  }
  lookup(host, { all: true, family, verbatim: true }, (error, found) => {
    // The answer may come after a cancel, or after the loop is gone.
    if (future._state !== PENDING || loop.isClosed()) return;
    if (error !== null) future.setException(error);
    else
      future.setResult(
        found.map(({ address, family: kind }) => ({ host: address, family: kind === 4 ? 4 : 6 })),
      );
  });
  return future;
}
