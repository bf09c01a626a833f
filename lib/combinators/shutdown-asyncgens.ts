// Closes the async generators that are still open in a loop, all at once.
import { CancelledError } from "../errors/asyncio-errors.ts";
import { describeAsyncgen, takeAsyncgens } from "../loop/async-generators.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import type { Coroutine } from "../types/awaitable.ts";
import { closeAsyncgen } from "./aclosing.ts";
import { gather } from "./gather.ts";

/** @internal An error of one goes to the exception handler; the others are closed all the same. */
export function* shutdownAsyncgens(loop: LoopCore): Coroutine<void> {
  const open = takeAsyncgens(loop);
  const results = yield* gather(
    open.map((agen) => closeAsyncgen(agen)),
    { returnExceptions: true },
  );
  results.forEach((exception, i) => {
    if (exception === undefined || exception instanceof CancelledError) return;
    const asyncgen = open[i]!;
    const message = `an error occurred during closing of asynchronous generator ${describeAsyncgen(asyncgen)}`;
    loop.callExceptionHandler({ message, exception, asyncgen });
  });
}
