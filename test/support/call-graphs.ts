// Turns call graphs into plain lists that a test can compare.
import { captureCallGraph, type FutureCallGraph, type StackFrame, Task } from "../../lib/index.ts";

/** A future or task, its frames, and who waits for it: `["T<name>", ["s call", "a coroutine"], [...]]`. */
export type Shape = [who: string, frames: string[], awaitedBy: Shape[]];

/** Where onLoop() and the like keep the coroutine around every test. */
const HARNESS = /[/\\]support[/\\]backends\.ts$/;

function labelsOf(frames: readonly StackFrame[]): string[] {
  return frames
    .filter(({ file }) => !HARNESS.test(file ?? ""))
    .map(({ name, async }) => `${async === true ? "a" : "s"} ${name}`);
}

/** Tasks without a name of their own are `T<>`. */
export function shapeOf(graph: FutureCallGraph | null): Shape | null {
  return graph === null ? null : shape(graph);
}

function shape({ future, callStack, awaitedBy }: FutureCallGraph): Shape {
  const who = future instanceof Task ? `T<${future.getName().replace(/^Task-\d+$/, "")}>` : "F";
  return [who, labelsOf(callStack.map(({ frame }) => frame)), awaitedBy.map(shape)];
}

/** The names of those who wait for `future`; a future that is no task is "F". */
export function waitersOf(future: Parameters<typeof captureCallGraph>[0]): string[] {
  return captureCallGraph(future)!.awaitedBy.map((graph) => shape(graph)[0]);
}

/** The names of the frames of a call graph's own future. */
export function frameNames(graph: FutureCallGraph | null): string[] {
  return shapeOf(graph)![1].map((label) => label.slice(2));
}
