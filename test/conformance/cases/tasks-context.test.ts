// Counterparts of CPython's test_tasks: the context variables that a task sees and sets.
import { expect, it } from "vitest";
import {
  type Context,
  ContextVar,
  copyContext,
  type Coroutine,
  createTask,
  gather,
  getRunningLoop,
  newEventLoop,
  sleep,
  Task,
} from "../../../lib/index.ts";
import { describeBackends, onLoop, onVirtualLoop } from "../../support/backends.ts";

describeBackends("test_tasks.BaseTaskTests", (backend) => {
  it("test_context_1: a task has a copy of its creator's context, from the moment it was made", () =>
    onVirtualLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: "nope" });
      const seen: string[] = [];
      const sub = function* (): Coroutine<void> {
        yield* sleep(0.01);
        seen.push(variable.get());
        variable.set("something else");
      };
      seen.push(variable.get());
      const task = createTask(sub());
      variable.set("yes");
      seen.push(variable.get());
      yield* task;
      seen.push(variable.get());
      expect(seen).toEqual(["nope", "yes", "nope", "yes"]);
    }));

  it("test_context_1: so has an async function", () =>
    onVirtualLoop(backend, function* () {
      const variable = new ContextVar("variable", { default: "nope" });
      const seen: string[] = [];
      const task = createTask(async () => {
        await sleep(0.01);
        seen.push(variable.get());
        variable.set("something else");
        await sleep(0.01);
        seen.push(variable.get());
      });
      variable.set("yes");
      yield* task;
      seen.push(variable.get());
      expect(seen).toEqual(["nope", "something else", "yes"]);
    }));

  it("test_context_2: what a done-callback sets does not reach the task, and awaits keep the task's own values", async () => {
    const variable = new ContextVar("variable", { default: "nope" });
    await onVirtualLoop(backend, function* ({ loop }) {
      expect(variable.get()).toBe("nope");
      for (let j = 0; j < 2; j++) {
        const future = loop.createFuture<void>();
        future.addDoneCallback(() => variable.set("something else"));
        variable.set(`yes${j}`);
        loop.callSoon(() => future.setResult());
        yield* future;
        expect(variable.get()).toBe(`yes${j}`);
        for (let i = 0; i < 3; i++) {
          variable.set(`yes${i}-${j}`);
          yield* sleep(0.001);
          expect(variable.get()).toBe(`yes${i}-${j}`);
        }
      }
    });
    expect(variable.get()).toBe("nope");
  });

  it("test_context_3: a hundred tasks that set the same variable, each its own", async () => {
    const variable = new ContextVar("variable", { default: -1 });
    const wrong: string[] = [];
    // As random as is needed, and the same each time: the delays interleave the tasks in all orders.
    const delay = (task: number, step: number): number => 0.001 + ((task * 31 + step * 17) % 50) / 1000;
    await onVirtualLoop(backend, function* () {
      const sub = function* (task: number): Coroutine<void> {
        for (let step = 0; step < 10; step++) {
          const value = (task % 11) + step;
          variable.set(value);
          yield* sleep(delay(task, step));
          if (variable.get() !== value) wrong.push(`${task}:${step}`);
        }
      };
      yield* gather(Array.from({ length: 100 }, (_, task) => createTask(sub(task))));
    });
    expect(wrong).toEqual([]);
    expect(variable.get()).toBe(-1);
  });

  type Starter = (coro: Coroutine<void>, context: Context) => Task<void>;

  const sharesTheContextGiven = (start: Starter): Promise<void> =>
    onLoop(backend, function* () {
      const variable = new ContextVar<number | null>("variable");
      const set = function* (value: number): Coroutine<void> {
        yield* sleep(0);
        variable.set(value);
      };
      const context = copyContext();
      const look = (): number | null => context.run(() => variable.get(null));
      const seen = [look()];
      yield* start(set(1), context);
      seen.push(look());
      yield* start(set(2), context);
      seen.push(look());
      expect(seen).toEqual([null, 1, 2]);
      expect(variable.get(null)).toBe(null);
    });

  const starters: Record<string, Starter> = {
    "test_context_4: a context given to new Task() is used itself, not copied": (coro, context) =>
      new Task(coro, { context }),
    "test_context_5: so is one given to createTask()": (coro, context) => createTask(coro, { context }),
    "test_context_6: so is one given to loop.createTask()": (coro, context) =>
      getRunningLoop().createTask(coro, { context }),
  };
  for (const [title, start] of Object.entries(starters)) it(title, () => sharesTheContextGiven(start));

  it("test_get_context: gives the context it was given", async () => {
    const loop = newEventLoop({ backend });
    const context = copyContext();
    const task = loop.createTask(sleep(0), { context });
    await loop.runUntilComplete(task);
    expect(task.getContext()).toBe(context);
    loop.close();
  });
});
