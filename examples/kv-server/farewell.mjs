// Ends a connection so that the last reply reaches the peer, and so that no peer can keep it open for ever.

import * as asyncio from "asyncio-uv";

/** In seconds: how long a peer has to read the last reply and to end. */
const LINGER = 1;

/** In seconds: how long the kernel may take to get rid of the last replies. */
const FAREWELL = 10;

const PEER_FAILURES = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETDOWN",
]);

/**
 * Sends the end of the stream and waits for the peer's. To close while bytes of the peer lie unread would make the
 * kernel reset the connection, and the last reply would be lost with it.
 *
 * @param {asyncio.StreamWriter} writer
 * @param {() => asyncio.Coroutine<Buffer>} read gives an empty buffer at the end, and when the connection is lost
 */
export function* linger(writer, read) {
  const timer = asyncio.getRunningLoop().callLater(LINGER, () => writer.transport.abort());
  try {
    if (writer.canWriteEof()) writer.writeEof();
    while ((yield* read()).length > 0);
  } finally {
    timer.cancel();
  }
}

/**
 * Closes once everything was sent.
 * @param {asyncio.StreamWriter} writer
 */
export function* farewell(writer) {
  const timer = asyncio.getRunningLoop().callLater(FAREWELL, () => writer.transport.abort());
  try {
    writer.close();
    yield* writer.waitClosed();
  } catch (error) {
    if (!isPeerFailure(error)) throw error;
  } finally {
    timer.cancel();
  }
}

/**
 * Whether an error tells of the peer (it reset the connection, say) and so is no fault of this program.
 * @param {unknown} error
 */
export function isPeerFailure(error) {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && PEER_FAILURES.has(code);
}
