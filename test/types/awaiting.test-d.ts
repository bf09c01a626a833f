// Type tests: a mistaken await shows in the type of what it gives, and a mistaken yield does not compile.
import {
  type Awaitable,
  type AwaitableLike,
  type AwaitedResult,
  type Coroutine,
  coroutine,
  type CoroutineLike,
  createTask,
  ensureFuture,
  Future,
  gather,
  run,
  sleep,
  Task,
  wrapFuture,
  type Yieldable,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const future: Future<number>;
declare const promise: Promise<Date>;
/** Something of a user's own that can be waited for. */
declare const custom: Yieldable<"custom">;

function* plain(n: number): Coroutine<number> {
  yield* sleep(0);
  return n;
}

const wrapped = coroutine(plain);

async function asynchronous(n: number): Promise<number> {
  return wrapped(n);
}

export async function awaits(): Promise<void> {
  // JavaScript gives back what is no promise, and nothing has run. The type says so; and lint does, or it would complain that
  // the rule is disabled in vain.
  // eslint-disable-next-line @typescript-eslint/await-thenable -- the mistake itself
  typeOf(await plain(1)).is<Coroutine<number>>();
  // @ts-expect-error so what it gives is no number
  // eslint-disable-next-line @typescript-eslint/await-thenable -- the mistake itself
  typeOf<number>(await plain(1));
  // @ts-expect-error a list of coroutines is not for Promise.all(): what is bare in it stays a generator
  // eslint-disable-next-line @typescript-eslint/await-thenable -- the mistake itself
  typeOf<number[]>(await Promise.all([plain(1)]));
  typeOf(await wrapped(1)).is<number>();
  typeOf(await createTask(plain(1))).is<number>();
  typeOf(await gather(plain(1), asynchronous(2), sleep(0, "a"))).is<[number, number, string]>();
  // What is not awaited is no result either.
  // @ts-expect-error a coroutine object is not its result
  typeOf<number>(wrapped(1));
  // @ts-expect-error a task neither
  typeOf<number>(createTask(plain(1)));
}

export function* yields(): Coroutine<void> {
  const [a, b] = yield* gather(plain(1), asynchronous(2));
  typeOf(a).is<number>();
  typeOf(b).is<number>();
  const x = yield* sleep(1, "a");
  typeOf(x).is<string>();
  const nothing = yield* sleep(1);
  typeOf(nothing).is<void>();
  typeOf(yield* custom).is<"custom">();
  typeOf(yield* plain(1)).is<number>();
  typeOf(yield* wrapped(1)).is<number>();
  typeOf(yield* wrapFuture(promise)).is<Date>();
  typeOf(yield* ensureFuture(asynchronous(1))).is<number>();
  // @ts-expect-error yield is not yield*: a future
  yield future;
  // @ts-expect-error a coroutine
  yield plain(1);
  // @ts-expect-error a coroutine object
  yield wrapped(1);
  // @ts-expect-error a promise
  yield promise;
  // @ts-expect-error nothing at all
  yield;
  // @ts-expect-error a promise cannot be waited for as it is
  yield* promise;
  // @ts-expect-error what an async function returns is a promise
  yield* asynchronous(1);
  // @ts-expect-error neither can several coroutines: gather() does that
  yield* [plain(1), plain(2)];
  // @ts-expect-error functions are to be called
  yield* wrapped;
}

export function* wrongResult(): Coroutine<string> {
  // @ts-expect-error the result is that of the annotation
  return yield* plain(1);
}

/** What the names of the types stand for. */
export function names(): void {
  typeOf<AwaitedResult<Coroutine<number>>>(1).is<number>();
  typeOf<AwaitedResult<Promise<number>>>(1).is<number>();
  typeOf<AwaitedResult<Task<number>>>(1).is<number>();
  typeOf<AwaitedResult<() => Coroutine<number>>>(1).is<number>();
  typeOf<AwaitedResult<() => Promise<number>>>(1).is<number>();
  const any: CoroutineLike<number>[] = [
    plain(1),
    wrapped(1),
    asynchronous(1),
    future,
    () => plain(1),
    () => asynchronous(1),
  ];
  const awaitable: AwaitableLike<number>[] = [plain(1), wrapped(1), asynchronous(1), future];
  const both: Awaitable<number>[] = [wrapped(1), future, createTask(plain(1))];
  // @ts-expect-error a bare generator is for yield* only
  both.push(plain(1));
  // @ts-expect-error a promise is for await only
  both.push(asynchronous(1));
  // @ts-expect-error a function has to be called to be awaited
  awaitable.push(() => plain(1));
  // @ts-expect-error a function of a parameter is not called by the library
  any.push(plain);
}

export async function running(): Promise<void> {
  typeOf(await run(async () => wrapped(1))).is<number>();
  typeOf(
    await run(function* () {
      return yield* plain(1);
    }),
  ).is<number>();
  // @ts-expect-error an unknown option
  await run(plain(1), { Debug: true });
  // @ts-expect-error a factory makes loops
  await run(plain(1), { loopFactory: () => 1 });
}
