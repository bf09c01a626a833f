// Pairs of one end of ours and one node:net peer, made before a test's body and torn down after it.
import type { Coroutine, EventLoop, Server } from "../../lib/index.ts";
import { until } from "./backends.ts";
import { connectPeer, HOST, type Peer, withPeerServer } from "./peers.ts";
import { type Behaviour, RecordingProtocol } from "./recording-protocol.ts";

export function portOf(server: Server): number {
  return server.sockets[0].getsockname()[1];
}

/** A client transport of ours, connected to a node:net peer. A paused peer reads nothing. */
export function* withClient(
  loop: EventLoop,
  behaviour: Behaviour,
  body: (protocol: RecordingProtocol, peer: Peer) => Coroutine<void>,
  paused = false,
): Coroutine<RecordingProtocol> {
  return yield* withPeerServer(function* (server, port) {
    const [, protocol] = yield* loop.createConnection(() => new RecordingProtocol(behaviour), HOST, port);
    try {
      yield* body(protocol, yield* server.peer());
    } finally {
      protocol.transport.abort();
    }
    yield* until(() => protocol.lost, "connectionLost");
    return protocol;
  }, paused);
}

/** A server of ours with one protocol per connection. */
export function* withServer(
  loop: EventLoop,
  behaviour: Behaviour,
  body: (protocols: RecordingProtocol[], port: number) => Coroutine<void>,
): Coroutine<RecordingProtocol[]> {
  const protocols: RecordingProtocol[] = [];
  const factory = (): RecordingProtocol => {
    protocols.push(new RecordingProtocol(behaviour));
    return protocols.at(-1)!;
  };
  const server = yield* loop.createServer(factory, HOST, 0);
  try {
    yield* body(protocols, portOf(server));
  } finally {
    server.close();
    server.abortClients();
    yield* server.waitClosed();
  }
  return protocols;
}

/** A server and some connected peers, all of them known to both sides. */
export function* serverWithPeers(
  loop: EventLoop,
  count: number,
  behaviour: Behaviour = {},
): Coroutine<{ server: Server; protocols: RecordingProtocol[]; peers: Peer[] }> {
  const protocols: RecordingProtocol[] = [];
  const factory = (): RecordingProtocol => {
    protocols.push(new RecordingProtocol(behaviour));
    return protocols.at(-1)!;
  };
  const server = yield* loop.createServer(factory, HOST, 0);
  const peers: Peer[] = [];
  for (let i = 0; i < count; i++) peers.push(yield* connectPeer(portOf(server)));
  yield* until(() => protocols.filter(({ log }) => log.includes("made")).length === count, "the connections");
  return { server, protocols, peers };
}
