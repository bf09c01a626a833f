// What `getExtraInfo("socket")` and `server.sockets` give: a view of a socket that can be asked but not used.
import type { Address } from "../types/backend.ts";

/** Where the descriptor comes from. */
export interface HasFileno {
  fileno(): number;
}

/** As asyncio's TransportSocket: queries only; the transport owns the socket. */
export class SocketInfo {
  readonly #source: HasFileno;
  readonly #sockname: Address | null;
  readonly #peername: Address | null;

  /** @internal */
  constructor(source: HasFileno, sockname: Address | null, peername: Address | null) {
    this.#source = source;
    this.#sockname = sockname;
    this.#peername = peername;
  }

  /** The file descriptor, or -1 once closed (and on the pure backend, which has none to show). */
  fileno(): number {
    return this.#source.fileno();
  }

  /** Its own address: [host, port], for IPv6 [host, port, flowinfo, scopeId]; [] when it has none. */
  getsockname(): Address {
    return this.#sockname ?? ([] as unknown as Address);
  }

  /** The peer's address; [] when there is none. */
  getpeername(): Address {
    return this.#peername ?? ([] as unknown as Address);
  }
}
