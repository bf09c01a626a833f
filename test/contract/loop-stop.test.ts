// stop(): exactly one pass when it was called before, a whole pass when called inside, nothing lost.
import { expect, it } from "vitest";
import { newEventLoop } from "../../lib/index.ts";
import { describeBackends } from "../support/backends.ts";

describeBackends("stop()", (backend) => {
  it("called before runForever() allows exactly one pass", async () => {
    const loop = newEventLoop({ backend });
    const log: string[] = [];
    loop.callSoon(() => {
      log.push("a");
      loop.callSoon(() => log.push("b"));
    });
    loop.callLater(0, () => log.push("due"));
    loop.callLater(1000, () => log.push("far"));
    loop.stop();
    await loop.runForever();
    expect(log).toEqual(["a", "due"]);
    loop.stop();
    await loop.runForever();
    expect(log).toEqual(["a", "due", "b"]);
    loop.close();
  });

  it("with nothing to do still ends a run", async () => {
    const loop = newEventLoop({ backend });
    loop.stop();
    await loop.runForever();
    expect(loop.isRunning()).toBe(false);
    loop.close();
  });

  it("lets the pass that is running finish, and keeps what it scheduled for the next run", async () => {
    const loop = newEventLoop({ backend });
    const log: string[] = [];
    loop.callSoon(() => {
      log.push("a");
      loop.stop();
      loop.callSoon(() => log.push("later"));
    });
    loop.callSoon(() => log.push("b"));
    await loop.runForever();
    expect(log).toEqual(["a", "b"]);
    loop.callSoon(() => {
      log.push("c");
      loop.stop();
    });
    await loop.runForever();
    expect(log).toEqual(["a", "b", "later", "c"]);
    loop.close();
  });

  it("is forgotten after the run that it ended", async () => {
    const loop = newEventLoop({ backend });
    loop.stop();
    loop.stop();
    await loop.runForever();
    let passed = 0;
    const again = (): void => {
      if (++passed === 5) loop.stop();
      else loop.callSoon(again);
    };
    loop.callSoon(again);
    await loop.runForever();
    expect(passed).toBe(5);
    loop.close();
  });

  it("works from outside a turn while the loop sleeps", async () => {
    const loop = newEventLoop({ backend });
    const ended = loop.runForever();
    setTimeout(() => loop.stop(), 5);
    await ended;
    expect(loop.isRunning()).toBe(false);
    loop.close();
  });
});
