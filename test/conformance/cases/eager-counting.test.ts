// Counterparts of CPython's test_eager_task_factory: how many tasks must be started in the ordinary way.
import { expect, it } from "vitest";
import {
  asyncWith,
  type Coroutine,
  createEagerTaskFactory,
  type EventLoop,
  gather,
  newEventLoop,
  Task,
  type TaskConstructor,
  type TaskFactory,
  TaskGroup,
} from "../../../lib/index.ts";
import { describeBackends } from "../../support/backends.ts";

describeBackends("test_eager_task_factory.BaseTaskCountingTests", (backend) => {
  function* awaitableChain(depth: number): Coroutine<number> {
    return depth === 0 ? 0 : 1 + (yield* awaitableChain(depth - 1));
  }

  function* recursiveTaskGroups(width: number, depth: number): Coroutine<void> {
    if (depth === 0) return;
    yield* asyncWith(new TaskGroup(), function* (group) {
      for (let i = 0; i < width; i++) group.createTask(recursiveTaskGroups(width, depth - 1));
    });
  }

  function* recursiveGather(width: number, depth: number): Coroutine<void> {
    if (depth === 0) return;
    yield* gather(Array.from({ length: width }, () => recursiveGather(width, depth - 1)));
  }

  interface Counted<T> {
    result: T;
    /** All tasks that were made. */
    made: number;
    /** Those of them that were not started eagerly. */
    ordinary: number;
  }

  async function counting<T>(eager: boolean, main: () => Coroutine<T>): Promise<Counted<T>> {
    let [made, ordinary] = [0, 0];
    class CountingTask<T> extends Task<T> {
      constructor(
        coro: NonNullable<ReturnType<Task<T>["getCoro"]>>,
        options: ConstructorParameters<TaskConstructor>[1],
      ) {
        made++;
        if (options.eagerStart !== true) ordinary++;
        super(coro, options);
      }
    }
    const plain: TaskFactory = (loop, coro, options) => new CountingTask(coro, { ...options, loop });
    const loop: EventLoop = newEventLoop({ backend });
    loop.setTaskFactory(eager ? createEagerTaskFactory(CountingTask) : plain);
    try {
      return { result: await loop.runUntilComplete(main()), made, ordinary };
    } finally {
      loop.close();
    }
  }

  // 1 + 5 + 5² + 5³ + 5⁴: each makes five, four times over.
  const TASKS = 781;

  it("test_awaitables_chain: coroutines that await each other need one task, and none eagerly started", async () => {
    const chain = (): Coroutine<number> => awaitableChain(100);
    expect(await counting(false, chain)).toEqual({ result: 100, made: 1, ordinary: 1 });
    expect(await counting(true, chain)).toEqual({ result: 100, made: 1, ordinary: 0 });
  });

  it("test_recursive_taskgroups: groups in groups make a task for each member", async () => {
    const groups = (): Coroutine<void> => recursiveTaskGroups(5, 4);
    expect(await counting(false, groups)).toEqual({ result: undefined, made: TASKS, ordinary: TASKS });
    expect(await counting(true, groups)).toEqual({ result: undefined, made: TASKS, ordinary: 0 });
  });

  it("test_recursive_gather: so does gather() in gather()", async () => {
    const gathers = (): Coroutine<void> => recursiveGather(5, 4);
    expect(await counting(false, gathers)).toEqual({ result: undefined, made: TASKS, ordinary: TASKS });
    expect(await counting(true, gathers)).toEqual({ result: undefined, made: TASKS, ordinary: 0 });
  });
});
