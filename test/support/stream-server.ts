// A stream server for the length of a test, and the echo that most of them serve.
import { type ConnectedCallback, type Coroutine, startServer } from "../../lib/index.ts";
import type { StreamReader, StreamWriter } from "../../lib/index.ts";
import { HOST } from "./peers.ts";

/** Serves `connected` on a free port while `body` runs; closes it and its clients after. */
export function* withServer<T>(
  connected: ConnectedCallback,
  body: (port: number) => Coroutine<T>,
  limit?: number,
): Coroutine<T> {
  const server = yield* startServer(connected, HOST, 0, { limit });
  try {
    return yield* body(server.sockets[0].getsockname()[1]);
  } finally {
    server.close();
    server.closeClients();
    yield* server.waitClosed();
  }
}

export function* echo(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
  for (;;) {
    const data = yield* reader.read(65536);
    if (data.length === 0) break;
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
  yield* writer.waitClosed();
}
