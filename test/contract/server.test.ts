// Server: listening, hosts and ports, serveForever(), and one bad connection that harms no other.
import { expect, it } from "vitest";
import {
  CancelledError,
  createTask,
  openConnection,
  type Protocol,
  RuntimeError,
  Server,
  startServer,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer, HOST } from "../support/peers.ts";
import { errorOf } from "../support/outcomes.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";
import { portOf, serverWithPeers } from "../support/connections.ts";

describeBackends("Server", (backend) => {
  it("listens on a free port that it tells, until it is closed; close() is idempotent", () =>
    onLoop(backend, function* ({ loop }) {
      const { server } = yield* serverWithPeers(loop, 0);
      expect(server).toBeInstanceOf(Server);
      expect(server.isServing()).toBe(true);
      expect(server.getLoop()).toBe(loop);
      expect(server.sockets.length).toBe(1);
      const [host, port] = server.sockets[0].getsockname();
      expect(host).toBe(HOST);
      expect(port).toBeGreaterThan(0);
      server.close();
      server.close();
      expect([server.isServing(), server.sockets.length]).toEqual([false, 0]);
      yield* server.waitClosed();
      yield* server.waitClosed();
      expect(yield* errorOf(openConnection(HOST, port))).toMatchObject({ code: "ECONNREFUSED", port });
    }));

  it("with startServing: false accepts only after startServing(), which is idempotent", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = new RecordingProtocol();
      const server = yield* loop.createServer(() => protocol, HOST, 0, { startServing: false });
      expect(server.isServing()).toBe(false);
      const port = portOf(server);
      expect(port).toBeGreaterThan(0);
      expect(yield* errorOf(openConnection(HOST, port))).toMatchObject({ code: "ECONNREFUSED" });
      yield* server.startServing();
      yield* server.startServing();
      expect(server.isServing()).toBe(true);
      const peer = yield* connectPeer(port);
      yield* until(() => protocol.log.length === 1, "the connection");
      peer.socket.destroy();
      server.close();
      yield* server.waitClosed();
    }));

  it("serveForever() starts serving, and on cancel closes the server and its clients and waits for them", () =>
    onLoop(backend, function* ({ loop }) {
      const protocol = new RecordingProtocol();
      const server = yield* loop.createServer(() => protocol, HOST, 0, { startServing: false });
      const serving = createTask(server.serveForever());
      yield* until(() => server.isServing(), "the server to serve");
      const peer = yield* connectPeer(portOf(server));
      yield* until(() => protocol.log.includes("made"), "the connection");
      expect(yield* errorOf(server.serveForever())).toBeInstanceOf(RuntimeError);
      expect(serving.done()).toBe(false);
      serving.cancel();
      expect(yield* errorOf(serving)).toBeInstanceOf(CancelledError);
      expect([server.isServing(), protocol.lost, serving.cancelled()]).toEqual([false, true, true]);
      yield* server.waitClosed();
      peer.socket.destroy();
      expect(yield* errorOf(server.serveForever())).toBeInstanceOf(RuntimeError);
    }));

  it("serveForever() ends with CancelledError when the server is closed", () =>
    onLoop(backend, function* ({ loop }) {
      const { server } = yield* serverWithPeers(loop, 0);
      const serving = createTask(server.serveForever());
      yield* passes(2);
      server.close();
      expect(yield* errorOf(serving)).toBeInstanceOf(CancelledError);
      yield* server.waitClosed();
    }));

  it("refuses a port in use with EADDRINUSE, naming the address, and leaves nothing open", () =>
    onLoop(backend, function* ({ loop }) {
      const { server } = yield* serverWithPeers(loop, 0);
      const port = portOf(server);
      for (const attempt of [
        loop.createServer(() => new RecordingProtocol(), HOST, port),
        startServer(() => undefined, HOST, port),
      ]) {
        const error = (yield* errorOf(attempt)) as NodeJS.ErrnoException;
        expect(error).toMatchObject({ code: "EADDRINUSE", port, address: HOST });
        expect(error.errno).toBeLessThan(0);
        expect(error.message).toContain(`${HOST}`);
        expect(error.message).toContain(`${port}`);
      }
      yield* until(() => loop.statistics().listeners === 1, "the refused listeners to be freed");
      server.close();
      yield* server.waitClosed();
    }));

  it("can take the port again at once after it was closed, with old connections lingering", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols, peers } = yield* serverWithPeers(loop, 1);
      const port = portOf(server);
      server.close();
      server.closeClients();
      yield* server.waitClosed();
      peers[0].socket.destroy();
      expect(protocols[0].lost).toBe(true);
      const again = yield* loop.createServer(() => new RecordingProtocol(), HOST, port);
      expect(portOf(again)).toBe(port);
      again.close();
      yield* again.waitClosed();
    }));

  it("binds several hosts, the same one only once", () =>
    onLoop(backend, function* ({ loop }) {
      const once = yield* loop.createServer(() => new RecordingProtocol(), [HOST, HOST], 0);
      expect(once.sockets.length).toBe(1);
      const accepted: RecordingProtocol[] = [];
      const factory = (): Protocol => {
        accepted.push(new RecordingProtocol());
        return accepted.at(-1)!;
      };
      const all = yield* loop.createServer(factory, null, 0, { family: 4 });
      expect(all.sockets.map((socket) => socket.getsockname()[0])).toEqual(["0.0.0.0"]);
      const peer = yield* connectPeer(portOf(all));
      yield* until(() => accepted.length === 1, "the connection");
      peer.socket.destroy();
      const named = yield* loop.createServer(factory, "localhost", 0, { family: 4 });
      expect(named.sockets[0].getsockname()[0]).toBe(HOST);
      for (const server of [once, all, named]) {
        server.close();
        yield* server.waitClosed();
      }
    }));

  it.runIf(process.platform === "linux")("binds all of several hosts or none", () =>
    onLoop(backend, function* ({ loop }) {
      const taken = yield* loop.createServer(() => new RecordingProtocol(), "127.0.0.2", 0);
      const port = portOf(taken);
      const error = yield* errorOf(
        loop.createServer(() => new RecordingProtocol(), [HOST, "127.0.0.2"], port),
      );
      expect(error).toMatchObject({ code: "EADDRINUSE", address: "127.0.0.2" });
      yield* until(() => loop.statistics().listeners === 1, "the half-made server to be closed");
      const both = yield* loop.createServer(() => new RecordingProtocol(), [HOST, "127.0.0.3"], port);
      expect(both.sockets.map((socket) => socket.getsockname())).toEqual([
        [HOST, port],
        ["127.0.0.3", port],
      ]);
      for (const server of [taken, both]) {
        server.close();
        yield* server.waitClosed();
      }
    }),
  );

  const failingFactories: [string, () => Protocol, string][] = [
    [
      "throws",
      () => {
        throw new RangeError("no protocol today");
      },
      "RangeError",
    ],
    ["gives no protocol", () => null as never, "TypeError"],
    ["gives an object without the methods", () => ({}) as never, "TypeError"],
  ];

  it.each(failingFactories)(
    "survives a protocol factory that %s: reported, that connection is closed, the next is served",
    (_how, fail, errorName) =>
      onLoop(backend, function* ({ loop, takeReports }) {
        let calls = 0;
        const good = new RecordingProtocol({
          made: ({ transport }) => transport.write(Buffer.from("served")),
        });
        const server = yield* loop.createServer(() => (++calls === 1 ? fail() : good), HOST, 0);
        const refused = yield* connectPeer(portOf(server));
        yield* until(() => calls === 1, "the first connection");
        const peer = yield* connectPeer(portOf(server));
        yield* until(() => peer.text === "served", "the service");
        peer.socket.destroy();
        expect(takeReports().map(({ exception }) => (exception as Error).name)).toEqual([errorName]);
        yield* until(() => refused.ended || refused.closed, "the refusal");
        refused.socket.destroy();
        server.close();
        yield* server.waitClosed();
      }),
  );

  it("frees everything after 300 short connections", () =>
    onLoop(backend, function* ({ loop }) {
      let made = 0;
      let lost = 0;
      const server = yield* loop.createServer(
        () => new RecordingProtocol({ made: () => made++, lost: () => lost++ }),
        HOST,
        0,
      );
      for (let i = 0; i < 300; i++) {
        const [reader, writer] = yield* openConnection(HOST, portOf(server));
        if (i % 3 === 0) writer.transport.abort();
        else if (i % 3 === 1) writer.close();
        else {
          writer.writeEof();
          yield* reader.read();
          writer.close();
        }
        yield* writer.waitClosed();
      }
      server.close();
      yield* server.waitClosed();
      yield* until(() => loop.statistics().streams === 0, "the streams");
      expect([made, lost]).toEqual([300, 300]);
    }));
});
