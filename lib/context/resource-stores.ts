// AsyncLocalStorage until Node 22: a store is a property of the current async resource.
//
// All turns of a loop run in one resource. A proxy around it tells whether anybody has set a store in this turn: what is
// scheduled meanwhile takes a resource of its own along, everything else takes nothing.
import { AsyncLocalStorage, AsyncResource, executionAsyncId } from "node:async_hooks";
import { type AsyncScope, newResource, scopeOf, type Stores, type TurnScope, turnStores } from "./stores.ts";

/** What AsyncLocalStorage looks like inside. Node's own and undocumented. */
interface Internals {
  readonly enabled: boolean;
  readonly kResourceStore: symbol;
  _propagate?(resource: object, from: object): void;
}

export class ResourceStores implements Stores {
  /** Of the loop that runs. */
  #turn: ResourceTurn | null = null;
  readonly #hooks = findHooks();

  newTurnScope(): TurnScope {
    const outer = this.#turn;
    return (this.#turn = new ResourceTurn(() => (this.#turn = outer)));
  }

  capture(): AsyncScope | null {
    if (this.#isUntouchedTurn() || this.#isNoStorageInUse()) return null;
    const resource = newResource();
    // Scheduled from elsewhere (a handler of Node's, say): mostly there are no stores there either.
    if (!hasStores(resource) && this.#turn?.hasStores !== true) return null;
    return scopeOf(resource);
  }

  captureForTask(): AsyncScope | null {
    // A step that sets a store sets it on the resource it runs in, which is the task's own.
    return this.capture();
  }

  captureForStepNow(): AsyncScope | null {
    return this.#isUntouchedTurn() ? null : this.detach();
  }

  detach(): AsyncScope {
    return scopeOf(newResource());
  }

  take(): AsyncScope | null {
    const scope = this.detach();
    this.forget();
    return scope;
  }

  forget(): void {
    this.#turn?.putBack();
  }

  /**
   * Whether no AsyncLocalStorage of the process is in use: each that is has a hook. Asked outside turns, where looking at a
   * resource costs several hundred nanoseconds for each timer that is set.
   */
  #isNoStorageInUse(): boolean {
    return this.#hooks !== null && this.#hooks.fields[this.#hooks.init] === 0;
  }

  #isUntouchedTurn(): boolean {
    return this.#turn !== null && !turnStores.dirty && executionAsyncId() === this.#turn.asyncId;
  }
}

class ResourceTurn implements TurnScope {
  readonly asyncId: number;
  /** Whether the loop was started where a store was set. */
  readonly hasStores: boolean;
  /** The stores that somebody has set since the turn began, each with the value it had before. */
  readonly #changed = new Map<PropertyKey, unknown>();
  readonly #inner = new AsyncResource("ASYNCIO_UV_LOOP", { requireManualDestroy: true });
  readonly #resource: AsyncResource;
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.asyncId = this.#inner.asyncId();
    this.hasStores = hasStores(this.#inner);
    this.#onClose = onClose;
    this.#resource = new Proxy(this.#inner, {
      set: (target, key, value) => {
        const before: unknown = Reflect.get(target, key);
        if (!this.#changed.has(key)) this.#changed.set(key, before);
        else if (this.#changed.get(key) === value) this.#changed.delete(key);
        turnStores.dirty = this.#changed.size > 0;
        return Reflect.set(target, key, value);
      },
    });
  }

  run<R>(fn: () => R): R {
    try {
      return AsyncResource.prototype.runInAsyncScope.call(this.#resource, fn) as R;
    } finally {
      if (turnStores.dirty) this.putBack();
    }
  }

  /** Puts back the stores as they were when the turn began. */
  putBack(): void {
    for (const [key, value] of this.#changed) Reflect.set(this.#inner, key, value);
    this.#changed.clear();
    turnStores.dirty = false;
  }

  close(): void {
    this.#inner.emitDestroy();
    this.#onClose();
  }
}

/** Node's own counts of its async hooks; null where nobody may see them, and then every capture looks for itself. */
function findHooks(): { fields: Uint32Array; init: number } | null {
  const node = process as unknown as { binding(name: string): unknown; noDeprecation?: boolean };
  const { noDeprecation } = node;
  // The only way to these numbers is deprecated, and users have no part in that. It is read, once, on the Nodes that have it.
  node.noDeprecation = true;
  try {
    const { async_hook_fields: fields, constants } = node.binding("async_wrap") as {
      async_hook_fields: unknown;
      constants: Record<string, unknown>;
    };
    const init = constants["kInit"];
    return fields instanceof Uint32Array && typeof init === "number" ? { fields, init } : null;
  } catch {
    return null;
  } finally {
    node.noDeprecation = noDeprecation;
  }
}

/** @internal Whether Node keeps the stores in this way. To use a storage would slow every promise down, so it is only asked. */
export function storesAreOnResources(): boolean {
  const { kResourceStore, _propagate } = new AsyncLocalStorage() as unknown as Partial<Internals>;
  if (kResourceStore === undefined || _propagate === undefined) return false;
  const to: Record<symbol, unknown> = {};
  const internals: Internals = { enabled: true, kResourceStore };
  _propagate.call(internals, to, { [kResourceStore]: true });
  return to[kResourceStore] === true;
}

function hasStores(resource: AsyncResource): boolean {
  return Object.getOwnPropertySymbols(resource).some(
    (key) => key.description === "kResourceStore" && Reflect.get(resource, key) !== undefined,
  );
}
