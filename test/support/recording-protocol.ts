// A protocol that writes down every call it gets, and does in each what a test asks.
import { Protocol, type Transport } from "../../lib/index.ts";

export interface Behaviour {
  made?(protocol: RecordingProtocol): void;
  data?(protocol: RecordingProtocol, data: Buffer): void;
  /** The result of eofReceived(). */
  eof?(protocol: RecordingProtocol): unknown;
  lost?(protocol: RecordingProtocol, exception: Error | null): void;
  pause?(protocol: RecordingProtocol): void;
  resume?(protocol: RecordingProtocol): void;
}

export class RecordingProtocol extends Protocol {
  /** made, data (one for several in a row), eof, lost, pause, resume. */
  readonly log: string[] = [];
  transport!: Transport;
  exception: Error | null | undefined = undefined;
  #chunks: Buffer[] = [];
  readonly #behaviour: Behaviour;

  constructor(behaviour: Behaviour = {}) {
    super();
    this.#behaviour = behaviour;
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.received.toString("latin1");
  }

  get lost(): boolean {
    return this.exception !== undefined;
  }

  override connectionMade(transport: Transport): void {
    this.log.push("made");
    this.transport = transport;
    this.#behaviour.made?.(this);
  }

  override dataReceived(data: Buffer): void {
    if (this.log.at(-1) !== "data") this.log.push("data");
    this.#chunks.push(data);
    this.#behaviour.data?.(this, data);
  }

  override eofReceived(): unknown {
    this.log.push("eof");
    return this.#behaviour.eof?.(this);
  }

  override connectionLost(exception: Error | null): void {
    this.log.push("lost");
    this.exception = exception;
    this.#behaviour.lost?.(this, exception);
  }

  override pauseWriting(): void {
    this.log.push("pause");
    this.#behaviour.pause?.(this);
  }

  override resumeWriting(): void {
    this.log.push("resume");
    this.#behaviour.resume?.(this);
  }
}
