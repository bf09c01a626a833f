// Type tests: the door for tests, and the contexts of variables.
import {
  type Clock,
  Context,
  ContextVar,
  copyContext,
  type Coroutine,
  newEventLoop,
  Token,
} from "asyncio-uv";
import {
  nativeBackendError,
  passes,
  randomOrder,
  VirtualClock,
  type VirtualClockOptions,
  waitUntilBlocked,
} from "asyncio-uv/testing";
import { typeOf } from "./same.ts";

export function* waiting(): Coroutine<void> {
  typeOf(yield* passes(2)).is<void>();
  typeOf(yield* waitUntilBlocked()).is<void>();
  // @ts-expect-error how many
  yield* passes();
  // @ts-expect-error a number of them
  yield* passes("2");
  // @ts-expect-error it waits as long as it takes
  yield* waitUntilBlocked(1);
}

export async function waitingAsynchronously(): Promise<void> {
  typeOf(await passes(1)).is<void>();
  typeOf(await waitUntilBlocked()).is<void>();
}

export function clocks(options: VirtualClockOptions): void {
  const clock: Clock = new VirtualClock(options);
  const loop = newEventLoop({ clock });
  typeOf(new VirtualClock({ start: 5, autojump: false }).advance(1)).is<void>();
  typeOf(new VirtualClock().time()).is<number>();
  typeOf(randomOrder(loop, 1)).is<void>();
  typeOf(nativeBackendError()).is<Error | null>();
  // @ts-expect-error the seed makes it repeatable
  randomOrder(loop);
  // @ts-expect-error a number of seconds
  new VirtualClock().advance("1");
  // @ts-expect-error a misspelt option
  new VirtualClock({ autoJump: true });
  // @ts-expect-error a clock tells the time
  newEventLoop({ clock: {} });
}

export function variables(): void {
  const plain = new ContextVar<string>("plain");
  const withDefault = new ContextVar("default", { default: 1 });
  typeOf(withDefault).is<ContextVar<number>>();
  typeOf(plain.get()).is<string>();
  typeOf(plain.get("fallback")).is<string>();
  const token = plain.set("value");
  typeOf(token).is<Token<string>>();
  typeOf(token.var).is<ContextVar<string>>();
  typeOf(token.oldValue).is<string | typeof Token.MISSING>();
  plain.reset(token);
  const context = copyContext();
  typeOf(context.get(plain)).is<string | undefined>();
  typeOf(context.get(plain, 0)).is<string | number>();
  typeOf(context.has(withDefault)).is<boolean>();
  typeOf(context.size).is<number>();
  typeOf(context.copy()).is<Context>();
  for (const variable of context) typeOf(variable).is<ContextVar<unknown>>();
  for (const [variable, value] of context.items()) {
    typeOf(variable).is<ContextVar<unknown>>();
    typeOf(value).is<unknown>();
  }
  // @ts-expect-error another variable's token
  withDefault.reset(token);
  // @ts-expect-error variables are asked for by themselves
  context.get("plain");
  // @ts-expect-error a name is a string
  new ContextVar(5);
  // @ts-expect-error the default is an option
  new ContextVar("name", 5);
  // @ts-expect-error only variables write to a context
  void context.set;
}
