// Talks with one client: a coroutine that reads commands, has them carried out, and sends the replies.

import * as asyncio from "asyncio-uv";
import { ProtocolError } from "./errors.mjs";
import { farewell, isPeerFailure, linger } from "./farewell.mjs";
import { RespParser } from "./resp-parser.mjs";
import { Session } from "./session.mjs";

/**
 * @typedef {import("./command-table.mjs").CommandTable} CommandTable
 * @typedef {import("./reply.mjs").ReplyWriter} ReplyWriter
 * @typedef {import("./store.mjs").Store} Store
 */

/** In bytes, for each wake-up. */
const READ_SIZE = 64 * 1024;

/**
 * In bytes. A batch of commands that has made so many replies waits until the peer has taken them: a chunk of 64 KiB can
 * ask for gigabytes.
 */
const PAUSE_AT = 256 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * @typedef {object} Service what all connections of a server share
 * @property {Store} store
 * @property {CommandTable} table
 * @property {ReplyWriter} reply
 * @property {Set<Connection>} connections those that live
 */

export class Connection {
  /** Whether the coroutine waits for the client to send something, and so may be cancelled at no loss. */
  #idle = false;
  #service;
  #reader;
  #writer;
  #reply;
  #parser;
  #session;
  #loop = asyncio.getRunningLoop();
  /** @type {asyncio.Task<unknown> | null} */
  #task = null;
  /** The read that goes on while a command waits. @type {asyncio.Task<Buffer> | null} */
  #readAhead = null;
  #finishing = false;

