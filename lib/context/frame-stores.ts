// AsyncLocalStorage from Node 24 on: all stores are entries of one map, the frame, which enterWith() replaces by a changed copy.
//
// The turns of a loop run in a frame of its own, and whoever copies that one calls its iterator. So the iterator tells that
// somebody may have set a store in this turn; only then is the current frame looked at, which an AsyncResource holds.
//
//   turn's frame  ──als.run(), enterWith()──> copy        run() ends in a copy as well, with the former value
//        └──iterated: turnStores.dirty                    after the step: same stores? go on with the copy
//                                                                         other ones? they are the task's; rebuild the turn's
import { AsyncLocalStorage, AsyncResource, executionAsyncId } from "node:async_hooks";
import { type AsyncScope, newResource, scopeOf, type Stores, type TurnScope, turnStores } from "./stores.ts";

/** Node's own kind of Map, which is no instance of Map. */
type Frame = Map<AsyncLocalStorage<unknown>, unknown>;

/** Where an AsyncResource keeps the frame it was made in. Node's own and undocumented. */
const FRAME = Object.getOwnPropertySymbols(newResource()).find((key) => key.description === "context_frame");

/** Node's own, whatever a subclass makes of them. */
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on a storage each time
const { enterWith, disable } = AsyncLocalStorage.prototype;

/** Sees to it that the turn has a frame, also where the loop was started without any store. */
const marker = new AsyncLocalStorage<unknown>();

export class FrameStores implements Stores {
  /** Of the loop that runs. */
  #turn: FrameTurn | null = null;

  newTurnScope(): TurnScope {
    const outer = this.#turn;
    return (this.#turn = new FrameTurn(() => (this.#turn = outer)));
  }

  capture(): AsyncScope | null {
    const resource = this.#resourceToCapture();
    return resource === null ? null : scopeOf(resource);
  }

  captureForTask(): AsyncScope | null {
    const resource = this.#resourceToCapture();
    return resource === null ? null : keepingScope(resource);
  }

  captureForStepNow(): AsyncScope | null {
    return this.#isUntouchedTurn() ? null : keepingScope(newResource());
  }

  detach(): AsyncScope {
    return scopeOf(newResource());
  }

  take(): AsyncScope | null {
    const resource = this.#turn?.takeChanged() ?? null;
    return resource === null ? null : keepingScope(resource);
  }

  forget(): void {
    this.#turn?.takeChanged();
  }

  #resourceToCapture(): AsyncResource | null {
    if (this.#isUntouchedTurn()) return null;
    const resource = newResource();
    const frame = frameOf(resource);
    // Scheduled from elsewhere (a handler of Node's, say): mostly there are no stores there either.
    const turn = this.#turn;
    if (turn === null ? !hasStores(frame) : turn.frame === frame || !(turn.hasStores || hasStores(frame)))
      return null;
    return resource;
  }

  #isUntouchedTurn(): boolean {
    return this.#turn !== null && !turnStores.dirty && executionAsyncId() === this.#turn.asyncId;
  }
}

class FrameTurn implements TurnScope {
  readonly asyncId: number;
  /** Whether the loop was started where a store was set. */
  readonly hasStores: boolean;
  /** What is current in this turn outside of any scope. Nobody else's: it has been copied for the turn. */
  frame: Frame;
  readonly #first: Frame;
  readonly #resource: AsyncResource;
  readonly #onClose: () => void;
  #inTurn = false;

  constructor(onClose: () => void) {
    // A value of its own: with the one that is set already, run() would not make a frame.
    this.#resource = marker.run(
      {},
      () => new AsyncResource("ASYNCIO_UV_LOOP", { requireManualDestroy: true }),
    );
    this.asyncId = this.#resource.asyncId();
    this.frame = this.#first = frameOf(this.#resource)!;
    this.hasStores = hasStores(this.#first);
    this.#onClose = onClose;
    this.#watch(this.#first);
  }

  run<R>(fn: () => R): R {
    this.frame = this.#first;
    turnStores.dirty = false;
    this.#inTurn = true;
    try {
      return this.#resource.runInAsyncScope(fn);
    } finally {
      this.#inTurn = false;
      turnStores.dirty = false;
    }
  }

  close(): void {
    this.#resource.emitDestroy();
    this.#onClose();
  }

  /** A resource with the stores of now where they are not the turn's, which are put back; else null. */
  takeChanged(): AsyncResource | null {
    const resource = newResource();
    const frame = frameOf(resource);
    turnStores.dirty = false;
    if (frame === this.frame) return null;
    if (frame !== undefined && sameStores(frame, this.frame)) {
      this.#adopt(frame);
      return null;
    }
    this.#putBack(frame);
    return resource;
  }

  /** The only way to set a frame for what runs on is to change stores one by one. */
  #putBack(changed: Frame = new Map()): void {
    const wanted = this.frame;
    // Makes a frame that nobody else holds, so that stores can be taken out of it.
    marker.enterWith(wanted.get(marker));
    wanted.forEach((value, storage) => {
      if (!changed.has(storage) || !Object.is(changed.get(storage), value)) enterWith.call(storage, value);
    });
    changed.forEach((_value, storage) => {
      if (!wanted.has(storage)) disable.call(storage);
    });
    this.#adopt(frameOf(newResource())!);
    turnStores.dirty = false;
  }

  #adopt(frame: Frame): void {
    this.#watch(frame);
    this.frame = frame;
  }

  #watch(frame: Frame): void {
    onCopy(frame, () => {
      // Whatever a turn has started takes the frame along, and may copy it at any time.
      if (this.#inTurn) turnStores.dirty = true;
    });
  }
}

/** A step that sets a store leaves another frame behind, which the next step begins with. */
function keepingScope(resource: AsyncResource): AsyncScope {
  let now = resource;
  return (fn) =>
    now.runInAsyncScope(() => {
      try {
        return fn();
      } finally {
        const left = newResource();
        if (frameOf(left) !== frameOf(now)) now = left;
      }
    });
}

function frameOf(resource: AsyncResource): Frame | undefined {
  return Reflect.get(resource, FRAME!) as Frame | undefined;
}

/** Defined, not assigned: the frame's prototype is frozen. */
function onCopy(frame: Frame, tell: () => void): void {
  Object.defineProperty(frame, Symbol.iterator, {
    configurable: true,
    value(this: Frame) {
      tell();
      return Map.prototype.entries.call(this);
    },
  });
}

function hasStores(frame: Frame | undefined): boolean {
  let found = false;
  frame?.forEach((value, storage) => {
    if (value !== undefined && storage !== marker) found = true;
  });
  return found;
}

/** A store that is undefined is as good as none: run() leaves such behind. */
function sameStores(one: Frame, other: Frame): boolean {
  let same = true;
  one.forEach((value, storage) => {
    if (!Object.is(other.get(storage), value)) same = false;
  });
  other.forEach((value, storage) => {
    if (value !== undefined && !one.has(storage)) same = false;
  });
  return same;
}

/** @internal Whether Node keeps stores in frames, and copies them so that it can be seen. */
export function storesAreInFrames(): boolean {
  if (FRAME === undefined) return false;
  const probe = new AsyncLocalStorage<number>();
  return marker.run({}, () => {
    const before = frameOf(newResource());
    if (typeof before?.forEach !== "function") return false;
    let copied = false;
    onCopy(before, () => (copied = true));
    return probe.run(1, () => copied && frameOf(newResource())?.get(probe) === 1 && !before.has(probe));
  });
}
