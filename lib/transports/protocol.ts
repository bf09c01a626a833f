// The protocol base class: override what you need.
import { describe } from "../errors/describe-value.ts";
import type { Protocol as ProtocolInterface } from "../types/protocol.ts";
import type { Transport } from "../types/transport.ts";

/**
 * Base class of stream protocols. The default methods do nothing; `eofReceived` returning nothing closes the transport.
 *
 * Data given to `dataReceived` belongs to the receiver. A class with `static borrowsData = true` gets views that are valid
 * only during the call, at no copy and no allocation.
 */
export class Protocol implements ProtocolInterface {
  static borrowsData = false;

  connectionMade(_transport: Transport): void {
    // for subclasses
  }

  connectionLost(_exception: Error | null): void {
    // for subclasses
  }

  dataReceived(_data: Buffer): void {
    // for subclasses
  }

  eofReceived(): unknown {
    return undefined;
  }

  pauseWriting(): void {
    // for subclasses
  }

  resumeWriting(): void {
    // for subclasses
  }
}

const CALLED_BY_TRANSPORTS = ["connectionMade", "connectionLost", "dataReceived", "eofReceived"] as const;

/** @internal Refuses what a factory gave instead of a protocol, or what was given for one in another way. */
export function checkProtocol(
  protocol: unknown,
  expectation = "the protocol factory must give a protocol",
): void {
  const given = protocol as Partial<Record<string, unknown>> | null | undefined;
  for (const name of CALLED_BY_TRANSPORTS) {
    if (typeof given?.[name] !== "function") {
      throw new TypeError(
        `${expectation}, got ${describe(protocol)} without ${name}(): extend the Protocol class`,
      );
    }
  }
}

/** @internal Whether the protocol's class has asked for borrowed data. */
export function borrowsData(protocol: ProtocolInterface): boolean {
  return (protocol.constructor as { borrowsData?: unknown }).borrowsData === true;
}
