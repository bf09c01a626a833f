// Type tests: whatever may become a task, with its options, and whoever makes the tasks of a loop.
import {
  asyncWith,
  type Context,
  type Coro,
  type Coroutine,
  coroutine,
  createEagerTaskFactory,
  createTask,
  eagerTaskFactory,
  type EventLoop,
  Future,
  Lock,
  Queue,
  sleep,
  type StackFrame,
  Task,
  type TaskFactory,
  TaskGroup,
  type TaskOptions,
  timeout,
  waitFor,
} from "asyncio-uv";
import { typeOf } from "./same.ts";

declare const loop: EventLoop;
declare const context: Context;
declare const future: Future<number>;
declare const signal: AbortSignal;

class Account {
  #balance = 0;

  *deposit(amount: number): Coroutine<number> {
    yield* sleep(0);
    return (this.#balance += amount);
  }

  async withdraw(amount: number): Promise<number> {
    await sleep(0);
    return (this.#balance -= amount);
  }
}

const generic = coroutine(function* <T>(value: T) {
  yield* sleep(0);
  return { value };
});

export function everyKind(account: Account): void {
  typeOf(createTask(account.deposit(1))).is<Task<number>>();
  typeOf(createTask(() => account.deposit(1))).is<Task<number>>();
  typeOf(createTask(() => account.withdraw(1))).is<Task<number>>();
  typeOf(createTask(account.withdraw(1))).is<Task<number>>();
  typeOf(createTask(generic("a"))).is<Task<{ value: string }>>();
  typeOf(createTask(() => generic(1))).is<Task<{ value: number }>>();
  typeOf(createTask(new Queue<Date>().get())).is<Task<Date>>();
  typeOf(createTask(new Lock().acquire())).is<Task<true>>();
  typeOf(createTask(waitFor(sleep(1, "a"), 1))).is<Task<string>>();
  typeOf(createTask(asyncWith(timeout(1), () => sleep(0, "b")))).is<Task<string>>();
  typeOf(loop.createTask(async () => [1])).is<Task<number[]>>();
  typeOf(new Task(account.deposit(1), { loop, name: "deposit" })).is<Task<number>>();
  // @ts-expect-error a method takes its argument from whoever calls it
  createTask((amount: number) => account.deposit(amount));
  // @ts-expect-error nothing to run
  createTask(undefined);
  // @ts-expect-error nor is null
  createTask(null);
  // @ts-expect-error a class makes objects
  createTask(Lock);
  // @ts-expect-error a future runs already: ensureFuture() takes it
  createTask(future);
  // @ts-expect-error in a loop as well
  loop.createTask(createTask(sleep(1)));
  // @ts-expect-error and in a group
  new TaskGroup().createTask(future);
  // @ts-expect-error new Task() takes coroutines only, and no functions
  new Task(() => account.deposit(1));
}

export function options(): void {
  const all: TaskOptions = { name: "n", context, eagerStart: true, signal };
  createTask(sleep(1), all);
  new TaskGroup().createTask(sleep(1), all);
  // @ts-expect-error misspelt
  createTask(sleep(1), { eager: true });
  // @ts-expect-error the loop is that which runs
  createTask(sleep(1), { loop });
  // @ts-expect-error yes or no
  createTask(sleep(1), { eagerStart: "yes" });
  // @ts-expect-error a signal, not its controller
  createTask(sleep(1), { signal: new AbortController() });
  // @ts-expect-error a context stands in an option
  createTask(sleep(1), context);
}

export function results(task: Task<number>): void {
  typeOf(task.result()).is<number>();
  typeOf(task.getName()).is<string>();
  typeOf(task.getCoro()).is<Coro<number> | null>();
  typeOf(task.getContext()).is<Context>();
  typeOf(task.signal).is<AbortSignal>();
  typeOf(task.getLoop()).is<EventLoop>();
  typeOf<readonly StackFrame[]>(task.getStack({ limit: 1 }));
  task.printStack({ limit: null, file: process.stdout });
  task.addDoneCallback((done) => done.result().toFixed(), { context });
  // @ts-expect-error a callback takes the future alone
  task.addDoneCallback((done, error: Error) => error);
  // It never comes back.
  typeOf(task.setException).is<(exception: unknown) => never>();
  // @ts-expect-error a message is a string
  task.cancel(5);
  // @ts-expect-error options, as Python's keyword
  task.getStack(1);
}

class Counted<T> extends Task<T> {
  count = 0;
}

export function factories(): void {
  loop.setTaskFactory(eagerTaskFactory);
  loop.setTaskFactory(createEagerTaskFactory(Task));
  loop.setTaskFactory(createEagerTaskFactory(Counted));
  loop.setTaskFactory(null);
  const counting: TaskFactory = (of, coro, options) => new Counted(coro, { ...options, loop: of });
  loop.setTaskFactory(counting);
  loop.setTaskFactory((of, coro) => {
    typeOf(of).is<EventLoop>();
    return new Task(coro, { loop: of });
  });
  typeOf(loop.getTaskFactory()).is<TaskFactory | null>();
  // @ts-expect-error it gives tasks
  loop.setTaskFactory(() => 1);
  // @ts-expect-error not futures
  loop.setTaskFactory((of) => of.createFuture());
  // @ts-expect-error a class is no function that makes tasks
  loop.setTaskFactory(Task);
  // @ts-expect-error a future is made in another way
  createEagerTaskFactory(Future);
  // @ts-expect-error it takes a class
  createEagerTaskFactory(new Task(sleep(0)));
}
