// AsyncLocalStorage of a Node that nothing is known about: everything that is scheduled takes a snapshot along.
//
// Slow, and right but for one thing: what a protocol sets with enterWith() is seen by others until the turn ends.
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import type { AsyncScope, Stores, TurnScope } from "./stores.ts";

export class HiddenStores implements Stores {
  newTurnScope(): TurnScope {
    const resource = new AsyncResource("ASYNCIO_UV_LOOP", { requireManualDestroy: true });
    return { run: (fn) => resource.runInAsyncScope(fn), close: () => void resource.emitDestroy() };
  }

  capture(): AsyncScope {
    return this.detach();
  }

  captureForTask(): AsyncScope {
    let now = AsyncLocalStorage.snapshot();
    return (fn) =>
      now(() => {
        try {
          return fn();
        } finally {
          now = AsyncLocalStorage.snapshot();
        }
      });
  }

  captureForStepNow(): AsyncScope {
    return this.captureForTask();
  }

  detach(): AsyncScope {
    return AsyncLocalStorage.snapshot();
  }

  take(): null {
    // Tasks and callbacks have scopes of their own, so nothing of theirs is left in the turn's.
    return null;
  }

  forget(): void {
    // Nothing to forget, for the same reason.
  }
}
