// Type tests: runs give the result of what they were given, and aclosing() gives the very generator.
import {
  aclosing,
  asyncWith,
  type Context,
  type Coroutine,
  type EventLoop,
  type Future,
  run,
  Runner,
  type RunnerOptions,
  sleep,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const context: Context;
declare const future: Future<Date>;
declare function body(): Coroutine<number>;
declare function numbers(): AsyncGenerator<number, string>;

export async function runs(options: RunnerOptions): Promise<void> {
  typeOf(run(body, options)).is<Promise<number>>();
  const runner = new Runner(options);
  typeOf(runner.run(body())).is<Promise<number>>();
  typeOf(runner.run(body, { context })).is<Promise<number>>();
  typeOf(runner.run(async () => "text")).is<Promise<string>>();
  typeOf(runner.run(sleep(1, true))).is<Promise<boolean>>();
  typeOf(runner.run(future)).is<Promise<Date>>();
  typeOf(runner.getLoop()).is<EventLoop>();
  typeOf(runner.close()).is<Promise<void>>();
  // @ts-expect-error it cannot be awaited
  void runner.run(1);
  const result = await asyncWith(runner, async (entered) => {
    typeOf(entered).is<Runner>();
    return await entered.run(body);
  });
  typeOf(result).is<number>();
}

export function* generators(): Coroutine<void> {
  const sum = yield* asyncWith(aclosing(numbers()), async (entered) => {
    typeOf(entered).is<AsyncGenerator<number, string>>();
    let total = 0;
    for await (const number of entered) total += number;
    return total;
  });
  typeOf(sum).is<number>();
  // @ts-expect-error there is nothing to close
  aclosing({});
}
