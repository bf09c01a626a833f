// An exception that a future or task held and nobody retrieved is reported once.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import {
  createTask,
  Future,
  sleep,
  type Coroutine,
  type EventLoop,
  type ExceptionContext,
} from "../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../support/backends.ts";
import { label, thrownBy } from "../support/outcomes.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describeBackends("an exception that nobody retrieves", (backend) => {
  const dropOne = (loop: EventLoop, look: (future: Future<unknown>) => void): void => {
    const future = loop.createFuture<unknown>();
    future.setException(new Error("forgotten"));
    look(future);
  };

  function* reportsAfterCollection(
    take: () => ExceptionContext[],
    wanted: number,
  ): Coroutine<ExceptionContext[]> {
    const seen: ExceptionContext[] = [];
    for (let i = 0; i < 20 && seen.length < wanted; i++) {
      collectGarbage();
      yield* sleep(0.001);
      seen.push(...take());
    }
    return seen;
  }

  it("is reported once the future is collected, exactly once", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      dropOne(loop, () => undefined);
      yield* passes(2);
      const reports = yield* reportsAfterCollection(takeReports, 2);
      expect(reports.map(({ message, exception }) => [message, label(exception)])).toEqual([
        ["Future exception was never retrieved", "Error: forgotten"],
      ]);
    }));

  it("is not reported when it was looked at in any way", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      dropOne(loop, (future) => future.exception());
      dropOne(loop, (future) => thrownBy(() => future.result()));
      dropOne(loop, (future) => future.cancel());
      dropOne(loop, (future) => void future.catch(() => undefined));
      yield* passes(2);
      expect(yield* reportsAfterCollection(takeReports, 1)).toEqual([]);
    }));

  it("is reported for a task too", () =>
    onLoop(backend, function* ({ takeReports }) {
      (() => {
        createTask(
          (function* (): Coroutine<void> {
            throw new Error("task forgotten");
          })(),
        );
      })();
      yield* passes(3);
      const reports = yield* reportsAfterCollection(takeReports, 2);
      expect(reports.map(({ message, exception }) => [message, label(exception)])).toEqual([
        ["Task exception was never retrieved", "Error: task forgotten"],
      ]);
    }));
});
