// Carries AsyncLocalStorage stores from where something was scheduled to where it runs, at no cost while none is in use.
//
// How, depends on where Node keeps them: on async resources until Node 22, in frames from Node 24 on.
import { FrameStores, storesAreInFrames } from "./frame-stores.ts";
import { HiddenStores } from "./hidden-stores.ts";
import { ResourceStores, storesAreOnResources } from "./resource-stores.ts";
import type { AsyncScope, Stores, TurnScope } from "./stores.ts";

const stores: Stores = storesAreOnResources()
  ? new ResourceStores()
  : storesAreInFrames()
    ? new FrameStores()
    : new HiddenStores();

/** What the turns of a loop run in, which starts now. */
export function newTurnScope(): TurnScope {
  return stores.newTurnScope();
}

/** The stores of the caller; null for those of the turn, in which everything runs anyway. */
export function captureScope(): AsyncScope | null {
  return stores.capture();
}

/** As captureScope(), for a task: each step finds the stores that the one before has left. */
export function captureTaskScope(): AsyncScope | null {
  return stores.captureForTask();
}

/** As captureTaskScope(), for one whose first step is taken inside the caller's: null only where takeStores() will do. */
export function captureEagerScope(): AsyncScope | null {
  return stores.captureForStepNow();
}

/** The stores of the caller, in a scope of its own. */
export function newScope(): AsyncScope {
  return stores.detach();
}

/** The stores that the caller has left behind with enterWith(), if any; the next to run in this turn does not see them. */
export function takeStores(): AsyncScope | null {
  return stores.take();
}

/** Lets go of the stores that a callback has set with enterWith() and left behind. */
export function forgetStores(): void {
  stores.forget();
}

/** `fn`, made to see the stores of the caller whenever it is called. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- callbacks of any signature
export function bindScope<F extends (...args: any[]) => unknown>(fn: F): F {
  const scope = captureScope();
  // The closure is made elsewhere: a function that makes one pays for it on every call, taken or not.
  return scope === null ? fn : bindTo(scope, fn);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
function bindTo<F extends (...args: any[]) => unknown>(scope: AsyncScope, fn: F): F {
  const bound = (...args: unknown[]): unknown =>
    scope(() => (fn as (...args: unknown[]) => unknown)(...args));
  return Object.defineProperty(bound, "name", { value: fn.name }) as F;
}
