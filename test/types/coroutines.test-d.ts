// Type tests: what `yield*` and `await` give, coroutine() and asyncWith().
import * as asyncio from "asyncio-uv";
import {
  asyncWith,
  type AsyncContextManager,
  type Awaitable,
  coroutine,
  type Coroutine,
  Future,
  type Server,
  sleep,
  type Task,
  wrapFuture,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const future: Future<number>;
declare const task: Task<{ name: string }>;
declare const promise: Promise<Date>;
declare const server: Server;

export function* plain(): Coroutine<string> {
  yield* sleep(0);
  return "plain";
}

export function* inferred() {
  yield* sleep(0);
  return { a: 1 };
}

const wrapped = coroutine(function* (n: number, label?: string) {
  yield* sleep(0);
  return `${n}${label}`;
});

const generic = coroutine(function* <T>(value: T) {
  yield* sleep(0);
  return [value];
});

export function* everyAwaitable(): Coroutine<void> {
  typeOf(yield* future).is<number>();
  typeOf(yield* task).is<{ name: string }>();
  typeOf(yield* plain()).is<string>();
  typeOf(yield* inferred()).is<{ a: number }>();
  typeOf(yield* wrapped(1)).is<string>();
  typeOf(yield* generic(true)).is<boolean[]>();
  typeOf(yield* wrapFuture(promise)).is<Date>();
  typeOf(yield* sleep(1)).is<void>();
  typeOf(yield* sleep(1, "a")).is<string>();
  typeOf(yield* sleep(1, { a: 1 })).is<{ a: number }>();
  // @ts-expect-error a promise is not for yield*: wrapFuture() makes a future of it
  yield* promise;
  // @ts-expect-error a coroutine function is not a coroutine: it has to be called
  yield* plain;
  // @ts-expect-error nothing but the library's own suspensions can be yielded
  yield 42;
}

export async function everyAwaitableInAsync(): Promise<void> {
  typeOf(await future).is<number>();
  typeOf(await task).is<{ name: string }>();
  typeOf(await wrapped(1, "a")).is<string>();
  typeOf(await sleep(1)).is<void>();
  typeOf(await sleep(1, "a")).is<string>();
  typeOf(await future.then((value) => [value])).is<number[]>();
  typeOf(await future.catch(() => "other")).is<number | string>();
  typeOf(await future.catch((error: Error) => error.message)).is<number | string>();
  typeOf(await future.finally(() => undefined)).is<number>();
  typeOf(await future.toPromise()).is<number>();
}

export function wrongCalls(): void {
  // @ts-expect-error the delay is a number of seconds
  sleep("1");
  // @ts-expect-error the wrapped function's parameters are kept
  wrapped("1");
  // @ts-expect-error and their number
  wrapped();
  // @ts-expect-error an async function is no generator function
  coroutine(async () => 1);
  // @ts-expect-error neither is a plain one
  coroutine(() => 1);
}

export class Account {
  balance = 0;

  @coroutine
  *deposit(amount: number): Coroutine<number> {
    yield* sleep(0);
    this.balance += amount;
    return this.balance;
  }

  withdraw = coroutine(function* (this: Account, amount: number) {
    yield* sleep(0);
    return this.balance - amount;
  });
}

export function* methods(account: Account): Coroutine<void> {
  typeOf(yield* account.deposit(1)).is<number>();
  typeOf(yield* account.withdraw(1)).is<number>();
}

/** What coroutine() makes goes wherever a function that gives a coroutine or an awaitable is asked for. */
export const asAwaitable: (n: number) => Awaitable<string> = wrapped;

declare const manager: AsyncContextManager<{ path: string }>;

export function* contextManagers(): Coroutine<void> {
  typeOf(
    yield* asyncWith(manager, function* (file) {
      typeOf(file).is<{ path: string }>();
      yield* sleep(0);
      return file.path.length;
    }),
  ).is<number>();
  typeOf(yield* asyncWith(manager, async (file) => file.path)).is<string>();
  typeOf(yield* asyncWith(manager, (file) => file.path)).is<string>();
  typeOf(
    yield* asyncWith(server, function* (entered) {
      typeOf(entered).is<Server>();
      yield* entered.serveForever();
    }),
  ).is<void>();
  // @ts-expect-error a number is no context manager
  yield* asyncWith(1, () => 1);
  // @ts-expect-error without a body there is nothing to do
  yield* asyncWith(manager);
}

export function predicates(value: unknown): void {
  if (asyncio.isfuture(value)) typeOf(value).is<Future<unknown>>();
  typeOf(asyncio.iscoroutine(value)).is<boolean>();
  typeOf(asyncio.iscoroutinefunction(value)).is<boolean>();
}
