// Contestant: echo on this library's streams, one coroutine per connection.
import { asyncio, serve } from "./serve-ours.mjs";

function* echo(reader, writer) {
  for (;;) {
    const data = yield* reader.read(262144);
    if (data.length === 0) break;
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

await serve(() => asyncio.startServer(echo, "127.0.0.1", 0, { backlog: 1024, limit: 262144 }));
