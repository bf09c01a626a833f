// Shows on a terminal, once per second, how the server and its event loop fare.

/**
 * @typedef {import("asyncio-uv").EventLoop} EventLoop
 * @typedef {import("asyncio-uv").TimerHandle} TimerHandle
 * @typedef {import("./server.mjs").KvServer} KvServer
 */

/** In seconds. */
const SAMPLE_EVERY = 0.02;
const SHOW_EVERY = 1;

/** The lag is told of the last ten seconds. */
const SAMPLES = 10 / SAMPLE_EVERY;

export class Figures {
  #loop;
  #server;
  #stream;
  /** How late the sampling timer came, in seconds; a ring. */
  #lags = new Float64Array(SAMPLES);
  #samples = 0;
  /** @type {TimerHandle | null} */
  #sampler = null;
  /** @type {TimerHandle | null} */
  #printer = null;
  #before = { time: 0, commands: 0, turns: 0 };

  /**
   * @param {EventLoop} loop
   * @param {KvServer} server
   * @param {{ write(text: string): unknown }} stream a terminal
   */
  constructor(loop, server, stream) {
    this.#loop = loop;
    this.#server = server;
    this.#stream = stream;
  }

  start() {
    this.#before = this.#count();
    this.#sampler = this.#loop.callLater(SAMPLE_EVERY, this.#sample);
    this.#printer = this.#loop.callLater(SHOW_EVERY, this.#print);
  }

  stop() {
    this.#sampler?.cancel();
    this.#printer?.cancel();
    this.#stream.write("\r\x1b[K");
  }

  #sample = () => {
    const sampler = /** @type {TimerHandle} */ (this.#sampler);
    this.#lags[this.#samples++ % SAMPLES] = this.#loop.time() - sampler.when();
    this.#sampler = this.#loop.callLater(SAMPLE_EVERY, this.#sample);
  };

  #print = () => {
    this.#printer = this.#loop.callLater(SHOW_EVERY, this.#print);
    const now = this.#count();
    const seconds = now.time - this.#before.time;
    const commands = (now.commands - this.#before.commands) / seconds;
    const turns = (now.turns - this.#before.turns) / seconds;
    this.#before = now;
    this.#stream.write(
      `\r\x1b[K${this.#server.connections} connections  ${rate(commands)} commands/s  ` +
        `${rate(turns)} loop turns/s  p99 loop lag ${(this.#p99() * 1000).toFixed(2)} ms`,
    );
  };

  #count() {
    return {
      time: this.#loop.time(),
      commands: this.#server.store.statistics.commands,
      turns: this.#server.store.loopTurns(),
    };
  }

  #p99() {
    const lags = this.#lags.slice(0, Math.min(this.#samples, SAMPLES)).sort();
    return lags.length === 0 ? 0 : lags[Math.floor((lags.length - 1) * 0.99)];
  }
}

/** @param {number} perSecond */
function rate(perSecond) {
  return Math.round(perSecond).toLocaleString("en-US");
}
