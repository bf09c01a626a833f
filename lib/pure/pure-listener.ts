// One listening TCP socket on node:net, bound before it listens and with the answer of both at once.
import * as net from "node:net";
import type { Address, ListenerHandle, ListenOptions, StreamHandle } from "../types/backend.ts";
import { errorCode, uvCode } from "./error-codes.ts";
import type { EventKind, EventTarget } from "./event-queue.ts";
import type { PureSockets } from "./pure-sockets.ts";
import { PureStream } from "./pure-stream.ts";
import { toAddress } from "./socket-address.ts";

/** libuv's flags of uv_tcp_bind: part of its binary interface, so they do not change. */
const UV_TCP_IPV6ONLY = 1;
const UV_TCP_REUSEPORT = 2;

/** The part of Node's TCP handle that is used here. Numbers are 0 or libuv's negative codes. */
interface BoundHandle {
  getsockname(out: { address?: string; family?: string; port?: number }): number;
  listen(backlog: number): number;
  close(): void;
}

/**
 * net.Server.listen({ host, port }) binds only a tick later, listens in the same go and tells of errors by an event, so the
 * public door can neither answer bind() nor bind without accepting. This is the function below it, which Node's cluster module
 * uses the same way; server.listen(handle) is documented. Its public successor is net.BoundSocket, which Node 20 has not.
 */
type CreateServerHandle = (
  host: string,
  port: number,
  family: 4 | 6,
  fd: undefined,
  flags: number,
) => BoundHandle | number;

/** Binds to a literal address; gives libuv's negative code where that fails. */
export function bindListener(
  sockets: PureSockets,
  host: string,
  port: number,
  options: ListenOptions,
): PureListener | number {
  const { _createServerHandle: createHandle } = net as unknown as {
    _createServerHandle?: CreateServerHandle;
  };
  if (createHandle === undefined) return uvCode("ENOTSUP");
  if (options.reusePort && !nodeHasReusePort()) return uvCode("ENOTSUP");
  const family = net.isIP(host);
  if (family === 0) return uvCode("EINVAL");
  const flags = (options.ipv6Only ? UV_TCP_IPV6ONLY : 0) | (options.reusePort ? UV_TCP_REUSEPORT : 0);
  const handle = createHandle(host, port, family === 6 ? 6 : 4, undefined, flags);
  if (typeof handle === "number") return handle;
  // libuv keeps EADDRINUSE to itself until somebody asks.
  const name: { address?: string; family?: string; port?: number } = {};
  const code = handle.getsockname(name);
  if (code !== 0) {
    handle.close();
    return code;
  }
  return new PureListener(sockets, handle, toAddress(name.address, name.family, name.port));
}

/** 22.12 and 23.1 were the first: older ones would ignore the flag, and the port would not be shared. */
function nodeHasReusePort(): boolean {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  return major === 22 ? minor >= 12 : major === 23 ? minor >= 1 : major > 23;
}

export class PureListener implements ListenerHandle, EventTarget<PureStream | number> {
  onConnection: ((stream: StreamHandle) => void) | null = null;
  onAcceptError: ((code: number) => void) | null = null;
  readonly #sockets: PureSockets;
  readonly #handle: BoundHandle;
  readonly #address: Address | null;
  readonly #server: net.Server;
  #open = true;

  constructor(sockets: PureSockets, handle: BoundHandle, address: Address | null) {
    this.#sockets = sockets;
    this.#handle = handle;
    this.#address = address;
    const server = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    this.#server = server;
    server.unref();
    server.on("connection", (socket) => {
      sockets.events.push(this, "accept", new PureStream(sockets, socket));
    });
    server.on("error", (error) => {
      if (this.#open) sockets.events.push(this, "acceptError", errorCode(error));
    });
    sockets.listeners.add(this);
  }

  onEvent(_kind: EventKind, value: PureStream | number): void {
    if (typeof value === "number") {
      if (this.#open) this.onAcceptError?.(value);
    } else if (this.#open && this.onConnection !== null) {
      this.onConnection(value);
    } else {
      value.close(false);
    }
  }

  listen(backlog: number): number {
    if (!this.#open) return uvCode("EBADF");
    // Node takes 0 for its default of 511. Asked here first, because the server would tell of an error by an event.
    const size = Math.max(1, backlog);
    const code = this.#handle.listen(size);
    if (code === 0) this.#server.listen(this.#handle, size);
    return code;
  }

  sockname(): Address | null {
    return this.#open ? this.#address : null;
  }

  /** node:net shows no descriptors. */
  fileno(): number {
    return -1;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#sockets.listeners.delete(this);
    if (this.#server.listening) this.#server.close();
    else this.#handle.close();
  }
}
