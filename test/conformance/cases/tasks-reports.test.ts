// Counterparts of CPython's test_tasks: what the exception handler is told of tasks that nobody looks after.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import {
  allTasks,
  type Coroutine,
  createTask,
  type ExceptionContext,
  newEventLoop,
  sleep,
  type Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  /** What a loop is told that is closed while a task made in `debug` mode waits for a future. */
  async function closedWhilePending(
    debug: boolean,
  ): Promise<{ reports: ExceptionContext[]; task: Task<void> }> {
    const loop = newEventLoop({ backend });
    loop.setDebug(debug);
    const reports: ExceptionContext[] = [];
    loop.setExceptionHandler((_loop, context) => reports.push(context));
    const task = loop.createTask(
      (function* killMe(): Coroutine<void> {
        yield* loop.createFuture<void>();
        throw new Error("never reached");
      })(),
    );
    expect(allTasks(loop)).toEqual(new Set([task]));
    await loop.runUntilComplete(sleep(0));
    expect(reports).toEqual([]);
    loop.close();
    return { reports, task };
  }

  it("test_log_destroyed_pending_task: a task that is pending when its loop is closed is reported, once", async () => {
    const { reports, task } = await closedWhilePending(false);
    expect(reports.map(({ message }) => message)).toEqual(["Task was destroyed but it is pending!"]);
    expect(reports[0].task).toBe(task);
    const loop = task.getLoop();
    loop.close();
    expect(reports).toHaveLength(1);
    expect(allTasks(loop)).toEqual(new Set());
  });

  it("test_task_source_traceback: in debug mode the report says where the task was made", async () => {
    const { reports } = await closedWhilePending(true);
    expect(String(reports[0]["sourceTraceback"])).toMatch(/tasks-reports\.test\.ts/);
    const { reports: plain } = await closedWhilePending(false);
    expect(plain[0]).not.toHaveProperty("sourceTraceback");
  });

  it("test_tb_logger_not_called_after_cancel: an exception is not reported after cancel(), although that came too late", () =>
    onLoop(backend, function* ({ takeReports }) {
      const failing = function* (): Coroutine<void> {
        throw new TypeError("seen by nobody");
      };
      yield* (function* (): Coroutine<void> {
        const task = createTask(failing());
        yield* passes(2);
        expect(task.cancel()).toBe(false);
      })();
      // The same without cancel(), so that it is known that the collector has been there.
      yield* (function* (): Coroutine<void> {
        createTask(failing());
        yield* passes(2);
      })();
      const messages: string[] = [];
      for (let look = 0; look < 100 && messages.length === 0; look++) {
        collectGarbage();
        yield* sleep(0.001);
        messages.push(...takeReports().map(({ message }) => message));
      }
      expect(messages).toEqual(["Task exception was never retrieved"]);
    }));
});
