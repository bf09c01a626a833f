// A bare TCP client: it sends any bytes in any pieces, and reads replies one by one.

import { connect, type Socket } from "node:net";
import { decodeReply, encodeCommand, type Reply } from "./resp.ts";

export class RawClient {
  readonly socket: Socket;
  /** Settles when the peer has ended its side, or when the connection is gone. */
  readonly ended: Promise<void>;
  #received = Buffer.alloc(0);
  #hasEnded = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      };
      socket.on("end", end);
      socket.on("close", end);
    });
    socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    // A reset is what several tests ask for; "close" follows it.
    socket.on("error", () => {});
  }

  static connect(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RawClient(socket));
      });
    });
  }

  send(data: string | Buffer): void {
    this.socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  command(...args: (string | Buffer)[]): Promise<Reply> {
    this.send(encodeCommand(args));
    return this.reply();
  }

  /** The next reply; an error when the peer ends before it. */
  async reply(): Promise<Reply> {
    for (;;) {
      const decoded = decodeReply(this.#received);
      if (decoded !== undefined) {
        this.#received = this.#received.subarray(decoded.end);
        return decoded.reply;
      }
      if (this.#hasEnded) throw new Error("the connection ended before the reply");
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Everything that came until the peer ended. */
  async rest(): Promise<string> {
    await this.ended;
    return this.#received.toString("latin1");
  }

  close(): void {
    this.socket.destroy();
  }
}
