// Random programs, each run as generators and as async functions: the same things happen at the same times, cancelled or not.
//
// What the two differ in is left out: async functions take their steps a microtask later, so no two events of a program may
// depend on their order within one moment. Every wait lasts a time of its own.
import { expect, it } from "vitest";
import {
  allTasks,
  asyncWith,
  CancelledError,
  createTask,
  currentTask,
  gather,
  shield,
  sleep,
  TaskGroup,
  timeout,
  TimeoutError,
  waitFor,
  type Coroutine,
  type EventLoop,
  type Task,
} from "../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../support/backends.ts";
import { label } from "../support/outcomes.ts";

const PROGRAMS = 150;

type Block = readonly Step[];
type Step =
  | { kind: "sleep" | "throw"; id: number; seconds: number }
  | { kind: "timeout" | "waitFor"; id: number; seconds: number; body: Block }
  | { kind: "try"; id: number; body: Block; cleanUp: Block; rethrow: boolean; uncancel: boolean }
  | { kind: "finally"; id: number; body: Block; cleanUp: Block }
  | { kind: "group" | "gather"; id: number; members: readonly Block[]; body: Block }
  | { kind: "spawn"; id: number; body: Block; cancelAfter: number | null }
  | { kind: "shield"; id: number; body: Block };

type Log = (...what: unknown[]) => void;

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function programOf(random: () => number): Block {
  let ids = 0;
  // Sums of few of these are all different.
  const seconds = (id: number): number => Math.floor(random() * 40) / 100 + 0.005 + (id % 97) / 10_000;
  const block = (depth: number): Block =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => step(depth));
  const step = (depth: number): Step => {
    const id = ids++;
    switch (depth === 0 ? 0 : Math.floor(random() * 11)) {
      case 2:
        return { kind: "timeout", id, seconds: seconds(id), body: block(depth - 1) };
      case 3:
        return { kind: "waitFor", id, seconds: seconds(id), body: block(depth - 1) };
      case 4: {
        const [rethrow, uncancel] = [random() < 0.6, random() < 0.3];
        return { kind: "try", id, body: block(depth - 1), cleanUp: block(depth - 1), rethrow, uncancel };
      }
      case 5:
        return { kind: "finally", id, body: block(depth - 1), cleanUp: block(depth - 1) };
      case 6:
        return { kind: "group", id, members: [block(depth - 1), block(depth - 1)], body: block(depth - 1) };
      case 7:
        return {
          kind: "spawn",
          id,
          body: block(depth - 1),
          cancelAfter: random() < 0.4 ? seconds(id + 40) : null,
        };
      case 8:
        return { kind: "shield", id, body: block(depth - 1) };
      case 9:
        return { kind: "gather", id, members: [block(depth - 1), block(depth - 1)], body: [] };
      case 10:
        return { kind: "throw", id, seconds: seconds(id) };
      default:
        return { kind: "sleep", id, seconds: seconds(id) };
    }
  };
  return block(3);
}

const requests = (): number => currentTask()!.cancelling();

/** An error that is shielded off is nobody's. */
function look(task: Task<unknown>): void {
  task.addDoneCallback((done) => void (done.cancelled() || done.exception()));
}

function cancelLater(loop: EventLoop, step: Step & { kind: "spawn" }, task: Task<unknown>): void {
  if (step.cancelAfter !== null) loop.callLater(step.cancelAfter, () => task.cancel(`spawn ${step.id}`));
}

/** Whether the one who spawned it is to hear of the end of a task. */
function concerns(step: Step & { kind: "spawn" }, task: Task<unknown>): boolean {
  return step.cancelAfter === null || !task.cancelled() || requests() > 0;
}

