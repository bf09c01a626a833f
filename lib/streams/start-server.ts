// startServer(): listens, and calls back with a reader and a writer for each connection.
import { createServer, type Hosts, LISTEN_OPTIONS, type ListenTcpOptions } from "../endpoints/listen.ts";
import { checkFunction, checkOptions } from "../errors/argument-checks.ts";
import { requireRunningLoop } from "../loop/running-loop.ts";
import { type CoroutineObject, coroutine } from "../tasks/coroutine.ts";
import type { Server } from "../transports/server.ts";
import type { Suspension } from "../types/awaitable.ts";
import { checkLimit, StreamReader } from "./stream-reader.ts";
import { type ConnectedCallback, StreamReaderProtocol } from "./stream-protocol.ts";

export interface StartServerOptions extends ListenTcpOptions {
  /** The readers' buffer limit in bytes; 64 KiB by default. */
  limit?: number;
}

const OPTIONS = [...LISTEN_OPTIONS, "limit"];

/**
 * Starts a TCP server. `connectedCb(reader, writer)` may be a coroutine function, an async function (each call becomes a task)
 * or a plain one. An error in it is reported and ends that connection alone.
 *
 * @example
 * const server = yield* startServer(function* (reader, writer) {
 *   writer.write(yield* reader.readline());
 *   yield* writer.drain();
 *   writer.close();
 * }, "127.0.0.1", 8888);
 */
export const startServer = coroutine(function* (
  connectedCb: ConnectedCallback,
  host: Hosts,
  port: number,
  options: StartServerOptions = {},
): Generator<Suspension, Server> {
  checkFunction(connectedCb, "startServer");
  checkOptions(options, "startServer", OPTIONS);
  const { limit, ...listening } = options;
  checkLimit(limit);
  const loop = requireRunningLoop();
  const factory = (): StreamReaderProtocol =>
    new StreamReaderProtocol(new StreamReader({ limit, loop }), connectedCb, loop);
  return yield* createServer(loop, factory, host, port, listening);
}) as (
  connectedCb: ConnectedCallback,
  host: Hosts,
  port: number,
  options?: StartServerOptions,
) => CoroutineObject<Server>;
