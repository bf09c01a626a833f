// Type tests: the call graph, stacks, reports, and what errors hold.
import {
  CancelledError,
  captureCallGraph,
  type ExceptionContext,
  ExceptionGroup,
  formatCallGraph,
  FrameCallGraphEntry,
  type Future,
  futureAddToAwaitedBy,
  FutureCallGraph,
  futureDiscardFromAwaitedBy,
  IncompleteReadError,
  InvalidStateError,
  LimitOverrunError,
  type OSError,
  printCallGraph,
  RuntimeError,
  type StackFrame,
  type Task,
  TimeoutError,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const task: Task<string>;
declare const future: Future<number>;

export function graphs(): void {
  typeOf(captureCallGraph()).is<FutureCallGraph | null>();
  const graph = captureCallGraph(task, { depth: 2, limit: -3 })!;
  typeOf(graph.future).is<Future<unknown>>();
  typeOf(graph.callStack).is<readonly FrameCallGraphEntry[]>();
  typeOf(graph.callStack[0]!.frame).is<StackFrame>();
  typeOf(graph.callStack[0]!.frame.line).is<number | null>();
  typeOf(graph.awaitedBy).is<readonly FutureCallGraph[]>();
  typeOf(formatCallGraph(future)).is<string>();
  typeOf(printCallGraph(null, { limit: null, file: process.stderr })).is<void>();
  futureAddToAwaitedBy(future, task);
  futureDiscardFromAwaitedBy(future, task);
  // @ts-expect-error a future or nothing
  captureCallGraph(1);
  // @ts-expect-error a number of frames
  captureCallGraph(task, { limit: "1" });
  // @ts-expect-error it prints nothing
  captureCallGraph(task, { file: process.stderr });
  // @ts-expect-error something to write to
  printCallGraph(task, { file: "log.txt" });
}

export function groups(group: ExceptionGroup): void {
  new ExceptionGroup("message", [new TypeError(), new ExceptionGroup("inner", [new Error()])]);
  new ExceptionGroup("message", new Set([new Error()]), { cause: group });
  typeOf(group.derive([new Error()])).is<ExceptionGroup>();
  typeOf(group.message).is<string>();
  group.split((error) => error instanceof TimeoutError && error.cause !== undefined);
  // @ts-expect-error no AggregateError: the message comes first
  new ExceptionGroup([new Error()]);
  // @ts-expect-error errors only
  new ExceptionGroup("message", ["error"]);
  // @ts-expect-error errors are not added later
  group.exceptions[0] = new Error();
  // @ts-expect-error an error is no class of errors
  group.split(new Error());
  // @ts-expect-error a class, but not of errors
  group.subgroup([Map]);
}

export function errors(thrown: unknown): void {
  if (thrown instanceof CancelledError) typeOf(thrown.code).is<string>();
  if (thrown instanceof IncompleteReadError) {
    typeOf(thrown.partial).is<Buffer>();
    typeOf(thrown.expected).is<number | null>();
  }
  if (thrown instanceof LimitOverrunError) typeOf(thrown.consumed).is<number>();
  const system = thrown as OSError;
  typeOf(system.errno).is<number>();
  typeOf(system.syscall).is<string>();
  const all: Error[] = [new CancelledError("message"), new RuntimeError(), new InvalidStateError()];
  typeOf(all).is<Error[]>();
  new TimeoutError("message", { cause: thrown });
  // @ts-expect-error a message is a string
  new CancelledError(5);
  // @ts-expect-error bytes, and how many there should have been
  new IncompleteReadError("partial", 5);
}

export function reports(context: ExceptionContext): void {
  typeOf(context.message).is<string>();
  typeOf(context.exception).is<unknown>();
  typeOf(context["anything"]).is<unknown>();
}