function generators(loop: EventLoop, log: Log): (block: Block) => Coroutine<void> {
  function* run(block: Block): Coroutine<void> {
    for (const step of block) yield* take(step);
  }
  function* take(step: Step): Coroutine<void> {
    const { id } = step;
    try {
      if (step.kind === "sleep" || step.kind === "throw") {
        yield* sleep(step.seconds);
        if (step.kind === "throw") throw new Error(`thrown by ${id}`);
      } else if (step.kind === "timeout") {
        yield* asyncWith(timeout(step.seconds), () => run(step.body));
      } else if (step.kind === "waitFor") {
        yield* waitFor(run(step.body), step.seconds);
      } else if (step.kind === "group") {
        yield* asyncWith(new TaskGroup(), function* (group) {
          for (const member of step.members) group.createTask(run(member));
          yield* run(step.body);
        });
      } else if (step.kind === "gather") {
        yield* gather(...step.members.map(run));
      } else if (step.kind === "spawn" || step.kind === "shield") {
        const task = createTask(run(step.body));
        if (step.kind === "shield") {
          look(task);
          yield* shield(task);
        } else {
          cancelLater(loop, step, task);
          try {
            yield* task;
          } catch (error) {
            if (concerns(step, task)) throw error;
          }
        }
      } else if (step.kind === "finally") {
        try {
          yield* run(step.body);
        } finally {
          log(id, "cleans up");
          yield* run(step.cleanUp);
        }
      } else if (step.kind === "try") {
        try {
          yield* run(step.body);
        } catch (error) {
          log(id, label(error));
          if (step.uncancel && error instanceof CancelledError) log(id, currentTask()!.uncancel());
          yield* run(step.cleanUp);
          if (step.rethrow) throw error;
        }
      }
      log(id, "ends");
    } catch (error) {
      log(id, label(error), requests());
      if (!(error instanceof TimeoutError)) throw error;
    }
  }
  return run;
}

function asyncFunctions(loop: EventLoop, log: Log): (block: Block) => Promise<void> {
  const run = async (block: Block): Promise<void> => {
    for (const step of block) await take(step);
  };
  const take = async (step: Step): Promise<void> => {
    const { id } = step;
    try {
      if (step.kind === "sleep" || step.kind === "throw") {
        await sleep(step.seconds);
        if (step.kind === "throw") throw new Error(`thrown by ${id}`);
      } else if (step.kind === "timeout") {
        await asyncWith(timeout(step.seconds), async () => run(step.body));
      } else if (step.kind === "waitFor") {
        await waitFor(() => run(step.body), step.seconds);
      } else if (step.kind === "group") {
        await asyncWith(new TaskGroup(), async (group) => {
          for (const member of step.members) group.createTask(() => run(member));
          await run(step.body);
        });
      } else if (step.kind === "gather") {
        await gather(...step.members.map((member) => () => run(member)));
      } else if (step.kind === "spawn" || step.kind === "shield") {
        const task = createTask(() => run(step.body));
        if (step.kind === "shield") {
          look(task);
          await shield(task);
        } else {
          cancelLater(loop, step, task);
          try {
            await task;
          } catch (error) {
            if (concerns(step, task)) throw error;
          }
        }
      } else if (step.kind === "finally") {
        try {
          await run(step.body);
        } finally {
          log(id, "cleans up");
          await run(step.cleanUp);
        }
      } else if (step.kind === "try") {
        try {
          await run(step.body);
        } catch (error) {
          log(id, label(error));
          if (step.uncancel && error instanceof CancelledError) log(id, currentTask()!.uncancel());
          await run(step.cleanUp);
          if (step.rethrow) throw error;
        }
      }
      log(id, "ends");
    } catch (error) {
      log(id, label(error), requests());
      if (!(error instanceof TimeoutError)) throw error;
    }
  };
  return run;
}

describeBackends("the same program in both flavours", (backend) => {
  async function logOf(seed: number, flavour: "generators" | "async functions"): Promise<string[]> {
    const random = randomFrom(seed);
    const program = programOf(random);
    const cancellations =
      random() < 0.6 ? [random() * 1.5, random() * 1.5].slice(random() < 0.5 ? 1 : 0) : [];
    const events: string[] = [];
    await onVirtualLoop(backend, function* ({ loop, takeReports }) {
      const log: Log = (...what) => events.push(`${loop.time().toFixed(6)} ${what.join(" ")}`);
      const task = createTask(
        flavour === "generators"
          ? generators(loop, log)(program)
          : async () => asyncFunctions(loop, log)(program),
      );
      for (const [i, at] of cancellations.entries()) {
        loop.callLater(Math.floor(at * 1000) / 1000 + 0.00003, () => task.cancel(`request ${i}`));
      }
      yield* gather([task], { returnExceptions: true });
      log("end", task.cancelled() ? "cancelled" : label(task.exception()), task.cancelling());
      yield* sleep(60);
      log("left", allTasks().size - 1);
      takeReports(); // errors of members that were cancelled with their gather()
    });
    // Within one moment the order is each flavour's own.
    return events.sort();
  }

  it("happens in the same way", async () => {
    for (let seed = 0; seed < PROGRAMS; seed++) {
      const [expected, got] = [await logOf(seed, "generators"), await logOf(seed, "async functions")];
      expect({ seed, events: got }).toEqual({ seed, events: expected });
      expect(got.at(-1)).toMatch(/left 0$/);
    }
  });
});
