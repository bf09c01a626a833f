// What transports call, as asyncio.Protocol: connectionMade once, data*, eof?, connectionLost exactly once.
import type { Transport } from "./transport.ts";

export interface Protocol {
  connectionMade(transport: Transport): void;
  /** `exception` is null after an orderly end. */
  connectionLost(exception: Error | null): void;
  dataReceived(data: Buffer): void;
  /** A truthy result keeps the sending side open. */
  eofReceived(): unknown;
  /** The write buffer has gone above the high mark. */
  pauseWriting(): void;
  /** The write buffer has come down to the low mark. */
  resumeWriting(): void;
}