  /**
   * @param {Service} service
   * @param {asyncio.StreamReader} reader
   * @param {asyncio.StreamWriter} writer
   */
  constructor(service, reader, writer) {
    this.#service = service;
    this.#reader = reader;
    this.#writer = writer;
    this.#reply = service.reply;
    this.#parser = new RespParser(service.store.limits);
    this.#session = new Session(service.store, service.table, {
      deliver: (message) => this.#deliver(message),
      address: addressText(writer.getExtraInfo("peername")),
      localAddress: addressText(writer.getExtraInfo("sockname")),
    });
  }

  /** When the client sent something last, in seconds on the loop's clock. */
  get lastActive() {
    return this.#session.lastActive;
  }

  /** The whole life of the connection. */
  *serve() {
    this.#task = asyncio.currentTask();
    this.#service.connections.add(this);
    this.#session.begin();
    try {
      yield* this.#converse();
    } catch (error) {
      if (error instanceof ProtocolError) yield* this.#refuse(error);
      else if (!isPeerFailure(error)) throw error;
    } finally {
      this.#idle = false;
      this.#session.end();
      this.#readAhead?.cancel();
      try {
        yield* farewell(this.#writer);
      } finally {
        this.#service.connections.delete(this);
      }
    }
  }

  /** Ends after the commands that have arrived; one that waits for an item gets none. */
  finish() {
    this.#finishing = true;
    this.#session.waiter?.settle(null);
    if (!this.#idle) return;
    this.#idle = false;
    this.#task?.cancel();
  }

  /** Ends now. */
  abort() {
    this.#writer.transport.abort();
    this.finish();
  }

  *#converse() {
    const reader = this.#reader;
    const writer = this.#writer;
    const session = this.#session;
    while (!this.#finishing) {
      this.#idle = true;
      let chunk = this.#readAhead === null ? yield* reader.read(READ_SIZE) : yield* this.#takeReadAhead();
      this.#idle = false;
      if (chunk.length === 0) return;
      session.lastActive = this.#loop.time();
      for (let more = true; more; chunk = NOTHING) {
        more = this.#run(chunk);
        yield* writer.drain();
        if (session.leaving) return yield* this.#end();
        if (session.waiter !== null && !(yield* this.#waitForItem(session.waiter))) return;
      }
    }
  }

  /**
   * Runs commands until no whole one is left, or until one asks for a pause.
   * @param {Buffer} chunk what was received; nothing to go on with what is there
   * @returns {boolean} whether there may be more to run
   */
  #run(chunk) {
    const reply = this.#reply;
    const parser = this.#parser;
    const session = this.#session;
    // Writing on would be useless; the next read or drain() tells that the connection is lost.
    if (this.#writer.isClosing()) return false;
    reply.begin(this.#writer);
    try {
      if (chunk.length > 0) parser.feed(chunk);
      while (parser.next()) {
        session.execute(parser.args, reply);
        if (session.waiter !== null || session.leaving || reply.size >= PAUSE_AT) return true;
      }
      return false;
    } finally {
      reply.flush();
    }
  }

  /**
   * Waits for an item or the timeout, and replies.
   *
   * Meanwhile a read goes on, because that is the only way to learn that the peer has gone; commands that it brings are
   * kept for later.
   *
   * @param {import("./blocking.mjs").Waiter} waiter
   * @returns {asyncio.Coroutine<boolean>} false when the peer has gone
   */
  *#waitForItem(waiter) {
    const timer =
      waiter.timeout > 0 ? this.#loop.callLater(waiter.timeout, () => waiter.settle(null)) : undefined;
    let gone = false;
    waiter.isGone = () => this.#reader.atEof();
    try {
      while (!waiter.settled && !gone) {
        const woken = this.#loop.createFuture();
        const wake = () => {
          if (!woken.done()) woken.setResult(undefined);
        };
        waiter.wake = wake;
        this.#readAhead ??= asyncio.createTask(this.#read());
        this.#readAhead.addDoneCallback(wake);
        yield* woken;
        this.#readAhead.removeDoneCallback(wake);
        if (this.#readAhead.done()) {
          const chunk = yield* this.#takeReadAhead();
          if (chunk.length > 0) this.#parser.feed(chunk);
          else gone = true;
        }
      }
    } finally {
      timer?.cancel();
    }
    // The session's end then gives back what the waiter may have received.
    if (gone || this.#reader.atEof()) return false;
    this.#session.waiter = null;
    this.#tell(waiter.received);
    return true;
  }

  /** @param {{ key: string, item: import("./stored-value.mjs").StoredValue } | null} received */
  #tell(received) {
    const reply = this.#reply;
    reply.begin(this.#writer);
    if (received === null) {
      reply.nullArray();
    } else {
      reply.array(2);
      reply.bulk(received.key);
      reply.bulk(received.item);
    }
    reply.flush();
  }

  *#read() {
    try {
      return yield* this.#reader.read(READ_SIZE);
    } catch (error) {
      if (!isPeerFailure(error)) throw error;
      return NOTHING;
    }
  }

  *#takeReadAhead() {
    const task = /** @type {asyncio.Task<Buffer>} */ (this.#readAhead);
    const chunk = yield* task;
    this.#readAhead = null;
    return chunk;
  }

  /** @param {ProtocolError} error */
  *#refuse(error) {
    this.#reply.begin(this.#writer);
    this.#reply.error(`ERR Protocol error: ${error.message}`);
    this.#reply.flush();
    yield* this.#end();
  }

  /** Ends a connection that the server ends: once the peer has read the last reply, or has had time to. */
  *#end() {
    this.#session.end();
    this.#idle = true;
    yield* linger(this.#writer, () => (this.#readAhead === null ? this.#read() : this.#takeReadAhead()));
  }

  /**
   * Sends a message of a channel; a subscriber that lets too many pile up is cut off.
   * @param {Buffer} message
   */
  #deliver(message) {
    const { transport } = this.#writer;
    if (transport.isClosing()) return;
    this.#writer.write(message);
    if (transport.getWriteBufferSize() <= this.#session.store.limits.backlog) return;
    this.#session.store.statistics.dropped++;
    transport.abort();
  }
}

/** @param {unknown} address */
function addressText(address) {
  return Array.isArray(address) ? `${address[0]}:${address[1]}` : String(address ?? "");
}
