// Starts the key-value server, and ends it on Ctrl-C.

import * as asyncio from "asyncio-uv";
import { parseArguments, USAGE, UsageError } from "./arguments.mjs";
import { Figures } from "./figures.mjs";
import { KvServer } from "./server.mjs";

const EXIT_CANNOT_LISTEN = 1;
const EXIT_USAGE = 2;

/** As a shell tells that a program was ended by this signal. */
const EXIT_ON_SECOND = { SIGINT: 130, SIGTERM: 143 };

/** The system's reasons not to listen, in words. @type {Record<string, string>} */
const REASONS = {
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this machine does not have that address",
  EACCES: "not permitted",
  ENOTFOUND: "no such host",
};

/**
 * @param {import("./arguments.mjs").Options} options
 * @param {EndSignals} signals
 */
function* serve(options, signals) {
  const loop = asyncio.getRunningLoop();
  const server = new KvServer(loop, options);
  try {
    yield* server.start();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "") throw error;
    const reason = REASONS[code] === undefined ? code : `${REASONS[code]} (${code})`;
    console.error(`kv-server: cannot listen on ${address(options.host, options.port)}: ${reason}`);
    return EXIT_CANNOT_LISTEN;
  }

  const { host, port, backend } = server.store.identity;
  console.log(`kv-server listening on ${address(host, port)} (${backend} backend), Ctrl-C ends it`);
  const figures = process.stdout.isTTY ? new Figures(loop, server, process.stdout) : null;
  figures?.start();
  try {
    yield* asyncio.wrapFuture(signals.first);
  } finally {
    figures?.stop();
  }
  console.log("kv-server is ending: open connections finish the commands they have sent");
  yield* server.stop();
  console.log("kv-server has ended");
  return 0;
}

/**
 * @param {string} host
 * @param {number} port
 */
function address(host, port) {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The first SIGINT or SIGTERM asks the server to end; a second one ends the process where it stands. */
class EndSignals {
  #asked = false;
  #ask = () => {};

  constructor() {
    /** @type {Promise<void>} */
    this.first = new Promise((resolve) => (this.#ask = resolve));
    process.on("SIGINT", this.#receive);
    process.on("SIGTERM", this.#receive);
  }

  remove() {
    process.off("SIGINT", this.#receive);
    process.off("SIGTERM", this.#receive);
  }

  /** @param {"SIGINT" | "SIGTERM"} signal */
  #receive = (signal) => {
    if (this.#asked) process.exit(EXIT_ON_SECOND[signal]);
    this.#asked = true;
    this.#ask();
  };
}

async function main() {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const { backend } = options;
  // Before run(), which would otherwise see nobody who handles SIGINT, and make Ctrl-C cancel the coroutine.
  const signals = new EndSignals();
  try {
    return await asyncio.run(serve(options, signals), {
      loopFactory: () => asyncio.newEventLoop({ backend }),
    });
  } finally {
    signals.remove();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`kv-server: ${error.message} (--help tells what there is)`);
  process.exitCode = EXIT_USAGE;
}
