// Carries AsyncLocalStorage stores from where something was scheduled to where it runs, at no cost while none is in use.
//
// All turns of a loop run in one async resource. Until Node 24 a store is a property of the current resource, so a proxy around
// that one tells whether anybody has set a store in this turn: what is scheduled meanwhile takes a resource of its own along,
// everything else takes nothing. Newer Nodes keep the stores elsewhere; there a snapshot is taken each time.
import { AsyncLocalStorage, AsyncResource, executionAsyncId } from "node:async_hooks";

/** Calls a function with the stores that were current where the scope was captured. */
export type AsyncScope = <R>(fn: () => R) => R;

/** Whether stores are properties of async resources. The field is Node's own and undocumented; the fallback is only slower. */
const STORES_ON_RESOURCES = "kResourceStore" in new AsyncLocalStorage();

/** @internal Read after every step and callback: whether it has left a store behind that must not reach the next one. */
export const turnStores = { dirty: false };

/** The async resource that the turns of a loop run in. */
export class TurnScope {
  /** @internal */
  readonly _asyncId: number;
  /** The stores that somebody has set since the turns began, each with the value it had before. */
  readonly #changed = new Map<PropertyKey, unknown>();
  readonly #resource: AsyncResource;
  readonly #inner: AsyncResource;
  /** @internal Whether the loop was started where a store was set. */
  readonly _hasStores: boolean;

  constructor() {
    const resource = new AsyncResource("ASYNCIO_UV_LOOP", { requireManualDestroy: true });
    this._asyncId = resource.asyncId();
    this.#inner = resource;
    this._hasStores = hasStores(resource);
    this.#resource = new Proxy(resource, {
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
    const outer = running;
    running = this;
    try {
      return AsyncResource.prototype.runInAsyncScope.call(this.#resource, fn) as R;
    } finally {
      if (turnStores.dirty) this._forget();
      running = outer;
    }
  }

  /** @internal Puts back the stores as they were when the turns began. */
  _forget(): void {
    for (const [key, value] of this.#changed) Reflect.set(this.#inner, key, value);
    this.#changed.clear();
    turnStores.dirty = false;
  }

  close(): void {
    this.#inner.emitDestroy();
  }
}

let running: TurnScope | null = null;

/** The stores of the caller; null for those of the turn, in which everything runs anyway. */
export function captureScope(): AsyncScope | null {
  if (!STORES_ON_RESOURCES) return AsyncLocalStorage.snapshot();
  if (running !== null && !turnStores.dirty && executionAsyncId() === running._asyncId) return null;
  const resource = newResource();
  // Scheduled from elsewhere (a handler of Node's, say): mostly there are no stores there either.
  if (!hasStores(resource) && running?._hasStores !== true) return null;
  // The closure is made elsewhere, here and below: a function that makes one pays for it on every call, taken or not.
  return scopeOf(resource);
}

/** An async resource of its own, with the stores of the caller. */
export function newScope(): AsyncScope {
  return scopeOf(newResource());
}

function scopeOf(resource: AsyncResource): AsyncScope {
  return (fn) => resource.runInAsyncScope(fn);
}

function newResource(): AsyncResource {
  return new AsyncResource("ASYNCIO_UV_TASK", { requireManualDestroy: true });
}

function hasStores(resource: AsyncResource): boolean {
  return Object.getOwnPropertySymbols(resource).some(
    (key) => key.description === "kResourceStore" && Reflect.get(resource, key) !== undefined,
  );
}

/** The stores that the caller has set with enterWith(), as a scope; the next to run in this turn does not see them. */
export function takeStores(): AsyncScope {
  const scope = newScope();
  running?._forget();
  return scope;
}

/** Lets go of the stores that a callback has set with enterWith() and left behind. */
export function forgetStores(): void {
  running?._forget();
}

/** `fn`, made to see the stores of the caller whenever it is called. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- callbacks of any signature
export function bindScope<F extends (...args: any[]) => unknown>(fn: F): F {
  const scope = captureScope();
  return scope === null ? fn : bindTo(scope, fn);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
function bindTo<F extends (...args: any[]) => unknown>(scope: AsyncScope, fn: F): F {
  const bound = (...args: unknown[]): unknown =>
    scope(() => (fn as (...args: unknown[]) => unknown)(...args));
  return Object.defineProperty(bound, "name", { value: fn.name }) as F;
}
