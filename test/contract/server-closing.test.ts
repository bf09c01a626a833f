// Closing a server and its clients, in every order, and waiting for both.
import { expect, it } from "vitest";
import { asyncWith, CancelledError, createTask, Server, sleep, wrapFuture } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { connectPeer, HOST } from "../support/peers.ts";
import { errorOf } from "../support/outcomes.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";
import { portOf, serverWithPeers } from "../support/connections.ts";

describeBackends("closing a server", (backend) => {
  it("close() leaves the clients alone", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols, peers } = yield* serverWithPeers(loop, 2);
      server.close();
      yield* sleep(0.005);
      peers[0].socket.write("still here");
      yield* until(() => protocols.some(({ text }) => text === "still here"), "the data");
      for (const peer of peers) peer.socket.end();
      yield* server.waitClosed();
      expect(protocols.every(({ lost }) => lost)).toBe(true);
    }));

  it("waitClosed() waits for close() and for the last connection, in either order", () =>
    onLoop(backend, function* ({ loop }) {
      const first = yield* serverWithPeers(loop, 1);
      const waiting = [createTask(first.server.waitClosed()), createTask(first.server.waitClosed())];
      first.server.close();
      yield* sleep(0.005);
      expect(waiting.map((task) => task.done())).toEqual([false, false]);
      first.peers[0].socket.destroy();
      for (const task of waiting) yield* task;
      expect(first.protocols[0].lost).toBe(true);

      const second = yield* serverWithPeers(loop, 1);
      second.peers[0].socket.destroy();
      yield* until(() => second.protocols[0].lost, "the loss");
      const late = createTask(second.server.waitClosed());
      yield* sleep(0.005);
      expect(late.done()).toBe(false);
      second.server.close();
      yield* late;
    }));

  it("waitClosed() can be cancelled and called again", () =>
    onLoop(backend, function* ({ loop }) {
      const { server } = yield* serverWithPeers(loop, 0);
      const waiting = createTask(server.waitClosed());
      yield* passes(2);
      waiting.cancel();
      expect(yield* errorOf(waiting)).toBeInstanceOf(CancelledError);
      server.close();
      yield* server.waitClosed();
    }));

  it("closeClients() closes them after what is buffered was sent", () =>
    onLoop(backend, function* ({ loop }) {
      const size = 2 * 1024 * 1024;
      const { server, protocols, peers } = yield* serverWithPeers(loop, 3, {
        made: ({ transport }) => transport.write(Buffer.alloc(size)),
      });
      server.close();
      server.closeClients();
      yield* server.waitClosed();
      yield* until(() => peers.every(({ ended }) => ended), "the ends");
      expect(peers.map(({ received }) => received.length)).toEqual([size, size, size]);
      expect(protocols.map(({ exception }) => exception)).toEqual([null, null, null]);
    }));

  it("abortClients() drops what is buffered", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols, peers } = yield* serverWithPeers(loop, 2);
      for (const peer of peers) peer.socket.pause();
      for (const { transport } of protocols) transport.write(Buffer.alloc(16 * 1024 * 1024));
      server.close();
      server.abortClients();
      yield* server.waitClosed();
      expect(protocols.map(({ exception }) => exception)).toEqual([null, null]);
      for (const peer of peers) peer.socket.destroy();
    }));

  it("closeClients() and abortClients() let it go on listening", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols } = yield* serverWithPeers(loop, 1);
      server.closeClients();
      yield* until(() => protocols[0].lost, "the loss");
      expect(server.isServing()).toBe(true);
      const again = yield* connectPeer(portOf(server));
      yield* until(() => protocols.length === 2, "the next connection");
      server.abortClients();
      yield* until(() => protocols[1].lost, "the next loss");
      again.socket.destroy();
      server.close();
      yield* server.waitClosed();
    }));

  it("as an async context manager closes and waits", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, peers, protocols } = yield* serverWithPeers(loop, 1);
      const result = yield* asyncWith(server as never, function* () {
        peers[0].socket.end();
        yield* sleep(0);
        return "body";
      });
      expect(result).toBe("body");
      expect([server.isServing(), protocols[0].lost]).toEqual([false, true]);
    }));

  it("has Symbol.asyncDispose", () =>
    onLoop(backend, function* ({ loop }) {
      const { server } = yield* serverWithPeers(loop, 0);
      yield* wrapFuture(server[Symbol.asyncDispose]());
      expect(server.isServing()).toBe(false);
    }));

  it("may be closed by a connection's callback", () =>
    onLoop(backend, function* ({ loop }) {
      let server: Server | null = null;
      server = yield* loop.createServer(
        () => new RecordingProtocol({ made: () => server!.close() }),
        HOST,
        0,
      );
      const port = portOf(server);
      const peer = yield* connectPeer(port);
      yield* until(() => !server!.isServing(), "the close");
      peer.socket.end();
      yield* server.waitClosed();
    }));
});
