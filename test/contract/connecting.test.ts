// createConnection() and openConnection(): names, local addresses, refusals, cancellation at any moment.
import { expect, it } from "vitest";
import { CancelledError, createTask, openConnection } from "../../lib/index.ts";
import { describeBackends, onLoop, passes, until } from "../support/backends.ts";
import { HOST } from "../support/peers.ts";
import { errorOf, label } from "../support/outcomes.ts";
import { RecordingProtocol } from "../support/recording-protocol.ts";
import { portOf, serverWithPeers } from "../support/connections.ts";

describeBackends("connecting", (backend) => {
  it("gives [transport, protocol], and fails with a named error where nobody listens", () =>
    onLoop(backend, function* ({ loop }) {
      const { server } = yield* serverWithPeers(loop, 0);
      const port = portOf(server);
      const [transport, protocol] = yield* loop.createConnection(() => new RecordingProtocol(), HOST, port);
      expect(protocol.transport).toBe(transport);
      expect(protocol.log).toEqual(["made"]);
      transport.abort();
      server.close();
      server.abortClients();
      yield* server.waitClosed();
      yield* until(() => protocol.lost, "the loss");
      let made = 0;
      const factory = (): RecordingProtocol => {
        made++;
        return new RecordingProtocol();
      };
      const error = (yield* errorOf(loop.createConnection(factory, HOST, port))) as NodeJS.ErrnoException;
      expect(error).toMatchObject({ code: "ECONNREFUSED", syscall: "connect", address: HOST, port });
      expect(made).toBe(0);
    }));

  it("by name finds the server", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols } = yield* serverWithPeers(loop, 0);
      const [, writer] = yield* openConnection("localhost", portOf(server), { family: 4 });
      yield* until(() => protocols.length === 1, "the connection");
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    }));

  it("binds the local address that it is given", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols } = yield* serverWithPeers(loop, 0);
      const [, writer] = yield* openConnection(HOST, portOf(server), { localAddr: [HOST, 0] });
      expect((writer.getExtraInfo("sockname") as [string, number])[0]).toBe(HOST);
      yield* until(() => protocols.length === 1, "the connection");
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    }));

  it("cancelled at any moment leaves no socket behind", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols } = yield* serverWithPeers(loop, 0);
      const port = portOf(server);
      for (let moment = 0; moment < 12; moment++) {
        const task = createTask(openConnection(HOST, port));
        yield* passes(moment);
        task.cancel();
        const outcome = yield* errorOf(task);
        if (!(outcome instanceof CancelledError)) {
          const [, writer] = task.result();
          writer.close();
          yield* writer.waitClosed();
        }
      }
      yield* until(() => protocols.every(({ lost }) => lost), "the ends of what was accepted");
      server.close();
      yield* server.waitClosed();
      yield* until(() => loop.statistics().streams === 0, "the sockets to be freed");
      expect(loop.statistics().streams).toBe(0);
    }));

  it("with a protocol factory that throws passes the error on and closes the socket", () =>
    onLoop(backend, function* ({ loop }) {
      const { server, protocols } = yield* serverWithPeers(loop, 0);
      const failing = (): RecordingProtocol => {
        throw new RangeError("no protocol");
      };
      const error = yield* errorOf(loop.createConnection(failing, HOST, portOf(server)));
      expect(label(error)).toBe("RangeError: no protocol");
      yield* until(() => protocols[0]?.lost, "the server's side to end");
      server.close();
      yield* server.waitClosed();
    }));
});
