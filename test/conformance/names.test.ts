// Derives the public names from those of CPython's asyncio, and holds the tables of docs/python-parity.md to both.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import * as asyncio from "../../lib/index.ts";
import { loadPython } from "./oracle/python.mjs";
import { type ParityRow, parityRows } from "./parity-tables.ts";

/** What the oracle's CPython lacks, or shows on instances only: for want of sockets, and because 3.15 adds it. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  asyncio: ["open_unix_connection", "start_unix_server"],
  AbstractEventLoop: ["slow_callback_duration"],
  Condition: ["acquire", "release", "locked"],
  IncompleteReadError: ["partial", "expected"],
  LimitOverrunError: ["consumed"],
  TaskGroup: ["cancel"],
};

/** The classes whose own names stand in a table of another one. */
const TABLE_OF: Readonly<Record<string, string>> = {
  AbstractEventLoop: "EventLoop",
  AbstractServer: "Server",
  BaseProtocol: "Protocol",
};

/** The methods by which the library calls what it made itself; no part of what users are offered. */
const INNER = /^(run|next|throw|return|toString|constructor|on[A-Z]\w*|_\w*)$/;

const QUESTION = `
import asyncio, asyncio.staggered, asyncio.subprocess, concurrent.futures, contextlib, contextvars, inspect, json

def own(cls):
    inherited = {name for base in (*cls.__mro__[1:], Exception) for name in dir(base)}
    if cls is ExceptionGroup:
        inherited = set(dir(Exception)) - {"add_note", "with_traceback"}
    return [name for name in dir(cls) if name not in inherited and not name.startswith("_")]

elsewhere = {
    asyncio.staggered: ["staggered_race"],
    asyncio.subprocess: ["PIPE", "STDOUT", "DEVNULL", "Process"],
    concurrent.futures: ["ThreadPoolExecutor", "ProcessPoolExecutor"],
    contextlib: ["aclosing"],
    contextvars: contextvars.__all__,
    __builtins__: ["ExceptionGroup", "BaseExceptionGroup", "RuntimeError", "NotImplementedError"],
}
found = {name: getattr(module, name) for module, names in elsewhere.items() for name in names}
classes = {name: getattr(asyncio, name) for name in asyncio.__all__} | found
json.dumps({
    "names": [*asyncio.__all__, *found],
    "classes": {name: own(cls) for name, cls in classes.items() if inspect.isclass(cls)},
})
`;

