// Contestant: echo on this library's Protocol, with data that the protocol owns.
import { asyncio, serve } from "./serve-ours.mjs";

class Echo extends asyncio.Protocol {
  connectionMade(transport) {
    this.transport = transport;
  }
  dataReceived(data) {
    this.transport.write(data);
  }
}

await serve((loop) => loop.createServer(() => new Echo(), "127.0.0.1", 0, { backlog: 1024 }));
