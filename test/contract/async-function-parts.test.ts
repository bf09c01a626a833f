// Several awaits of one async function at once: a timeout() or TaskGroup in one of them concerns that one alone.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import {
  allTasks,
  asyncWith,
  CancelledError,
  coroutine,
  createTask,
  currentTask,
  sleep,
  TaskGroup,
  timeout,
  waitFor,
  type Coroutine,
} from "../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../support/backends.ts";
import { errorOf, label } from "../support/outcomes.ts";

async function outcomes(promises: Iterable<PromiseLike<unknown>>): Promise<unknown[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => (one.status === "fulfilled" ? one.value : label(one.reason)));
}

const requests = (): number => currentTask()!.cancelling();

describeBackends("awaits of an async function at once", (backend) => {
  it("time out each for itself, also at the same moment", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const task = createTask(async () => {
        const got = await outcomes([
          waitFor(sleep(10), 1),
          waitFor(sleep(10), 1),
          sleep(3, "slept"),
          asyncWith(timeout(2), async () => await sleep(10)),
          asyncWith(timeout(5), async () => await sleep(4, "in time")),
        ]);
        return [got, requests(), loop.time()];
      });
      const late = "TimeoutError: ";
      expect(yield* task).toEqual([[late, late, "slept", late, "in time"], 0, 4]);
    }));

  it("can be task groups, of which one fails", () =>
    onVirtualLoop(backend, function* () {
      const group = (fails: boolean): PromiseLike<string> =>
        asyncWith(new TaskGroup(), async (members) => {
          members.createTask(async () => {
            await sleep(1);
            if (fails) throw new Error("member");
          });
          return await sleep(2, "whole");
        });
      const task = createTask(async () => [await outcomes([group(true), group(false)]), requests()]);
      expect(yield* task).toEqual([["ExceptionGroup: unhandled errors in a TaskGroup", "whole"], 0]);
    }));

  it("are all cancelled with the task; what one of them asked for itself does not count for the others", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      const part = (name: string, seconds: number): PromiseLike<unknown> =>
        asyncWith(timeout(seconds), async () => {
          try {
            await sleep(100);
          } catch (error) {
            seen.push([name, label(error), requests(), loop.time()]);
            throw error;
          }
        });
      const task = createTask(async () => {
        seen.push(await outcomes([part("a", 1), part("b", 5), sleep(7)]), requests());
        return currentTask()!.uncancel();
      });
      yield* sleep(2);
      task.cancel("outside");
      expect(yield* task).toBe(0);
      expect(seen).toEqual([
        ["a", "CancelledError: ", 1, 1],
        ["b", "CancelledError: outside", 1, 2],
        ["TimeoutError: ", "CancelledError: outside", "CancelledError: outside"],
        1,
      ]);
    }));

  it("each have a signal, which is aborted when they time out, and when the task is cancelled", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const seen: unknown[] = [];
      const untilAborted = (name: string): Promise<never> =>
        new Promise((_resolve, reject) => {
          const { signal } = currentTask()!;
          signal.addEventListener("abort", () => {
            seen.push([name, (signal.reason as Error).message, loop.time()]);
            reject(signal.reason as Error);
          });
        });
      const task = createTask(async () => {
        const limited = [1, 3].map((n) => asyncWith(timeout(n), async () => untilAborted(`part ${n}`)));
        seen.push(await outcomes(limited), currentTask()!.signal.aborted);
        await Promise.all([
          untilAborted("function"),
          asyncWith(timeout(9), async () => untilAborted("part")),
        ]);
      });
      yield* sleep(5);
      task.cancel("outside");
      expect(label(yield* errorOf(task))).toBe("CancelledError: outside");
      expect(seen).toEqual([
        ["part 1", "", 1],
        ["part 3", "", 3],
        ["TimeoutError: ", "TimeoutError: "],
        false,
        ["part", "outside", 5],
        ["function", "outside", 5],
      ]);
      expect(task.signal.aborted).toBe(true);
    }));

  it("can refuse a cancellation, which then leaves the timeout around them alone", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const task = createTask(async () => {
        try {
          await asyncWith(timeout(5), async () => {
            await sleep(100).catch(() => currentTask()!.uncancel());
            await sleep(100);
          });
        } catch (error) {
          return [label(error), loop.time(), requests()];
        }
      });
      yield* sleep(1);
      task.cancel();
      expect(yield* task).toEqual(["TimeoutError: ", 5, 0]);
    }));

  it("may enter and leave a timeout or a group by hand", () =>
    onVirtualLoop(backend, function* ({ loop }) {
      const task = createTask(async () => {
        const limit = timeout(1);
        await limit.aenter();
        const late = await sleep(9).catch((error: unknown) => error);
        const first = label(await limit.aexit(late).catch((error: unknown) => error));

        const group = new TaskGroup();
        await group.aenter();
        group.createTask(async () => {
          await sleep(1);
          throw new Error("member");
        });
        const failure = await sleep(9).catch((error: unknown) => error);
        const second = label(await group.aexit(failure).catch((error: unknown) => error));

        const cancelled = new TaskGroup();
        cancelled.cancel();
        await cancelled.aenter();
        const interruption = await sleep(9).catch((error: unknown) => error);
        return [
          first,
          second,
          label(interruption),
          await cancelled.aexit(interruption),
          requests(),
          loop.time(),
        ];
      });
      expect(yield* task).toEqual([
        "TimeoutError: ",
        "ExceptionGroup: unhandled errors in a TaskGroup",
        "CancelledError: ",
        true,
        0,
        2,
      ]);
    }));

  it("that outlive the function are tasks of their own", () =>
    onVirtualLoop(backend, function* () {
      const seen: unknown[] = [];
      const cleaning = coroutine(function* (): Coroutine<void> {
        try {
          yield* sleep(9);
        } finally {
          const own = currentTask()!;
          seen.push(own === task, allTasks().has(own), label(yield* errorOf(waitFor(sleep(9), 1))));
        }
      });
      const task = createTask(async () => await Promise.race([cleaning(), sleep(1)]));
      yield* task;
      yield* sleep(5);
      expect(seen).toEqual([false, true, "TimeoutError: "]);
    }));

  it("may be those of http handlers: one that times out harms neither the others nor the function", () =>
    onLoop(backend, function* () {
      const main = createTask(async () => {
        const server: Server = createServer((request, response) => {
          const answer = request.url === "/late" ? waitFor(sleep(100), 0.001) : sleep(0.03, "in time");
          answer.then(
            (text) => response.end(String(text)),
            (error: unknown) => response.end(label(error)),
          );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const get = async (path: string): Promise<string> =>
          (await fetch(`http://127.0.0.1:${port}${path}`)).text();
        const got = await Promise.all([get("/late"), get("/"), get("/late"), sleep(0.02, "main")]);
        server.close();
        server.closeAllConnections();
        return [got, requests()];
      });
      expect(yield* main).toEqual([["TimeoutError: ", "in time", "TimeoutError: ", "main"], 0]);
    }));

  it("get a cancellation that came in the last step of one of them at the next await, with its result", () =>
    onVirtualLoop(backend, function* () {
      const ending = coroutine(function* (seconds: number): Coroutine<number> {
        if (seconds > 0) yield* sleep(seconds);
        currentTask()!.cancel("myself");
        return 5;
      });
      for (const seconds of [0, 1]) {
        const log: unknown[] = [];
        const task = createTask(async () => {
          log.push(await ending(seconds));
          await sleep(1).catch((error: unknown) => {
            log.push(error instanceof CancelledError);
            throw error;
          });
        });
        expect(label(yield* errorOf(task))).toBe("CancelledError: myself");
        expect(log).toEqual([5, true]);
      }
    }));
});
