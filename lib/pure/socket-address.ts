// Addresses as node:net gives them, in the form of Python's tuples.
import type { Address } from "../types/backend.ts";

/**
 * Null when a part is missing: the socket was not connected, or is closed. Node has neither the flow label nor the number of
 * the scope; the zone of a link-local address stays in the host.
 */
export function toAddress(host?: string, family?: string, port?: number): Address | null {
  if (host === undefined || port === undefined) return null;
  return family === "IPv6" ? [host, port, 0, 0] : [host, port];
}