/** Drops the underscores and capitalises the letters behind them; classes and constants keep their names. */
function byTheRule(name: string): string {
  return /^[A-Z]/.test(name) ? name : name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const rows = parityRows();
const rowsOf = (of: string | null): ParityRow[] => rows.filter((row) => row.of === of);

/** What is wrong between names of Python, the rows about them, and what is there; one line each. */
function faultsOf(
  python: readonly string[],
  table: readonly ParityRow[],
  isThere: (row: ParityRow) => boolean,
) {
  const faults: string[] = [];
  const known = new Map(table.filter((row) => row.python !== null).map((row) => [row.python!, row]));
  for (const name of python) if (!known.has(name)) faults.push(`${name}: has no row`);
  for (const name of known.keys()) if (!python.includes(name)) faults.push(`${name}: no such name in Python`);
  for (const row of table) {
    const name = row.here ?? byTheRule(row.python!);
    const there = isThere({ ...row, here: name });
    if (there && row.here === null) faults.push(`${name}: ${row.state} by its row, but it is there`);
    if (!there && row.here !== null) faults.push(`${name}: not there, though its row says so`);
    if (row.python !== null && row.here !== null && row.here !== byTheRule(row.python)) {
      faults.push(`${row.python}: should be ${byTheRule(row.python)}`);
    }
  }
  return faults;
}

describe("the names of asyncio", () => {
  let python: { names: string[]; classes: Record<string, string[]> };
  /** One object of each class that has a table. */
  let objects: Record<string, object>;

  beforeAll(async () => {
    python = JSON.parse((await loadPython()).evaluate(QUESTION) as string) as typeof python;
    for (const [of, names] of Object.entries(BESIDE)) {
      (of === "asyncio" ? python.names : python.classes[of]!).push(...names);
    }
    objects = await asyncio.run(oneOfEach());
  }, 60_000);

  it("are exported by the rule, or their rows say why not", () => {
    const types = namesOfTypes();
    const isThere = ({ here, state }: ParityRow): boolean =>
      state === "type" ? types.has(here!) && !(here! in asyncio) : here! in asyncio;
    expect(faultsOf(python.names, rowsOf(null), isThere)).toEqual([]);
  });

  it("are all there is, but for what the tables call our own", () => {
    const known = new Set(rowsOf(null).map(({ here }) => here));
    expect(Object.keys(asyncio).filter((name) => !known.has(name))).toEqual([]);
  });

  it("of a class's members follow the rule too", () => {
    const faults = Object.entries(membersByTable(python.classes)).flatMap(([of, members]) => {
      const object = objects[of];
      const table = rowsOf(of);
      if (object === undefined) return table.length === 0 ? [] : [`${of}: no object of it to look at`];
      const isThere = ({ here }: ParityRow): boolean => here! in object || here! in object.constructor;
      return faultsOf(members, table, isThere).map((fault) => `${of}.${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it("of members are all there is, but for what the tables call our own", () => {
    const strangers = Object.entries(objects).flatMap(([of, object]) => {
      const known = new Set(
        rows.filter((row) => row.of !== null && isOrExtends(of, row.of)).map(({ here }) => here),
      );
      return membersOf(object)
        .filter((name) => !known.has(name) && !INNER.test(name))
        .map((name) => `${of}.${name}`);
    });
    expect(strangers).toEqual([]);
  });

  /** Whether the table of `other` is about an object of `of` as well. */
  function isOrExtends(of: string, other: string): boolean {
    const type = (asyncio as Record<string, unknown>)[other] ?? objects[other]?.constructor;
    return of === other || (typeof type === "function" && objects[of]! instanceof type);
  }
});

/** The members that each table has to name; a class that is planned, or not to come, has none. */
function membersByTable(classes: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  const absent = new Set(
    rowsOf(null)
      .filter(({ here }) => here === null)
      .map(({ python }) => python),
  );
  const tables: Record<string, string[]> = {};
  for (const [name, members] of Object.entries(classes)) {
    const table = TABLE_OF[name] ?? name;
    if (absent.has(name) && table === name) continue;
    tables[table] = [...new Set([...(tables[table] ?? []), ...members])];
  }
  return tables;
}

function membersOf(object: object): string[] {
  const names = new Set(Object.keys(object));
  const outside: unknown[] = [Object.prototype, Error.prototype, AggregateError.prototype, null];
  for (
    let at: unknown = Object.getPrototypeOf(object);
    !outside.includes(at);
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  names.delete("name");
  return [...names];
}

/** What lib/index.ts exports as types alone. */
function namesOfTypes(): Set<string> {
  const door = readFileSync(new URL("../../lib/index.ts", import.meta.url), "utf8");
  const blocks = [...door.matchAll(/export type \{([^}]*)\}/g)].flatMap(([, names]) => names!.split(","));
  const inline = [...door.matchAll(/\btype (\w+)/g)].map(([, name]) => name!);
  return new Set([...blocks.map((name) => name.trim()), ...inline]);
}

function* oneOfEach(): asyncio.Coroutine<Record<string, object>> {
  const loop = asyncio.getRunningLoop();
  const server = yield* asyncio.startServer(() => undefined, "127.0.0.1", 0);
  const { 1: port } = server.sockets[0]!.getsockname();
  const [reader, writer] = yield* asyncio.openConnection("127.0.0.1", port);
  const { transport } = writer;
  const variable = new asyncio.ContextVar<number>("variable");
  const timer = loop.callLater(0, () => undefined);
  const objects = {
    EventLoop: loop,
    Handle: loop.callSoon(() => undefined),
    TimerHandle: timer,
    Server: server,
    Future: loop.createFuture(),
    Task: asyncio.currentTask()!,
    TaskGroup: new asyncio.TaskGroup(),
    Timeout: asyncio.timeout(1),
    Runner: new asyncio.Runner(),
    Lock: new asyncio.Lock(),
    Event: new asyncio.Event(),
    Condition: new asyncio.Condition(),
    Semaphore: new asyncio.Semaphore(),
    BoundedSemaphore: new asyncio.BoundedSemaphore(),
    Barrier: new asyncio.Barrier(1),
    Queue: new asyncio.Queue(),
    PriorityQueue: new asyncio.PriorityQueue(),
    LifoQueue: new asyncio.LifoQueue(),
    StreamReader: reader,
    StreamWriter: writer,
    StreamReaderProtocol: transport.getProtocol(),
    BaseTransport: transport,
    ReadTransport: transport,
    WriteTransport: transport,
    Transport: transport,
    Protocol: new asyncio.Protocol(),
    FutureCallGraph: asyncio.captureCallGraph()!,
    FrameCallGraphEntry: new asyncio.FrameCallGraphEntry({ name: "f", file: null, line: null, column: null }),
    IncompleteReadError: new asyncio.IncompleteReadError(Buffer.alloc(0), 1),
    LimitOverrunError: new asyncio.LimitOverrunError("", 0),
    ContextVar: variable,
    Token: variable.set(1),
    Context: asyncio.copyContext(),
    ExceptionGroup: new asyncio.ExceptionGroup("several", [new Error("one")]),
  };
  writer.close();
  server.close();
  server.closeClients();
  yield* server.waitClosed();
  return objects;
}
