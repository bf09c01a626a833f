// The async generators that a loop has to close before it ends: who is registered, and whether it is too late.
//
// CPython's interpreter tells the loop of every async generator that is iterated. JavaScript tells nobody, so they are
// registered by hand.
import { inspect } from "node:util";
import type { LoopCore } from "./loop-core.ts";

/** What can be closed: a JavaScript async generator, or anything else with a return() method. */
export interface Closable {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a generator's own says what it returns in the end
  return(value?: any): unknown;
}

interface Registry {
  readonly open: Set<Closable>;
  shutDown: boolean;
}

/** Apart from the loops: few of them ever see an async generator. */
const registries = new WeakMap<LoopCore, Registry>();

function registryOf(loop: LoopCore): Registry {
  let registry = registries.get(loop);
  if (registry === undefined) registries.set(loop, (registry = { open: new Set(), shutDown: false }));
  return registry;
}

/** @internal It will be closed with the loop's others, unless it is forgotten before. Warns when that has happened already. */
export function registerAsyncgen(loop: LoopCore, agen: Closable): void {
  const registry = registryOf(loop);
  if (registry.shutDown) {
    const warning = `asynchronous generator ${describeAsyncgen(agen)} was scheduled after loop.shutdownAsyncgens() call`;
    process.emitWarning(warning, "ResourceWarning");
  }
  registry.open.add(agen);
}

/** @internal */
export function forgetAsyncgen(loop: LoopCore, agen: Closable): void {
  registryOf(loop).open.delete(agen);
}

/** @internal All that are registered, for the caller to close; registering one from now on is a mistake. */
export function takeAsyncgens(loop: LoopCore): Closable[] {
  const registry = registryOf(loop);
  registry.shutDown = true;
  const open = [...registry.open];
  registry.open.clear();
  return open;
}

/** @internal */
export function describeAsyncgen(agen: Closable): string {
  return inspect(agen, { depth: 0 });
}
