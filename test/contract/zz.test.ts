import { test, expect } from "vitest";
import { onLoop, until } from "../support/backends.ts";
import { sleep } from "../../lib/index.ts";
import { connectPeer, HOST } from "../support/peers.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";
for (const pre of [0.005, 0.02, 0.1]) for (const post of [0, 0.005]) test(`x ${pre} ${post}`, () => onLoop("native", function*({loop}) {
      const log: string[] = [];
      const protocol = new RecordingProtocol({ data: () => log.push("data") });
      const server = yield* loop.createServer(() => protocol, HOST, 0);
      const peer = yield* connectPeer(server.sockets[0].getsockname()[1]);
      yield* until(() => protocol.transport !== undefined, "the connection");
      yield* sleep(pre);
      for (let round = 1; round <= 6; round++) {
        loop.callSoon(() => {
          log.push("w");
          peer.socket.write("x");
          loop.callLater(0.001, () => log.push("timer"));
          const end = loop.time() + 0.005;
          while (loop.time() < end);
        });
        yield* until(() => log.length === 3 * round, "data and timer");
        yield* sleep(post);
      }
      console.log(log.join());
      peer.socket.destroy();
      server.close();
      yield* server.waitClosed();
}));
