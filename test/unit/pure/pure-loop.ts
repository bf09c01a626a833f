// What the end-to-end tests of the pure backend stand on: a loop that must leave nothing behind, and foreign peers.
import { once } from "node:events";
import * as net from "node:net";
import { expect } from "vitest";
import { type Coroutine, type EventLoop, newEventLoop } from "../../../lib/index.ts";

export const HOST = "127.0.0.1";

/** Runs `main` on a loop of the pure backend, and checks that it leaves no socket behind. */
export async function onPureLoop<T>(main: (loop: EventLoop) => Coroutine<T>): Promise<T> {
  const loop = newEventLoop({ backend: "pure" });
  try {
    return (await loop.runUntilComplete(main(loop))) as T;
  } finally {
    loop.close();
    await allClosed(loop);
  }
}

/** Node closes handles a round later; an error here means that one is never closed. */
async function allClosed(loop: EventLoop): Promise<void> {
  for (let round = 0; round < 100 && loop.statistics().streams > 0; round++) await new Promise(setImmediate);
  expect(loop.statistics()).toMatchObject({ backend: "pure", streams: 0, listeners: 0, timers: 0 });
}

/** A listening server of node:net that the loop under test connects to. */
export async function withPeer(
  onSocket: (socket: net.Socket) => void,
  use: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(0, HOST);
  await once(server, "listening");
  try {
    await use((server.address() as net.AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
}

/** A pattern in which a lost, doubled or moved byte shows. */
export function pattern(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >>> 8)) & 0xff;
  return bytes;
}
