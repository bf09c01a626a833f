// Type tests: callbacks and timers of a loop take the arguments of the callback, contexts keep the types of their variables.
import {
  ContextVar,
  copyContext,
  getRunningLoop,
  type Handle,
  newEventLoop,
  type TimerHandle,
  type Token,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

const loop = getRunningLoop();
const context = copyContext();

declare function both(n: number, text: string): void;
declare function maybe(text?: string): void;

export function callbacks(): void {
  typeOf(loop.callSoon(() => undefined)).is<Handle>();
  typeOf(loop.callLater(0.5, both, 1, "a")).is<TimerHandle>();
  typeOf(loop.callAt(loop.time() + 1, both, 1, "a")).is<TimerHandle>();
  loop.callSoon(both, 1, "a", { context });
  loop.callSoonThreadsafe(both, 1, "a");
  loop.callSoon(maybe);
  loop.callSoon(maybe, "a");
  loop.callSoon(console.log, "a", 1);
  loop.callLater(0.1, console.log, "a");
  loop.callLater(0.1, () => undefined, { context });
  // @ts-expect-error the arguments are the callback's
  loop.callSoon(both, "a", 1);
  // @ts-expect-error all of them
  loop.callSoon(both, 1);
  // @ts-expect-error a delay is a number of seconds
  loop.callLater("1", () => undefined);
  // @ts-expect-error a callback can be called
  loop.callSoon(1);
}

export function makingLoops(): void {
  newEventLoop({ backend: "pure" });
  newEventLoop({ backend: "native", clock: { time: () => 0 } });
  // @ts-expect-error there are two backends
  newEventLoop({ backend: "other" });
  loop.setExceptionHandler((told, { message, exception }) => {
    typeOf(told).is<typeof loop>();
    typeOf(message).is<string>();
    return exception;
  });
  loop.setExceptionHandler(null);
}

export function contexts(): void {
  const variable = new ContextVar<number>("n", { default: 1 });
  typeOf(variable.get()).is<number>();
  typeOf(variable.set(2)).is<Token<number>>();
  typeOf(context.run((n: number) => `${n}`, 1)).is<string>();
  // @ts-expect-error the variable holds numbers
  variable.set("2");
  // @ts-expect-error the arguments are the function's
  context.run((n: number) => n, "1");
}
