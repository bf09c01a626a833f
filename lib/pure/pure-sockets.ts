// What the sockets of one pure backend share: their events, the cork, and the list of those alive.
import { Cork } from "./cork.ts";
import { EventQueue } from "./event-queue.ts";

/** A stream or a listener, as far as ending them all is concerned. */
interface Closable {
  close(reset: boolean): void;
}

export class PureSockets {
  readonly events: EventQueue;
  readonly cork: Cork;
  /** Alive, closing ones included. */
  readonly streams = new Set<Closable>();
  readonly listeners = new Set<Closable>();

  constructor(wake: () => void, inTurn: () => boolean) {
    this.events = new EventQueue(wake);
    this.cork = new Cork(inTurn);
  }

  /** Closes what is left. */
  close(): void {
    this.cork.flush();
    for (const listener of [...this.listeners]) listener.close(false);
    for (const stream of [...this.streams]) stream.close(false);
    // A connection that was accepted and not delivered is among the streams; nobody waits for its event any more.
    this.events.clear();
  }
}
