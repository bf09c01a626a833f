// Closes a coroutine that nobody is going to run, so that it is not reported as one that was never awaited.
import { noteAwaited } from "../loop/origins.ts";
import { CoroutineObject, isGenerator } from "./coroutine.ts";
import { LibraryCoroutine } from "./library-coroutine.ts";

/** @internal Does nothing to anything else: a function has not been called yet, and a future is not ours to end. */
export function closeCoroutine(coro: unknown): void {
  if (coro instanceof CoroutineObject) coro.close();
  else if (coro instanceof LibraryCoroutine) noteAwaited(coro);
  else if (isGenerator(coro)) coro.return(undefined);
}
