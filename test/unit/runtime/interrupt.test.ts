// Interrupt: what no test can bring about from outside, because the signal would have to come at one very moment.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Interrupt } from "../../../lib/runtime/interrupt.ts";
import { newEventLoop, sleep, type Task } from "../../../lib/index.ts";

let others: NodeJS.SignalsListener[] = [];

beforeEach(() => {
  // Whoever runs the tests may handle the signal.
  others = process.listeners("SIGINT") as NodeJS.SignalsListener[];
  process.removeAllListeners("SIGINT");
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const other of others) process.on("SIGINT", other);
});

async function withTask(body: (task: Task<void>) => Promise<void> | void): Promise<void> {
  const loop = newEventLoop({ backend: "pure" });
  const task = loop.createTask(sleep(0));
  await body(task);
  if (!task.done()) await loop.runUntilComplete(task).catch(() => undefined);
  loop.close();
}

const interrupt = (): boolean => process.emit("SIGINT", "SIGINT");

it("lets the signal end the process when the task is done, but the handler not yet removed", () =>
  withTask(async (task) => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    await task.getLoop().runUntilComplete(task);
    const handler = new Interrupt(task as Task<unknown>);
    interrupt();
    expect(kill.mock.calls).toEqual([[process.pid, "SIGINT"]]);
    expect(process.listenerCount("SIGINT")).toBe(0);
    expect(handler.isTheReason()).toBe(false);
  }));

it("handles the signal once: the next has its default effect", () =>
  withTask((task) => {
    const handler = new Interrupt(task as Task<unknown>);
    expect(process.listenerCount("SIGINT")).toBe(1);
    interrupt();
    expect([task.cancelling(), process.listenerCount("SIGINT")]).toEqual([1, 0]);
    expect(handler.isTheReason()).toBe(true);
    expect(task.cancelling()).toBe(0);
  }));

it("is not the reason of a cancellation that came without a signal, or from somebody else too", () =>
  withTask((task) => {
    const handler = new Interrupt(task as Task<unknown>);
    task.cancel();
    expect([handler.isTheReason(), task.cancelling()]).toEqual([false, 1]);
    interrupt();
    expect([handler.isTheReason(), task.cancelling()]).toEqual([false, 1]);
  }));

it("removes only its own listener, and may be told to do so again", () =>
  withTask((task) => {
    const handler = new Interrupt(task as Task<unknown>);
    const other = (): void => undefined;
    process.on("SIGINT", other);
    handler.remove();
    handler.remove();
    expect(process.listeners("SIGINT")).toEqual([other]);
    process.off("SIGINT", other);
  }));
