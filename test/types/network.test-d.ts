// Type tests: streams, servers, protocols and transports.
import {
  type Address,
  type Coroutine,
  getRunningLoop,
  openConnection,
  Protocol,
  type Server,
  type SocketInfo,
  startServer,
  StreamReader,
  StreamWriter,
  type Transport,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

export function* client(): Coroutine<void> {
  const [reader, writer] = yield* openConnection("127.0.0.1", 8888, { limit: 1024 });
  typeOf(reader).is<StreamReader>();
  typeOf(writer).is<StreamWriter>();
  typeOf(yield* reader.read()).is<Buffer>();
  typeOf(yield* reader.read(10)).is<Buffer>();
  typeOf(yield* reader.readline()).is<Buffer>();
  typeOf(yield* reader.readexactly(4)).is<Buffer>();
  typeOf(yield* reader.readuntil("\n")).is<Buffer>();
  typeOf(reader.atEof()).is<boolean>();
  writer.write("text");
  writer.write(new Uint8Array(2));
  writer.write(Buffer.from("bytes"));
  typeOf(yield* writer.drain()).is<void>();
  writer.close();
  typeOf(yield* writer.waitClosed()).is<void>();
  // @ts-expect-error numbers are no bytes
  writer.write(1);
  // @ts-expect-error a port is a number
  yield* openConnection("127.0.0.1", "http");
}

export async function asyncClient(): Promise<void> {
  const [reader, writer] = await openConnection("127.0.0.1", 8888);
  typeOf(reader).is<StreamReader>();
  typeOf(await reader.readline()).is<Buffer>();
  await writer.drain();
}

export function* servers(): Coroutine<void> {
  const server = yield* startServer(
    function* (reader, writer) {
      typeOf(reader).is<StreamReader>();
      typeOf(writer).is<StreamWriter>();
      writer.write(yield* reader.readline());
      yield* writer.drain();
    },
    "127.0.0.1",
    0,
  );
  typeOf(server).is<Server>();
  typeOf(server.sockets).is<readonly SocketInfo[]>();
  typeOf(server.sockets[0]!.getsockname()).is<Address>();
  typeOf(server.getLoop().time()).is<number>();
  yield* startServer(
    async (reader, writer) => writer.write(await reader.readline()),
    ["::1", "127.0.0.1"],
    0,
  );
  yield* startServer((_reader, writer) => writer.close(), null, 0, { backlog: 10, reusePort: true });
  // @ts-expect-error a server needs somebody to call
  yield* startServer(null, "127.0.0.1", 0);
  // @ts-expect-error options are checked
  yield* startServer(() => undefined, "127.0.0.1", 0, { backlogs: 10 });
}

class Echo extends Protocol {
  transport: Transport | null = null;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.transport?.write(data);
  }
}

export function* protocols(): Coroutine<void> {
  const [transport, protocol] = yield* getRunningLoop().createConnection(() => new Echo(), "127.0.0.1", 1);
  typeOf(transport).is<Transport>();
  typeOf(protocol).is<Echo>();
  typeOf(yield* getRunningLoop().createServer(() => new Echo(), "127.0.0.1", 0)).is<Server>();
  // @ts-expect-error the factory makes protocols
  yield* getRunningLoop().createServer(() => 1, "127.0.0.1", 0);
}
