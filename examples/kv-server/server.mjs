// Listens, gives each client a coroutine of its own, and ends all of them in good order.

import * as asyncio from "asyncio-uv";
import { allCommands } from "./commands/index.mjs";
import { Connection } from "./connection.mjs";
import { ReplyWriter } from "./reply.mjs";
import { Store } from "./store.mjs";

/**
 * @typedef {object} ServerOptions
 * @property {string} host
 * @property {number} port 0 for any free one
 * @property {import("./store.mjs").Limits} limits
 */

/** In seconds: a client that has sent nothing for so long has no command on its way, and its connection is closed. */
const QUIET = 0.02;

/** In seconds: a client that keeps sending is served for so long; then its connection ends behind a whole command. */
const BUSY = 1;

/** In seconds: a client that has not read its replies by then loses them. */
const PATIENCE = 2;

export class KvServer {
  /** @type {import("./connection.mjs").Service} */
  #service;
  #options;
  #loop;
  /** @type {asyncio.Server | null} */
  #server = null;

  /**
   * @param {asyncio.EventLoop} loop
   * @param {ServerOptions} options
   */
  constructor(loop, options) {
    this.#loop = loop;
    this.#options = options;
    this.#service = {
      store: new Store(loop, options.limits),
      table: allCommands,
      reply: new ReplyWriter(),
      connections: new Set(),
    };
  }

  get store() {
    return this.#service.store;
  }

  /** How many clients are connected. */
  get connections() {
    return this.#service.connections.size;
  }

  /** Begins to listen; fails with the system's error, such as EADDRINUSE. */
  *start() {
    const { host, port } = this.#options;
    const service = this.#service;
    this.#server = yield* asyncio.startServer(
      (reader, writer) => new Connection(service, reader, writer).serve(),
      host,
      port,
    );
    const address = this.#server.sockets[0].getsockname();
    const store = service.store;
    store.loopTurns = () => this.#loop.statistics().turns;
    store.identity = { host, port: address[1], backend: this.#loop.statistics().backend };
  }

  /** Accepts nobody any more, lets the commands that were sent be finished, and closes the connections. */
  *stop() {
    const server = this.#server;
    if (server === null) return;
    server.close();
    const { connections } = this.#service;
    const begun = this.#loop.time();
    while (connections.size > 0) {
      const now = this.#loop.time();
      for (const connection of [...connections]) {
        if (now - begun >= PATIENCE) connection.abort();
        else if (now - begun >= BUSY || now - Math.max(connection.lastActive, begun) >= QUIET) {
          connection.finish();
        }
      }
      yield* asyncio.sleep(QUIET / 2);
    }
    yield* server.waitClosed();
  }
}
