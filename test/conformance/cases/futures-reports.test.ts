// Counterparts of CPython's test_futures: which futures the exception handler is told of once they are collected.
import { expect, it } from "vitest";
import type { EventLoop, Future } from "../../../lib/index.ts";
import { describeBackends, onLoop, passes } from "../../support/backends.ts";
import { reportsOfGarbage } from "../../support/garbage.ts";
import { label, thrownBy } from "../../support/outcomes.ts";

describeBackends("test_futures.BaseFutureTests", (backend) => {
  /** Makes a future in a frame of its own, so that nothing refers to it afterwards. */
  function drop(loop: EventLoop, treat: (future: Future<unknown>) => void): void {
    treat(loop.createFuture());
  }

  function fail(future: Future<unknown>, message = "boom"): void {
    future.setException(new Error(message));
  }

  /** Nothing is said of the future; the report of another one shows that the collector has been there. */
  const notReported = (treat: (future: Future<unknown>) => void): Promise<void> =>
    onLoop(backend, function* ({ loop, takeReports }) {
      drop(loop, treat);
      yield* passes(1);
      drop(loop, (future) => fail(future, "of the other one"));
      yield* passes(1);
      const reports = yield* reportsOfGarbage(takeReports);
      expect(reports.map(({ exception }) => label(exception))).toEqual(["Error: of the other one"]);
    });

  it("test_tb_logger_abandoned: none that is pending", () => notReported(() => undefined));

  it("test_tb_logger_not_called_after_cancel: none that cancel() was called on, although too late", () =>
    notReported((future) => {
      fail(future);
      expect(future.cancel()).toBe(false);
    }));

  it("test_tb_logger_result_unretrieved: none with a result, read or not", () =>
    notReported((future) => future.setResult(42)));

  it("test_tb_logger_result_retrieved: none with a result that was read", () =>
    notReported((future) => {
      future.setResult(42);
      expect(future.result()).toBe(42);
    }));

  it("test_tb_logger_exception_retrieved: none whose exception() was asked for", () =>
    notReported((future) => {
      fail(future);
      expect(label(future.exception())).toBe("Error: boom");
    }));

  it("test_tb_logger_exception_result_retrieved: none whose result() was asked for", () =>
    notReported((future) => {
      fail(future);
      expect(label(thrownBy(() => future.result()))).toBe("Error: boom");
    }));

  it("test_tb_logger_exception_unretrieved: a failed one that nobody has looked at is reported", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      drop(loop, fail);
      yield* passes(1);
      expect((yield* reportsOfGarbage(takeReports)).map(({ exception }) => label(exception))).toEqual([
        "Error: boom",
      ]);
    }));

  it("test_future_exception_never_retrieved: once, with its exception and its looks", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const error = new RangeError("out of memory");
      drop(loop, (future) => future.setException(error));
      yield* passes(1);
      const reports = yield* reportsOfGarbage(takeReports, 2);
      expect(reports).toEqual([
        {
          message: "Future exception was never retrieved",
          exception: error,
          future: '<Future finished exception=RangeError("out of memory")>',
        },
      ]);
    }));

  it("test_future_exception_never_retrieved_debug: in debug mode also with where it was made", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      loop.setDebug(true);
      drop(loop, fail);
      loop.setDebug(false);
      yield* passes(1);
      const [report] = yield* reportsOfGarbage(takeReports);
      expect(report).toMatchObject({ message: "Future exception was never retrieved" });
      expect(label(report.exception)).toBe("Error: boom");
      expect(report["sourceTraceback"]).toMatch(/^drop .*futures-reports\.test\.ts/);
    }));
});
