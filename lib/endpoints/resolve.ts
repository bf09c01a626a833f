// Names to addresses: literals at once, everything else through the system's resolver.
import { lookup } from "node:dns";
import { isIP } from "node:net";
import { checkInteger } from "../errors/argument-checks.ts";
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
    else future.setResult(found.map(({ address, family: kind }) => ({ host: address, family: kind === 4 ? 4 : 6 })));
  });
  return future;
}

/** A port number; a string of digits is taken as one, as getaddrinfo does. */
export function checkPort(port: unknown, name: string): number {
  const number = typeof port === "string" && /^\d+$/.test(port) ? Number(port) : port;
  checkInteger(number, name, 0, 65535);
  return number as number;
}
