// Runs one of our echo servers on the backend that ASYNCIO_UV_BACKEND names, and says where it listens.
import asyncio from "../../dist/index.js";

export { asyncio };

/**
 * The loop is asked for by name so that a native contestant can never silently run on the pure backend.
 *
 * @param {(loop: object) => Generator} listen gives an awaitable of a Server
 */
export function serve(listen) {
  const backend = process.env.ASYNCIO_UV_BACKEND ?? "native";
  return asyncio.run(
    function* () {
      const server = yield* listen(asyncio.getRunningLoop());
      console.log(`LISTENING ${server.sockets[0].getsockname()[1]}`);
      yield* server.serveForever();
    },
    { loopFactory: () => asyncio.newEventLoop({ backend }) },
  );
}
