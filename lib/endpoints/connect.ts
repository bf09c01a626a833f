// createConnection(): resolves, tries each address in turn, and puts a transport on the first that answers.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { osError } from "../errors/os-errors.ts";
import { Future, PENDING } from "../futures/future.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { type CoroutineObject, coroutine } from "../tasks/coroutine.ts";
import { checkProtocol } from "../transports/protocol.ts";
import { TcpTransport } from "../transports/tcp-transport.ts";
import type { Suspension } from "../types/awaitable.ts";
import type { PendingConnect, StreamHandle } from "../types/backend.ts";
import type { Protocol } from "../types/protocol.ts";
import type { Transport } from "../types/transport.ts";
import {
  checkFunction,
  checkFamily,
  checkInteger,
  checkOptions,
  checkString,
} from "../errors/argument-checks.ts";
import { resolve, type ResolvedAddress } from "./resolve.ts";

export interface ConnectOptions {
  /** 4 or 6 to take only addresses of that family; 0, the default, takes both. */
  family?: 0 | 4 | 6;
  /** Binds the socket to this [host, port] first. */
  localAddr?: readonly [host: string, port: number];
}

/** @internal */
export const CONNECT_OPTIONS = ["family", "localAddr"];

/** @internal */
export const createConnection = coroutine(function* (
  loop: LoopCore,
  protocolFactory: () => Protocol,
  host: string,
  port: number,
  options: ConnectOptions,
): Generator<Suspension, [Transport, Protocol]> {
  checkFunction(protocolFactory, "createConnection");
  checkString(host, "host");
  checkInteger(port, "port", 0, 65535);
  checkOptions(options, "createConnection", CONNECT_OPTIONS);
  checkFamily(options.family);
  const addresses = yield* resolve(loop, host, options.family ?? 0);
  const local = yield* localAddress(loop, options);
  const stream = yield* connectAny(loop, addresses, port, local);
  let protocol: Protocol;
  try {
    protocol = protocolFactory();
    checkProtocol(protocol);
  } catch (error) {
    stream.close(false);
    throw error;
  }
  const ready = new Future<void>({ loop });
  const transport = new TcpTransport(loop, stream, protocol, null, () => {
    if (ready._state === PENDING) ready.setResult();
  });
  try {
    yield* ready;
  } catch (error) {
    transport.close();
    throw error;
  }
  return [transport, protocol];
}) as (
  loop: LoopCore,
  protocolFactory: () => Protocol,
  host: string,
  port: number,
  options: ConnectOptions,
) => CoroutineObject<[Transport, Protocol]>;

function* localAddress(
  loop: LoopCore,
  { localAddr }: ConnectOptions,
): Generator<Suspension, readonly [string, number] | null> {
  if (localAddr === undefined) return null;
  if (!Array.isArray(localAddr)) throw new TypeError("localAddr must be [host, port]");
  const [host, port] = localAddr as readonly [string, number];
  checkString(host, "localAddr host");
  checkInteger(port, "localAddr port", 0, 65535);
  const found = yield* resolve(loop, host, 0);
  return [found[0]!.host, port];
}

function* connectAny(
  loop: LoopCore,
  addresses: readonly ResolvedAddress[],
  port: number,
  local: readonly [string, number] | null,
): Generator<Suspension, StreamHandle> {
  const errors: Error[] = [];
  for (const { host } of addresses) {
    try {
      return yield* connectOne(loop, host, port, local);
    } catch (error) {
      if (!(error instanceof Error) || !("errno" in error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 0) throw new RuntimeError("the host has no address");
  if (errors.every((error) => error.message === errors[0]!.message)) throw errors[0]!;
  const all = new AggregateError(
    errors,
    `Multiple exceptions: ${errors.map((error) => error.message).join(", ")}`,
  );
  throw Object.assign(all, { code: (errors[0] as { code?: string }).code });
}

function* connectOne(
  loop: LoopCore,
  host: string,
  port: number,
  local: readonly [string, number] | null,
): Generator<Suspension, StreamHandle> {
  const connected = new Future<StreamHandle>({ loop });
  const pending: PendingConnect | number = loop._backend.connectTcp(host, port, local, (stream, code) => {
    if (connected._state !== PENDING) stream?.close(false);
    else if (stream === null) connected.setException(osError(code, "connect", host, port));
    else connected.setResult(stream);
  });
  if (typeof pending === "number") throw osError(pending, "connect", host, port);
  try {
    return yield* connected;
  } catch (error) {
    pending.cancel();
    throw error;
  }
}
