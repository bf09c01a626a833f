// One value of every kind that a public function may be given by mistake, and what became of a call with each of them.
import { expect, it } from "vitest";
import {
  allTasks,
  type BackendName,
  Context,
  coroutine,
  type Coroutine,
  createTask,
  currentTask,
  type EventLoop,
  iscoroutine,
  isfuture,
  Lock,
  sleep,
  type Yieldable,
} from "../../lib/index.ts";
import { onVirtualLoop, passes } from "./backends.ts";

export const nothing = (): void => undefined;

export function* steps(): Coroutine<string> {
  yield* sleep(0);
  return "done";
}

const wrapped = coroutine(steps);

/** Made anew for each call: a coroutine can be used once. */
const SPECIMENS = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => NaN,
  Infinity: () => Infinity,
  "-Infinity": () => -Infinity,
  "-0": () => -0,
  "0": () => 0,
  "1": () => 1,
  "-1": () => -1,
  "1.5": () => 1.5,
  true: () => true,
  bigint: () => 1n,
  symbol: () => Symbol("symbol"),
  text: () => "text",
  empty: () => "",
  object: () => ({}),
  bare: () => Object.create(null) as unknown,
  array: () => [] as unknown,
  date: () => new Date(0),
  error: () => new Error("error"),
  map: () => new Map([[1, 2]]),
  bytes: () => Buffer.from("bytes"),
  function: () => nothing,
  "generator-function": () => steps,
  "coroutine-function": () => wrapped,
  "async-function": () => async () => "value",
  class: () => Lock,
  generator: () => steps(),
  coroutine: () => wrapped(),
  sleep: () => sleep(0),
  promise: () => Promise.resolve("value"),
  thenable: () => ({ then: (resolve: (value: string) => void) => resolve("value") }),
  iterator: () => [1][Symbol.iterator](),
  "async-generator": () =>
    (async function* () {
      yield 1;
    })(),
  future: (loop: EventLoop) => {
    const future = loop.createFuture<string>();
    future.setResult("value");
    return future;
  },
  task: () => createTask(sleep(0, "value")),
  loop: (loop: EventLoop) => loop,
  signal: () => new AbortController().signal,
  context: () => new Context(),
  lock: () => new Lock(),
} satisfies Record<string, (loop: EventLoop) => unknown>;

type Kind = keyof typeof SPECIMENS;

/** Calls whatever is tested with one value; what it gives is awaited where `awaited` says so. */
export interface Attempt {
  call(value: never, loop: EventLoop): unknown;
  /** The error comes at the await, as in Python, and not from the call. */
  awaited?: boolean;
  /** The kinds that are taken, with spaces between. */
  takes: string;
  /** Of those that are not, the kinds for a RangeError; the others are for `otherwise`, a TypeError where not given. */
  range?: string;
  otherwise?: string;
}

/** Numbers that stand for a time. */
export const SECONDS = { takes: "Infinity -Infinity -0 0 1 -1 1.5", range: "NaN" };
/** Whole numbers from 0. */
export const COUNT = { takes: "-0 0 1", range: "NaN Infinity -Infinity -1 1.5" };
/** What can be called. */
export const FUNCTIONS = "function generator-function coroutine-function async-function";
/** What can be called, and what TypeScript's `new` is for. */
export const CALLABLE = `${FUNCTIONS} class`;
/** Whatever can be awaited or makes something that can, but for futures and tasks. Functions show only when they are called. */
export const AWAITABLES = `${FUNCTIONS} generator coroutine sleep promise thenable`;
/** Where options are meant, objects without any. */
export const OPTIONS = "undefined object bare";

const TAKEN = "taken";

/** What V8 says where nobody has checked. */
const UNCHECKED =
  /Cannot |is not a (function|constructor)|not iterable|undefined \(|is not defined|intermediate value/;

/** Tries one call with every specimen. */
export function tryEverySpecimen(backend: BackendName, name: string, attempt: Attempt): void {
  it(`${name} takes ${attempt.takes === "" ? "none of them" : attempt.takes.replaceAll(" ", ", ")}`, () =>
    onVirtualLoop(backend, function* ({ loop, takeReports }) {
      const outcomes: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const kind of Object.keys(SPECIMENS) as Kind[]) {
        expected[kind] = isOneOf(kind, attempt.takes)
          ? TAKEN
          : isOneOf(kind, attempt.range ?? "")
            ? "RangeError"
            : (attempt.otherwise ?? "TypeError");
        outcomes[kind] = yield* outcomeOf(attempt, SPECIMENS[kind](loop), loop);
        yield* endOtherTasks();
      }
      expect(outcomes).toEqual(expected);
      takeReports();
      expect(yield* sleep(0, "alive")).toBe("alive");
    }));
}

function isOneOf(kind: string, kinds: string): boolean {
  return kinds.split(" ").includes(kind);
}

function* outcomeOf(attempt: Attempt, value: unknown, loop: EventLoop): Coroutine<string> {
  try {
    const made = attempt.call(value as never, loop);
    if (attempt.awaited === true) yield* giveItAChance(made as Yieldable<unknown>);
    else if (iscoroutine(made)) (made as { close?(): void }).close?.();
    else if (isfuture(made)) made.catch(nothing);
    return TAKEN;
  } catch (error) {
    const { name, message } = error as Error;
    // Names what is wrong with it; V8's own complaints mean that nobody has checked.
    return UNCHECKED.test(message) || message.length < 15 ? `${name}: ${message}` : name;
  }
}

/** An await that is not refused in the first passes is taken; it may wait for ever. */
function* giveItAChance(made: Yieldable<unknown>): Coroutine<void> {
  const task = createTask(
    (function* () {
      yield* made;
    })(),
  );
  yield* passes(4);
  if (!task.done() || task.cancelled()) return;
  const error = task.exception();
  if (error instanceof TypeError || error instanceof RangeError) throw error;
}

function* endOtherTasks(): Coroutine<void> {
  while (allTasks().size > 1) {
    for (const task of allTasks()) if (task !== currentTask()) task.cancel();
    yield* sleep(0);
  }
}
