// openConnection(): connects and gives a reader and a writer.
import { CONNECT_OPTIONS, type ConnectOptions, createConnection } from "../endpoints/connect.ts";
import { checkOptions } from "../errors/argument-checks.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { type CoroutineObject, coroutine } from "../tasks/coroutine.ts";
import type { Suspension } from "../types/awaitable.ts";
import { StreamReader } from "./stream-reader.ts";
import { StreamReaderProtocol } from "./stream-protocol.ts";
import { StreamWriter } from "./stream-writer.ts";

export interface OpenConnectionOptions extends ConnectOptions {
  /** The reader's buffer limit in bytes; 64 KiB by default. */
  limit?: number;
}

const OPTIONS = [...CONNECT_OPTIONS, "limit"];

/**
 * Connects to a TCP server and gives `[reader, writer]`.
 *
 * @example
 * const [reader, writer] = yield* openConnection("127.0.0.1", 8888);
 */
export const openConnection = coroutine(function* (
  host: string,
  port: number,
  options: OpenConnectionOptions = {},
): Generator<Suspension, [StreamReader, StreamWriter]> {
  checkOptions(options, "openConnection", OPTIONS);
  const { limit, ...connecting } = options;
  const loop = requireRunningLoop();
  const reader = new StreamReader({ limit, loop });
  const protocol = new StreamReaderProtocol(reader, null, loop);
  const [transport] = yield* createConnection(loop, () => protocol, host, port, connecting);
  return [reader, new StreamWriter(transport, protocol, reader, loop)];
}) as (
  host: string,
  port: number,
  options?: OpenConnectionOptions,
) => CoroutineObject<[StreamReader, StreamWriter]>;
