// Warns of loops that nobody closed, once they are collected.
//
// What such a loop held is not lost: the engine closes its handles when its functions are collected.
import type { LoopCore } from "./loop-core.ts";

const collected = new FinalizationRegistry<string>((description) => {
  process.emitWarning(`unclosed event loop ${description}; call loop.close()`, "ResourceWarning");
});

/** @internal `description` stands for the loop, which is gone when it is needed. */
export function noteOpened(loop: LoopCore, description: string): void {
  collected.register(loop, description, loop);
}

/** @internal */
export function noteClosed(loop: LoopCore): void {
  collected.unregister(loop);
}
