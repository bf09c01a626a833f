// Node's errors to libuv's negative codes, which is what the floors above are told.
import { getSystemErrorMap } from "node:util";

let codes: Map<string, number> | null = null;

/** libuv's number for a symbolic name; it differs from the system's own errno on Windows. */
export function uvCode(name: string): number {
  codes ??= new Map([...getSystemErrorMap()].map(([code, [symbol]]) => [symbol, code]));
  return codes.get(name) ?? codes.get("UNKNOWN")!;
}

/** The code of an error that node:net has emitted. Those that Node words itself carry a name but no number. */
export function errorCode(error: NodeJS.ErrnoException): number {
  if (typeof error.errno === "number" && error.errno < 0) return error.errno;
  return uvCode(error.code ?? "");
}
