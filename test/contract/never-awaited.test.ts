// Debug mode's warning of coroutines that nobody has awaited, once they are collected.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { coroutine, createTask, newEventLoop, sleep, type Coroutine } from "../../lib/index.ts";
import { describeBackends } from "../support/backends.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const forgotten = coroutine(function* forgotten(): Coroutine<void> {
  yield* sleep(0);
});

/** The warnings that come while `body` runs and until `wanted` of them have come, or the collector has run often enough. */
async function warningsOf(
  backend: "native" | "pure",
  debug: boolean,
  body: () => Coroutine<void>,
): Promise<Error[]> {
  const warnings: Error[] = [];
  const listener = (warning: Error): unknown => warnings.push(warning);
  process.on("warning", listener);
  const loop = newEventLoop({ backend });
  loop.setDebug(debug);
  await loop.runUntilComplete(body());
  for (let look = 0; look < 20; look++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  process.off("warning", listener);
  loop.close();
  return warnings;
}

describeBackends("a coroutine that is never awaited", (backend) => {
  it("is reported in debug mode with its name and where it was made", async () => {
    const warnings = await warningsOf(backend, true, function* () {
      forgotten();
      sleep(1);
      yield* sleep(0);
    });
    expect(warnings.map(({ name, message }) => `${name}: ${message}`).sort()).toEqual([
      "RuntimeWarning: coroutine 'Sleep' was never awaited",
      "RuntimeWarning: coroutine 'forgotten' was never awaited",
    ]);
    for (const warning of warnings) {
      expect(warning).toMatchObject({ code: "ASYNCIO_UV_NEVER_AWAITED" });
      expect((warning as Error & { detail: string }).detail).toMatch(/^created at .*never-awaited\.test\.ts/);
    }
  });

  it("is not reported when it was awaited, made a task, or closed", async () => {
    const warnings = await warningsOf(backend, true, function* () {
      yield* forgotten();
      yield* createTask(forgotten());
      createTask(sleep(1)).cancel(); // before its first step
      forgotten().close();
      yield* sleep(0.001);
    });
    expect(warnings).toEqual([]);
  });

  it("is not reported without debug mode", async () => {
    const warnings = await warningsOf(backend, false, function* () {
      forgotten();
      yield* sleep(0);
    });
    expect(warnings).toEqual([]);
  });
});
