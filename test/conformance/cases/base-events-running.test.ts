// Counterparts of CPython's test_base_events: running a loop, stopping and closing it, and making tasks on it.
import { connect } from "node:net";
import { expect, it } from "vitest";
import {
  type Clock,
  type Coroutine,
  coroutine,
  ensureFuture,
  type EventLoop,
  type ExceptionContext,
  newEventLoop,
  Protocol,
  sleep,
  Task,
  type TaskFactory,
  wrapFuture,
} from "../../../lib/index.ts";
import { reportsOfGarbage } from "../../support/garbage.ts";
import { describeBackends } from "../../support/backends.ts";
import { errorOf, label, thrownBy } from "../../support/outcomes.ts";

const reasonOf = (promise: Promise<unknown>): Promise<string> => promise.then(String, label);

/** A loop that is closed, come what may. */
async function withLoop(
  backend: "native" | "pure",
  body: (loop: EventLoop) => Promise<void>,
  clock?: Clock,
): Promise<void> {
  const loop = newEventLoop({ backend, clock });
  try {
    await body(loop);
  } finally {
    loop.close();
  }
}

describeBackends("test_base_events.BaseEventLoopTests", (backend) => {
  function* failing(): Coroutine<void> {
    yield* sleep(0);
    throw new RangeError("of main");
  }

  it("test_close: closing again does nothing; a closed loop refuses to run", async () => {
    const loop = newEventLoop({ backend });
    expect(loop.isClosed()).toBe(false);
    loop.close();
    expect(loop.isClosed()).toBe(true);
    loop.close();
    loop.close();
    const future = loop.createFuture<void>();
    expect(await reasonOf(loop.runForever())).toBe("RuntimeError: Event loop is closed");
    expect(await reasonOf(loop.runUntilComplete(future))).toBe("RuntimeError: Event loop is closed");
  });

  it("test_run_until_complete_type_error: what cannot be awaited is a TypeError", () =>
    withLoop(backend, async (loop) => {
      expect(await reasonOf(loop.runUntilComplete("blah" as never))).toMatch(
        /^TypeError: a coroutine was expected/,
      );
      expect(loop.isRunning()).toBe(false);
    }));

  it("test_run_until_complete_loop: a future of another loop is a ValueError, which is RangeError here", () =>
    withLoop(backend, async (loop) => {
      const other = newEventLoop({ backend });
      const future = loop.createFuture<void>();
      expect(await reasonOf(other.runUntilComplete(future))).toMatch(/^RangeError: .*different loop/);
      other.close();
    }));

  it("test_run_until_complete_loop_orphan_future_close_loop: a run cut short leaves no stop behind for the next one", () =>
    withLoop(backend, async (loop) => {
      const orphan = loop.createFuture<string>();
      loop.callSoon(() => loop.stop());
      expect(await reasonOf(loop.runUntilComplete(orphan))).toBe(
        "RuntimeError: Event loop stopped before Future completed.",
      );
      // It is done in the middle of another run, which goes on.
      loop.callSoon(() => orphan.setResult("orphan"));
      const passed = await loop.runUntilComplete(function* () {
        for (let pass = 0; pass < 5; pass++) yield* sleep(0);
        return orphan.result();
      });
      expect(passed).toBe("orphan");
    }));

  it("test_run_until_complete_baseexception: nor does a run whose coroutine failed", () =>
    withLoop(backend, async (loop) => {
      expect(await reasonOf(loop.runUntilComplete(failing()))).toBe("RangeError: of main");
      let called = false;
      loop.callSoon(() =>
        loop.callSoon(() => {
          loop.stop();
          called = true;
        }),
      );
      await loop.runForever();
      expect(called).toBe(true);
    }));

  it("test_run_until_complete_baseexception: nor one that was stopped in the very pass in which it was done", () =>
    withLoop(backend, async (loop) => {
      const future = loop.createFuture<string>();
      loop.callSoon(() => {
        future.setResult("done");
        loop.stop();
      });
      expect(await loop.runUntilComplete(future)).toBe("done");
      expect(await loop.runUntilComplete(sleep(0.001, "slept"))).toBe("slept");
    }));

  it("test_run_forever_keyboard_interrupt: the error of a run is the caller's, and not reported once more", async () => {
    const reports: ExceptionContext[] = [];
    const failed = newEventLoop({ backend });
    failed.setExceptionHandler((_loop, context) => reports.push(context));
    expect(await reasonOf(failed.runUntilComplete(failing()))).toBe("RangeError: of main");
    // One that is reported: the collector comes for both.
    failed.createFuture<void>().setException(new Error("forgotten"));
    failed.close();
    await withLoop(backend, async (loop) => {
      const seen = await loop.runUntilComplete(reportsOfGarbage(() => reports.splice(0)));
      expect(seen.map(({ exception }) => label(exception))).toEqual(["Error: forgotten"]);
    });
  });

  it("test_run_once: callSoon(stop) and runForever() run what is ready, once", () =>
    withLoop(backend, async (loop) => {
      let count = 0;
      loop.callSoon(() => count++);
      loop.callSoon(() => loop.stop());
      await loop.runForever();
      expect(count).toBe(1);
    }));

  it("test_run_forever_pre_stopped: a loop that was stopped before looks for events once, and does not sleep", () => {
    let idled = 0;
    const clock = { time: () => 0, idle: () => ++idled && Infinity };
    return withLoop(
      backend,
      async (loop) => {
        loop.callLater(3600, () => undefined);
        const { turns } = loop.statistics();
        loop.stop();
        await loop.runForever();
        expect([loop.statistics().turns - turns, idled]).toEqual([1, 0]);
      },
      clock,
    );
  });

  it("test_single_selecter_event_callback_after_stopping: an event is told once, though the loop is stopped and run again", () =>
    withLoop(backend, async (loop) => {
      const events: string[] = [];
      class Noting extends Protocol {
        override dataReceived(data: Buffer): void {
          loop.callSoon(() => events.push(data.toString()));
        }
      }
      const server = await loop.runUntilComplete(loop.createServer(() => new Noting(), "127.0.0.1", 0));
      const peer = connect(server.sockets[0].getsockname()[1] as number, "127.0.0.1");
      peer.write("event");
      const onePass = (): Promise<void> => {
        loop.callSoon(() => loop.stop());
        return loop.runForever();
      };
      while (events.length === 0) await onePass();
      for (let i = 0; i < 5; i++) await onePass();
      expect(events).toEqual(["event"]);
      peer.destroy();
      server.abortClients();
      server.close();
      await loop.runUntilComplete(server.waitClosed());
    }));

  it("test_set_task_factory_invalid: neither a function nor null is a TypeError", () =>
    withLoop(backend, async (loop) => {
      const error = thrownBy(() => loop.setTaskFactory(1 as never));
      expect(label(error)).toMatch(/^TypeError: a callable object was expected by setTaskFactory\(\)/);
      expect(loop.getTaskFactory()).toBe(null);
    }));

  class MyTask<T> extends Task<T> {}
  const factory: TaskFactory = (loop, coro, options) => new MyTask(coro, { ...options, loop });

  it("test_set_task_factory: it makes the tasks until it is taken out again", () =>
    withLoop(backend, async (loop) => {
      expect(loop.getTaskFactory()).toBe(null);
      loop.setTaskFactory(factory);
      expect(loop.getTaskFactory()).toBe(factory);
      const made = loop.createTask(sleep(0, 1));
      expect(made).toBeInstanceOf(MyTask);
      expect(await loop.runUntilComplete(made)).toBe(1);

      loop.setTaskFactory(null);
      expect(loop.getTaskFactory()).toBe(null);
      const plain = loop.createTask(sleep(0, 2));
      expect([plain instanceof Task, plain instanceof MyTask]).toEqual([true, false]);
      expect(await loop.runUntilComplete(plain)).toBe(2);
    }));

  it("test_create_task: ensureFuture() has its task made the way the loop makes them", () =>
    withLoop(backend, async (loop) => {
      loop.setTaskFactory(factory);
      const task = ensureFuture(sleep(0, "made"), { loop });
      expect(task).toBeInstanceOf(MyTask);
      expect(await loop.runUntilComplete(task)).toBe("made");
    }));

  it("test_create_task_error_closes_coro: a coroutine that a closed loop refuses is closed, in silence", async () => {
    const loop = newEventLoop({ backend });
    loop.close();
    let ran = false;
    const coroutines = [ensureFuture, (coro: Coroutine<void>) => loop.runUntilComplete(coro)].map((give) => {
      const coro = (function* (): Coroutine<void> {
        ran = true;
        yield* sleep(0);
      })();
      return [coro, give] as const;
    });
    for (const [coro, give] of coroutines) {
      const refused = async (): Promise<unknown> => give(coro, { loop });
      expect(await reasonOf(refused())).toBe("RuntimeError: Event loop is closed");
      expect(coro.next()).toEqual({ done: true, value: undefined });
    }
    const object = coroutine(failing)();
    expect(thrownBy(() => ensureFuture(object, { loop }))).toBeInstanceOf(Error);
    const open = newEventLoop({ backend });
    expect(await reasonOf(open.runUntilComplete(object))).toBe(
      "RuntimeError: cannot reuse already awaited coroutine",
    );
    open.close();
    expect(ran).toBe(false);
  });

  it("test_create_named_task_with_default_factory: the name reaches the task", () =>
    withLoop(backend, async (loop) => {
      const task = loop.createTask(sleep(0), { name: "test_task" });
      expect(task.getName()).toBe("test_task");
      await loop.runUntilComplete(task);
    }));

  it("test_create_named_task_with_custom_factory: a factory is given the name", () =>
    withLoop(backend, async (loop) => {
      loop.setTaskFactory(factory);
      const task = loop.createTask(sleep(0), { name: "test_task" });
      expect(task.getName()).toBe("test_task");
      await loop.runUntilComplete(task);
    }));
});

describeBackends("test_base_events.RunningLoopTests", (backend) => {
  it("test_running_loop_within_a_loop: a second loop refuses to run while one does", () =>
    withLoop(backend, async (outer) => {
      const inner = newEventLoop({ backend });
      const error = await outer.runUntilComplete(() => errorOf(wrapFuture(inner.runForever())));
      expect(label(error)).toMatch(/^RuntimeError: .*while another loop is running/);
      inner.close();
    }));
});
