// Errors thrown by protocol methods: which are fatal to the connection, and that all are reported.
import { expect, it } from "vitest";
import { describeBackends, onLoop, until } from "../support/backends.ts";
import { connectPeer } from "../support/peers.ts";
import { label } from "../support/outcomes.ts";
import { withServer } from "../support/connections.ts";

describeBackends("an error in a protocol", (backend) => {
  it("in dataReceived() or eofReceived() is fatal: reported, and the connection is lost with it", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const boom = new RangeError("boom");
      const fail = (): never => {
        throw boom;
      };
      for (const behaviour of [{ data: fail }, { eof: fail }]) {
        const protocols = yield* withServer(loop, behaviour, function* (seen, port) {
          const peer = yield* connectPeer(port);
          peer.socket.end("x");
          yield* until(() => seen[0]?.lost, "the loss");
          yield* peer.closing();
        });
        expect(protocols[0].exception).toBe(boom);
        expect(protocols[0].log.filter((call) => call === "lost")).toEqual(["lost"]);
        const reports = takeReports();
        expect(reports.map(({ exception }) => exception)).toEqual([boom]);
        expect(reports[0]).toMatchObject({ protocol: protocols[0], transport: protocols[0].transport });
      }
    }));

  it("in connectionMade(), connectionLost(), pauseWriting() or resumeWriting() is reported only", () =>
    onLoop(backend, function* ({ loop, takeReports }) {
      const failIn = (name: string) => (): never => {
        throw new Error(name);
      };
      const behaviour = {
        made: failIn("made"),
        pause: failIn("pause"),
        resume: failIn("resume"),
        lost: failIn("lost"),
      };
      yield* withServer(loop, behaviour, function* (seen, port) {
        const peer = yield* connectPeer(port);
        peer.socket.write("still alive");
        yield* until(() => seen[0]?.text === "still alive", "the data");
        peer.socket.pause();
        seen[0].transport.write(Buffer.alloc(16 * 1024 * 1024));
        yield* until(() => seen[0].log.includes("pause"), "the pause");
        peer.socket.resume();
        yield* until(() => seen[0].log.includes("resume"), "the resume");
        peer.socket.end();
        yield* until(() => seen[0].lost, "the loss");
      });
      expect(takeReports().map(({ exception }) => label(exception))).toEqual([
        "Error: made",
        "Error: pause",
        "Error: resume",
        "Error: lost",
      ]);
    }));
});
