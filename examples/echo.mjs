// A TCP echo server and its client, both in one program: one coroutine per connection.
import { asyncWith, openConnection, run, startServer } from "asyncio-uv";

function* echo(reader, writer) {
  try {
    for (;;) {
      const data = yield* reader.read(65536);
      if (data.length === 0) break;
      writer.write(data);
      // Waits while the peer does not keep up, so that its data does not pile up here.
      yield* writer.drain();
    }
  } finally {
    writer.close();
  }
}

function* client(host, port) {
  const [reader, writer] = yield* openConnection(host, port);
  for (const word of ["one", "two", "three"]) {
    writer.write(Buffer.from(`${word}\n`));
    yield* writer.drain();
    console.log("echoed:", String(yield* reader.readline()).trimEnd());
  }
  writer.close();
  yield* writer.waitClosed();
}

await run(function* () {
  // Port 0 asks the system for a free one.
  const server = yield* startServer(echo, "127.0.0.1", 0);
  yield* asyncWith(server, function* () {
    const [host, port] = server.sockets[0].getsockname();
    yield* client(host, port);
  });
  // Leaving asyncWith has closed the server and waited for its connections.
  console.log("serving:", server.isServing());
});

// Output:
//   echoed: one
//   echoed: two
//   echoed: three
//   serving: false
