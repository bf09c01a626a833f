// Runs a measurement while a loop of ours, on the named backend, is running.
import asyncio from "../../dist/index.js";

export { asyncio };

/**
 * The main coroutine is a generator on purpose: an async main would switch AsyncLocalStorage on for the whole process.
 *
 * @template T
 * @param {string} backend
 * @param {(loop: object) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export function onOurLoop(backend, measure) {
  return asyncio.run(
    function* () {
      const loop = asyncio.getRunningLoop();
      loop.setExceptionHandler(endProcess);
      return yield* asyncio.wrapFuture(measure(loop));
    },
    { loopFactory: () => asyncio.newEventLoop({ backend }) },
  );
}

/** An error that the loop reports would otherwise leave a measurement waiting for a batch that never ends. */
function endProcess(_loop, { message, exception }) {
  console.error(exception ?? message);
  process.exit(1);
}

/** Makes a task of a coroutine and calls `done` when it has ended. */
export function runTask(coroutine, done) {
  asyncio.createTask(coroutine).addDoneCallback((task) => {
    // An error must not pass as a fast measurement.
    task.result();
    done();
  });
}
