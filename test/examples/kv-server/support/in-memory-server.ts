// The server's parser, store and commands without sockets and without an event loop: time moves by hand.

import { allCommands } from "../../../../examples/kv-server/commands/index.mjs";
import { ReplyWriter } from "../../../../examples/kv-server/reply.mjs";
import { RespParser } from "../../../../examples/kv-server/resp-parser.mjs";
import { Session } from "../../../../examples/kv-server/session.mjs";
import { DEFAULT_LIMITS, Store } from "../../../../examples/kv-server/store.mjs";
import { decodeReply, encodeCommand, type Reply } from "./resp.ts";

interface ManualTimer {
  when: number;
  run: () => void;
  cancelled: boolean;
  cancel(): void;
}

/** A clock in seconds that moves only when told to, with the timers of an event loop. */
export class ManualClock {
  now = 1000;
  #timers: ManualTimer[] = [];

  time(): number {
    return this.now;
  }

  callLater<A extends unknown[]>(delay: number, callback: (...args: A) => void, ...args: A): ManualTimer {
    const timer: ManualTimer = {
      when: this.now + delay,
      run: () => callback(...args),
      cancelled: false,
      cancel() {
        this.cancelled = true;
      },
    };
    this.#timers.push(timer);
    return timer;
  }

  /** Timers that will still run. */
  get pending(): number {
    return this.#timers.filter((timer) => !timer.cancelled).length;
  }

  /** Moves the clock without running what is due, as within one turn of a loop. */
  moveOnly(seconds: number): void {
    this.now += seconds;
  }

  /** Moves the clock, and runs what has become due in order. */
  advance(seconds: number): void {
    const end = this.now + seconds;
    for (;;) {
      const due = this.#timers
        .filter((timer) => !timer.cancelled && timer.when <= end)
        .sort((a, b) => a.when - b.when)[0];
      if (due === undefined) break;
      this.#timers.splice(this.#timers.indexOf(due), 1);
      this.now = Math.max(this.now, due.when);
      due.run();
    }
    this.now = end;
    this.#timers = this.#timers.filter((timer) => !timer.cancelled);
  }
}

export class InMemoryServer {
  readonly clock = new ManualClock();
  readonly store = new Store(this.clock, DEFAULT_LIMITS);
  readonly writer = new ReplyWriter();

  connect(): InMemoryClient {
    return new InMemoryClient(this);
  }
}

export class InMemoryClient {
  readonly session: Session;
  readonly delivered: Reply[] = [];
  #server: InMemoryServer;
  #parser: RespParser;

  constructor(server: InMemoryServer) {
    this.#server = server;
    this.#parser = new RespParser(server.store.limits);
    this.session = new Session(server.store, allCommands, {
      deliver: (message: Buffer) => this.delivered.push(decodeReply(message)!.reply),
      address: "127.0.0.1:1",
      localAddress: "127.0.0.1:2",
    });
    this.session.begin();
  }

  /** Runs one command and gives all the replies it made. */
  replies(...args: (string | Buffer)[]): Reply[] {
    const pieces: Buffer[] = [];
    const writer = this.#server.writer;
    writer.begin({ write: (data: Uint8Array) => void pieces.push(Buffer.from(data)) });
    this.#parser.feed(encodeCommand(args));
    while (this.#parser.next()) this.session.execute(this.#parser.args, writer);
    writer.flush();
    const bytes = Buffer.concat(pieces);
    const replies: Reply[] = [];
    for (let at = 0; at < bytes.length;) {
      const decoded = decodeReply(bytes, at)!;
      replies.push(decoded.reply);
      at = decoded.end;
    }
    return replies;
  }

  /** Runs one command that makes exactly one reply. */
  run(...args: (string | Buffer)[]): Reply {
    const replies = this.replies(...args);
    if (replies.length !== 1) throw new Error(`${String(args[0])} made ${replies.length} replies`);
    return replies[0];
  }
}
