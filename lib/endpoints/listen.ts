// createServer(): binds every address of every host, and makes a server of the sockets.
import { DEFAULT_BACKLOG } from "../constants.ts";
import {
  checkFunction,
  checkFamily,
  checkFlag,
  checkInteger,
  checkOptions,
} from "../errors/argument-checks.ts";
import { describe } from "../errors/describe-value.ts";
import { osError } from "../errors/os-errors.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { type CoroutineObject, coroutine } from "../tasks/coroutine.ts";
import { Server } from "../transports/server.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { ListenerHandle } from "../types/backend.ts";
import type { Protocol } from "../types/protocol.ts";
import { resolve, type ResolvedAddress } from "./resolve.ts";

export interface ListenTcpOptions {
  /** 4 or 6 to bind only addresses of that family; 0, the default, binds both. */
  family?: 0 | 4 | 6;
  /** Connections that wait in the kernel. */
  backlog?: number;
  /** Lets several processes or threads listen on the port; the kernel shares connections out. */
  reusePort?: boolean;
  /** Accept at once; with false only `startServing()` or `serveForever()` begins. */
  startServing?: boolean;
}

/** @internal */
export const LISTEN_OPTIONS = ["family", "backlog", "reusePort", "startServing"];

/** A host, several, or null for all interfaces. */
export type Hosts = string | readonly string[] | null | undefined;

/** @internal */
export const createServer = coroutine(function* (
  loop: LoopCore,
  protocolFactory: () => Protocol,
  host: Hosts,
  port: number,
  options: ListenTcpOptions,
): Generator<Suspension, Server> {
  checkFunction(protocolFactory, "createServer");
  checkInteger(port, "port", 0, 65535);
  checkOptions(options, "createServer", LISTEN_OPTIONS);
  checkFlag(options.reusePort, "reusePort");
  checkFlag(options.startServing, "startServing");
  checkFamily(options.family);
  const backlog = options.backlog ?? DEFAULT_BACKLOG;
  checkInteger(backlog, "backlog", 0, 65535);
  const addresses = yield* resolveAll(loop, host, options.family ?? 0);
  const listeners = bindAll(loop, addresses, port, options.reusePort === true);
  const server = new Server(loop, listeners, protocolFactory, backlog);
  if (options.startServing !== false) server._listen();
  return server;
}) as (
  loop: LoopCore,
  protocolFactory: () => Protocol,
  host: Hosts,
  port: number,
  options: ListenTcpOptions,
) => CoroutineObject<Server>;

function* resolveAll(
  loop: LoopCore,
  hosts: Hosts,
  family: 0 | 4 | 6,
): Generator<Suspension, ResolvedAddress[]> {
  const found = new Map<string, ResolvedAddress>();
  const listed = typeof hosts === "string" ? [hosts] : (hosts ?? [""]);
  if (!Array.isArray(listed) || !listed.every((host) => typeof host === "string")) {
    throw new TypeError(`host must be a string, an array of strings or null, got ${describe(hosts)}`);
  }
  for (const host of listed) {
    const addresses = host === "" ? everyInterface(family) : yield* resolve(loop, host, family);
    for (const address of addresses) found.set(address.host, address);
  }
  return [...found.values()];
}

function everyInterface(family: 0 | 4 | 6): ResolvedAddress[] {
  const all: ResolvedAddress[] = [
    { host: "0.0.0.0", family: 4 },
    { host: "::", family: 6 },
  ];
  return all.filter((address) => family === 0 || address.family === family);
}

function bindAll(
  loop: LoopCore,
  addresses: readonly ResolvedAddress[],
  port: number,
  reusePort: boolean,
): ListenerHandle[] {
  const listeners: ListenerHandle[] = [];
  let refused: Error | null = null;
  for (const { host, family } of addresses) {
    // An IPv6 socket that took IPv4 too would collide with the IPv4 one beside it.
    const listener = loop._backend.bindTcp(host, port, { ipv6Only: family === 6, reusePort });
    if (typeof listener !== "number") {
      listeners.push(listener);
      continue;
    }
    const error = osError(listener, "bind", host, port);
    if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") {
      // A machine without IPv6 has names for it all the same.
      refused ??= error;
      continue;
    }
    for (const bound of listeners) bound.close();
    throw error;
  }
  if (listeners.length === 0) throw refused ?? new RangeError("there is no address to listen on");
  return listeners;
}
