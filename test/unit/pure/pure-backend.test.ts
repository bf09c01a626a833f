// Checks the pure backend end to end, through the public door and against Node's own sockets.
import { once } from "node:events";
import * as net from "node:net";
import { describe, expect, it } from "vitest";
import {
  type Coroutine,
  createTask,
  type EventLoop,
  Future,
  gather,
  openConnection,
  Protocol,
  sleep,
  startServer,
  type StreamReader,
  type StreamWriter,
  type Transport,
} from "../../../lib/index.ts";
import { COPY_LIMIT, DEFAULT_HIGH_WATER } from "../../../lib/constants.ts";
import { HOST, onPureLoop, pattern, withPeer } from "./pure-loop.ts";

function portOf(server: { sockets: readonly { getsockname(): readonly unknown[] }[] }): number {
  return server.sockets[0]!.getsockname()[1] as number;
}

describe("streams on the pure backend", () => {
  it("echoes", async () => {
    await onPureLoop(function* () {
      const server = yield* startServer(
        function* (reader: StreamReader, writer: StreamWriter) {
          for (;;) {
            const line = yield* reader.readline();
            if (line.length === 0) break;
            writer.write(line);
            yield* writer.drain();
          }
          writer.close();
        },
        HOST,
        0,
      );
      const clients = Array.from({ length: 5 }, (_, i) =>
        createTask(
          (function* (): Coroutine<void> {
            const [reader, writer] = yield* openConnection(HOST, portOf(server));
            for (let n = 0; n < 20; n++) {
              writer.write(Buffer.from(`client ${i} line ${n}\n`));
              expect((yield* reader.readline()).toString()).toBe(`client ${i} line ${n}\n`);
            }
            writer.close();
            yield* writer.waitClosed();
          })(),
        ),
      );
      yield* gather(...clients);
      server.close();
      yield* server.waitClosed();
    });
  });

  it("half-closes: the answer comes after the end of the question", async () => {
    await onPureLoop(function* () {
      const server = yield* startServer(
        function* (reader: StreamReader, writer: StreamWriter) {
          const question = yield* reader.read();
          writer.write(Buffer.from(`${question.length} bytes`));
          writer.close();
        },
        HOST,
        0,
      );
      const [reader, writer] = yield* openConnection(HOST, portOf(server));
      writer.write(pattern(100_000));
      writer.write(Buffer.from("and a small one"));
      writer.writeEof();
      expect((yield* reader.read()).toString()).toBe("100015 bytes");
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    });
  });

  it("reports a refused connect", async () => {
    await onPureLoop(function* (loop) {
      const server = yield* loop.createServer(() => new Protocol(), HOST, 0);
      const port = portOf(server);
      server.close();
      yield* server.waitClosed();
      let failure: unknown;
      try {
        yield* openConnection(HOST, port);
      } catch (error) {
        failure = error;
      }
      expect(failure).toMatchObject({ code: "ECONNREFUSED", syscall: "connect", port });
    });
  });

  it.each([true, false])("reports a port in use at once (startServing: %s)", async (startServing) => {
    await onPureLoop(function* (loop) {
      const server = yield* loop.createServer(() => new Protocol(), HOST, 0);
      let failure: unknown;
      try {
        yield* loop.createServer(() => new Protocol(), HOST, portOf(server), { startServing });
      } catch (error) {
        failure = error;
      }
      expect(failure).toMatchObject({ code: "EADDRINUSE", syscall: "bind" });
      server.close();
      yield* server.waitClosed();
    });
  });

  it("refuses connections until it serves, on a port that is known before", async () => {
    await onPureLoop(function* (loop) {
      const server = yield* loop.createServer(() => new Protocol(), HOST, 0, { startServing: false });
      const port = portOf(server);
      expect(port).toBeGreaterThan(0);
      let failure: unknown;
      try {
        yield* openConnection(HOST, port);
      } catch (error) {
        failure = error;
      }
      expect(failure).toMatchObject({ code: "ECONNREFUSED" });
      yield* server.startServing();
      const [, writer] = yield* openConnection(HOST, port);
      writer.close();
      yield* writer.waitClosed();
      server.close();
      server.closeClients();
      yield* server.waitClosed();
    });
  });

  it("refuses to share a port where Node cannot", async () => {
    const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
    const able = major === 22 ? minor >= 12 : major === 23 ? minor >= 1 : major > 23;
    await onPureLoop(function* (loop) {
      let code: unknown = "shared";
      const first = able
        ? yield* loop.createServer(() => new Protocol(), HOST, 0, { reusePort: true })
        : null;
      try {
        const port = first === null ? 0 : portOf(first);
        const second = yield* loop.createServer(() => new Protocol(), HOST, port, { reusePort: true });
        second.close();
      } catch (error) {
        code = (error as { code: string }).code;
      }
      first?.close();
      expect(code).toBe(able ? "shared" : "ENOTSUP");
    });
  });

  it("names both ends, also for IPv6", async () => {
    const hosts = [HOST, ...((await hasIpv6()) ? ["::1"] : [])];
    for (const host of hosts) {
      await onPureLoop(function* (loop) {
        let accepted: Transport | null = null;
        class Keeping extends Protocol {
          override connectionMade(transport: Transport): void {
            accepted = transport;
          }
        }
        const server = yield* loop.createServer(() => new Keeping(), host, 0);
        const tail = host === HOST ? [] : [0, 0];
        expect(server.sockets[0]!.getsockname()).toEqual([host, portOf(server), ...tail]);
        const [transport] = yield* loop.createConnection(() => new Protocol(), host, portOf(server));
        while (accepted === null) yield* sleep(0);
        const local = transport.getExtraInfo("sockname");
        expect(transport.getExtraInfo("peername")).toEqual([host, portOf(server), ...tail]);
        expect((accepted as Transport).getExtraInfo("peername")).toEqual(local);
        expect(local).toEqual([host, expect.any(Number), ...tail]);
        transport.close();
        server.close();
        server.closeClients();
        yield* server.waitClosed();
      });
    }
  });

  it("connects from a local address that was asked for, and says when that cannot be", async () => {
    const remotes: (string | undefined)[] = [];
    await withPeer(
      (socket) => void remotes.push(socket.remoteAddress),
      async (port) => {
        await onPureLoop(function* (loop) {
          // Linux has the whole of 127/8; elsewhere only the first exists.
          const local = process.platform === "linux" ? "127.0.0.2" : HOST;
          const [transport] = yield* loop.createConnection(() => new Protocol(), HOST, port, {
            localAddr: [local, 0],
          });
          expect((transport.getExtraInfo("sockname") as unknown[])[0]).toBe(local);
          transport.close();
          let failure: unknown;
          try {
            // Set aside for documentation: no machine has it.
            yield* loop.createConnection(() => new Protocol(), HOST, port, { localAddr: ["192.0.2.1", 0] });
          } catch (error) {
            failure = error;
          }
          expect(failure).toMatchObject({ code: "EADDRNOTAVAIL" });
        });
      },
    );
  });

  it("moves much to a slow reader unharmed, and holds no more than the marks allow", async () => {
    const sent = pattern(6 * 1024 * 1024);
    const chunk = 100_000;
    await onPureLoop(function* () {
      let most = 0;
      const server = yield* startServer(
        function* (_reader: StreamReader, writer: StreamWriter) {
          for (let at = 0; at < sent.length; at += chunk) {
            writer.write(sent.subarray(at, at + chunk));
            most = Math.max(most, writer.transport.getWriteBufferSize());
            yield* writer.drain();
          }
          writer.close();
        },
        HOST,
        0,
      );
      const [reader, writer] = yield* openConnection(HOST, portOf(server));
      const got: Buffer[] = [];
      for (;;) {
        const part = yield* reader.read(50_000);
        if (part.length === 0) break;
        got.push(part);
        yield* sleep(0);
      }
      expect(Buffer.concat(got).equals(sent)).toBe(true);
      // It was made to wait, or this test shows nothing.
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(DEFAULT_HIGH_WATER + chunk);
      writer.close();
      server.close();
      yield* server.waitClosed();
    });
  });

  it("cancels a connect: the task ends at once and the socket is closed", async () => {
    await withPeer(
      () => undefined,
      async (port) => {
        await onPureLoop(function* (loop) {
          const task = createTask(openConnection(HOST, port));
          yield* sleep(0);
          yield* sleep(0);
          expect(loop.statistics().streams).toBe(1);
          task.cancel();
          let name = "";
          try {
            yield* task;
          } catch (error) {
            name = (error as Error).name;
          }
          expect(name).toBe("CancelledError");
          while (loop.statistics().streams > 0) yield* sleep(0.001);
        });
      },
    );
  });
});

