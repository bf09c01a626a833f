// The connectedCb of startServer(): its three kinds, and errors and cancellations in it.
import { expect, it } from "vitest";
import { allTasks, type ConnectedCallback, currentTask, openConnection, sleep } from "../../lib/index.ts";
import { describeBackends, onLoop, until } from "../support/backends.ts";
import { connectPeer, HOST } from "../support/peers.ts";
import { label } from "../support/outcomes.ts";
import { withServer } from "../support/stream-server.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

describeBackends("connectedCb of startServer()", (backend) => {
  it("may be a coroutine function, an async function or a plain one; the first two are tasks", () =>
    onLoop(backend, function* () {
      const log: string[] = [];
      const callbacks: ConnectedCallback[] = [
        function* (_reader, writer) {
          log.push(`coroutine in a task: ${currentTask() !== null}`);
          yield* sleep(0);
          writer.close();
        },
        async (_reader, writer) => {
          await sleep(0);
          log.push("async");
          writer.close();
        },
        (_reader, writer) => {
          log.push(`plain in a task: ${currentTask() !== null}`);
          writer.close();
        },
      ];
      for (const callback of callbacks) {
        yield* withServer(callback, function* (port) {
          const [reader, writer] = yield* openConnection(HOST, port);
          expect((yield* reader.read()).length).toBe(0);
          writer.close();
          yield* writer.waitClosed();
        });
      }
      expect(log).toEqual(["coroutine in a task: true", "async", "plain in a task: false"]);
    }));

  it("that fails is reported, and ends that connection alone", () =>
    onLoop(backend, function* ({ takeReports }) {
      const callbacks: ConnectedCallback[] = [
        function* (reader, writer) {
          if ((yield* reader.readline()).toString() === "fail\n") throw new RangeError("failed");
          writer.write(bytes("fine\n"));
          writer.close();
        },
        async (reader, writer) => {
          if ((await reader.readline()).toString() === "fail\n") throw new RangeError("failed");
          writer.write(bytes("fine\n"));
          writer.close();
        },
      ];
      for (const callback of callbacks) {
        yield* withServer(callback, function* (port) {
          const good = yield* openConnection(HOST, port);
          const bad = yield* openConnection(HOST, port);
          bad[1].write(bytes("fail\n"));
          expect((yield* bad[0].read()).length).toBe(0);
          good[1].write(bytes("go\n"));
          expect((yield* good[0].read()).toString()).toBe("fine\n");
          for (const [, writer] of [good, bad]) {
            writer.close();
            yield* writer.waitClosed();
          }
        });
        const reports = takeReports();
        expect(reports.map(({ message, exception }) => [message, label(exception)])).toEqual([
          ["Unhandled exception in client_connected_cb", "RangeError: failed"],
        ]);
        expect(reports[0].transport).toBeDefined();
      }
    }));

  it("that throws at once as a plain function is reported, and harms nobody else", () =>
    onLoop(backend, function* ({ takeReports }) {
      let calls = 0;
      yield* withServer(
        (_reader, writer) => {
          if (++calls === 1) throw new RangeError("plain failure");
          writer.write(bytes("second"));
          writer.close();
        },
        function* (port) {
          const first = yield* connectPeer(port);
          yield* until(() => calls === 1, "the first connection");
          const [reader, writer] = yield* openConnection(HOST, port);
          expect((yield* reader.read()).toString()).toBe("second");
          writer.close();
          first.socket.destroy();
        },
      );
      expect(takeReports().map(({ exception }) => label(exception))).toEqual(["RangeError: plain failure"]);
    }));

  it("that is cancelled closes its connection quietly", () =>
    onLoop(backend, function* ({ loop }) {
      let handler: ReturnType<typeof currentTask> = null;
      yield* withServer(
        function* () {
          handler = currentTask();
          yield* sleep(1000);
        },
        function* (port) {
          const [reader, writer] = yield* openConnection(HOST, port);
          yield* until(() => handler !== null, "the handler");
          expect(allTasks(loop).has(handler!)).toBe(true);
          handler!.cancel();
          expect((yield* reader.read()).length).toBe(0);
          writer.close();
          yield* writer.waitClosed();
        },
      );
    }));
});
