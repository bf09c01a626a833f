// Foreign ends of TCP connections, made with node:net, that misbehave as a test asks.
import { connect, createServer, type Server as NetServer, type Socket } from "node:net";
import { once } from "node:events";
import { type Coroutine, wrapFuture } from "../../lib/index.ts";
import { until } from "./backends.ts";

export const HOST = "127.0.0.1";

/** One socket and what it has seen. It does not close by itself when the other side half-closes. */
export class Peer {
  readonly socket: Socket;
  ended = false;
  closed = false;
  error: Error | null = null;
  #chunks: Buffer[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
    socket.on("end", () => (this.ended = true));
    socket.on("close", () => (this.closed = true));
    socket.on("error", (error) => (this.error = error));
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.received.toString("latin1");
  }

  *closing(): Coroutine<void> {
    yield* until(() => this.closed, "the peer to close");
  }
}

export function* connectPeer(port: number): Coroutine<Peer> {
  const socket = connect({ host: HOST, port, allowHalfOpen: true });
  const connected = once(socket, "connect");
  const peer = new Peer(socket);
  yield* wrapFuture(connected);
  return peer;
}

/** A node:net server that keeps its connections as Peers. */
export class PeerServer {
  readonly peers: Peer[] = [];
  readonly #server: NetServer;

  constructor(paused: boolean) {
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: paused }, (socket) => {
      this.peers.push(new Peer(socket));
      if (paused) socket.pause();
    });
  }

  *listen(): Coroutine<number> {
    const listening = once(this.#server, "listening");
    this.#server.listen(0, HOST);
    yield* wrapFuture(listening);
    return (this.#server.address() as { port: number }).port;
  }

  *peer(index = 0): Coroutine<Peer> {
    yield* until(() => this.peers.length > index, "the connection to be accepted");
    return this.peers[index];
  }

  close(): void {
    this.#server.close();
    for (const peer of this.peers) peer.socket.destroy();
  }
}

/** Runs `body` with a node:net server's port. `paused` peers read nothing until they are resumed. */
export function* withPeerServer<T>(
  body: (server: PeerServer, port: number) => Coroutine<T>,
  paused = false,
): Coroutine<T> {
  const server = new PeerServer(paused);
  const port = yield* server.listen();
  try {
    return yield* body(server, port);
  } finally {
    server.close();
  }
}