describe("transports on the pure backend", () => {
  class Logging extends Protocol {
    readonly log: string[] = [];
    readonly lost: Future<Error | null>;
    transport: Transport | null = null;

    constructor(loop: EventLoop) {
      super();
      this.lost = loop.createFuture<Error | null>();
    }

    override connectionMade(transport: Transport): void {
      this.transport = transport;
      this.log.push("made");
    }

    override dataReceived(data: Buffer): void {
      this.log.push(`data ${data.toString()}`);
    }

    override eofReceived(): unknown {
      this.log.push("eof");
      return true;
    }

    override connectionLost(error: Error | null): void {
      this.log.push("lost");
      this.lost.setResult(error);
    }
  }

  it("lets the caller use its memory again, and keeps the order of small and large writes", async () => {
    const got: Buffer[] = [];
    await withPeer(
      (socket) => void socket.on("data", (data) => got.push(data)),
      async (port) => {
        await onPureLoop(function* (loop) {
          const protocol = new Logging(loop);
          const [transport] = yield* loop.createConnection(() => protocol, HOST, port);
          const small = Buffer.from("small");
          const large = pattern(COPY_LIMIT + 1);
          transport.write(small);
          small.fill("x");
          transport.write(large);
          transport.write(Buffer.from("end"));
          transport.close();
          expect(yield* protocol.lost).toBe(null);
          const expected = Buffer.concat([Buffer.from("small"), large, Buffer.from("end")]);
          while (Buffer.concat(got).length < expected.length) yield* sleep(0.001);
          expect(Buffer.concat(got).equals(expected)).toBe(true);
        });
      },
    );
  });

  it("sends what was written outside of any turn", async () => {
    await withPeer(
      (socket) => void socket.once("data", (data) => socket.end(`got ${data.toString()}`)),
      async (port) => {
        await onPureLoop(function* (loop) {
          const protocol = new Logging(loop);
          const [transport] = yield* loop.createConnection(() => protocol, HOST, port);
          setImmediate(() => transport.write(Buffer.from("from elsewhere")));
          while (!protocol.log.includes("eof")) yield* sleep(0.001);
          transport.close();
          yield* protocol.lost;
          expect(protocol.log).toEqual(["made", "data got from elsewhere", "eof", "lost"]);
        });
      },
    );
  });
});

async function hasIpv6(): Promise<boolean> {
  const server = net.createServer();
  server.listen(0, "::1");
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
