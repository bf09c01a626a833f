// Every kind of wrong argument, given to locks, queues, streams and what they are made of.
import { expect, it } from "vitest";
import {
  asyncWith,
  Barrier,
  BoundedSemaphore,
  Condition,
  type Coroutine,
  createTask,
  type EventLoop,
  LifoQueue,
  Lock,
  PriorityQueue,
  Protocol,
  Queue,
  sleep,
  Semaphore,
  startServer,
  StreamReader,
  StreamReaderProtocol,
  StreamWriter,
  type Transport,
} from "../../lib/index.ts";
import { describeBackends, onLoop } from "../support/backends.ts";
import { errorOf, label, thrownBy } from "../support/outcomes.ts";
import { HOST } from "../support/peers.ts";
import {
  type Attempt,
  CALLABLE,
  COUNT,
  FUNCTIONS,
  nothing,
  OPTIONS,
  steps,
  tryEverySpecimen,
} from "../support/specimens.ts";

const locks: Record<string, Attempt> = {
  "new Semaphore(value)": {
    call: (v) => new Semaphore(v),
    takes: `undefined Infinity ${COUNT.takes}`,
    range: "NaN -Infinity -1 1.5",
  },
  "new BoundedSemaphore(value)": {
    call: (v) => new BoundedSemaphore(v),
    takes: `undefined Infinity ${COUNT.takes}`,
    range: "NaN -Infinity -1 1.5",
  },
  "new Barrier(parties)": {
    call: (v) => new Barrier(v),
    takes: "1",
    range: "NaN Infinity -Infinity -0 0 -1 1.5",
  },
  "new Condition(lock)": { call: (v) => new Condition(v), takes: "undefined null lock" },
  "condition.waitFor(predicate)": { call: (v) => new Condition().waitFor(v), takes: FUNCTIONS },
  "condition.notify(n)": {
    call: (v) => {
      const condition = new Condition();
      return asyncWith(condition, () => condition.notify(v));
    },
    awaited: true,
    takes: "undefined Infinity -Infinity -0 0 1 -1 1.5",
    range: "NaN",
  },
};

/** A maxsize below 1 means no limit; fractions are tolerated, as in Python. */
const MAXSIZE = { takes: "undefined Infinity -Infinity -0 0 1 -1 1.5", range: "NaN" };

const queues: Record<string, Attempt> = {
  "new Queue(maxsize)": { call: (v) => new Queue(v), ...MAXSIZE },
  "new LifoQueue(maxsize)": { call: (v) => new LifoQueue(v), ...MAXSIZE },
  "new PriorityQueue(maxsize)": { call: (v) => new PriorityQueue(v), ...MAXSIZE },
  "new PriorityQueue(0, options)": { call: (v) => new PriorityQueue(0, v), takes: OPTIONS },
  "new PriorityQueue(0, { compare })": {
    call: (v) => new PriorityQueue(0, { compare: v }),
    takes: `undefined ${FUNCTIONS}`,
  },
  "queue.shutdown(immediate)": { call: (v) => new Queue().shutdown(v), takes: "undefined true" },
  "priorityQueue.putNowait(item), twice": {
    call: (v) => {
      const queue = new PriorityQueue<unknown>();
      queue.putNowait(v);
      queue.putNowait(v);
    },
    takes: "NaN Infinity -Infinity -0 0 1 -1 1.5 true bigint text empty array date",
  },
};

/** A transport that swallows what it gets, for the writer to stand on. */
const swallowing = { write: nothing } as unknown as Transport;

function protocolOn(loop: EventLoop): StreamReaderProtocol {
  return new StreamReaderProtocol(new StreamReader({ loop }), null, loop);
}

const streams: Record<string, Attempt> = {
  "new StreamReader(options)": { call: (v) => new StreamReader(v), takes: OPTIONS },
  "new StreamReader({ limit })": {
    call: (v) => new StreamReader({ limit: v }),
    takes: "undefined 1",
    range: "NaN Infinity -Infinity -0 0 -1 1.5",
  },
  "new StreamReader({ loop })": { call: (v) => new StreamReader({ loop: v }), takes: "undefined loop" },
  "reader.setException(error)": { call: (v) => new StreamReader().setException(v), takes: "error" },
  "reader.feedData(data)": { call: (v) => new StreamReader().feedData(v), takes: "bytes" },
  "reader.read(n)": {
    call: (v) => new StreamReader().read(v),
    takes: "undefined Infinity -Infinity -0 0 1 -1 1.5",
    range: "NaN",
  },
  "reader.readexactly(n)": { call: (v) => new StreamReader().readexactly(v), ...COUNT },
  "reader.readuntil(separator)": {
    call: (v) => new StreamReader().readuntil(v),
    takes: "undefined text bytes",
    range: "empty array",
  },
  "reader.readInto(target)": { call: (v) => new StreamReader().readInto(v), takes: "bytes" },
  "new StreamReaderProtocol(reader, null, loop)": {
    call: (v, loop) => new StreamReaderProtocol(v, null, loop),
    takes: "",
  },
  "new StreamReaderProtocol(reader, connected, loop)": {
    call: (v, loop) => new StreamReaderProtocol(new StreamReader(), v, loop),
    takes: `null ${CALLABLE}`,
  },
  "new StreamReaderProtocol(reader, null, aLoop)": {
    call: (v) => new StreamReaderProtocol(new StreamReader(), null, v),
    takes: "loop",
  },
  "new StreamWriter(transport, ...)": {
    call: (v, loop) => new StreamWriter(v, protocolOn(loop), null, loop),
    takes: "bytes",
  },
  "new StreamWriter(..., loop)": {
    call: (v, loop) => new StreamWriter(swallowing, protocolOn(loop), null, v),
    takes: "loop",
  },
};

for (const [what, attempts] of Object.entries({ locks, queues, streams })) {
  describeBackends(`${what} tried with everything`, (backend) => {
    for (const [name, attempt] of Object.entries(attempts)) tryEverySpecimen(backend, name, attempt);
  });
}

describeBackends("what is said of wrong objects", (backend) => {
  it("names what a lock lacks, and a class that was meant to be made a lock", () => {
    expect(label(thrownBy(() => new Condition(Lock as never)))).toBe(
      "TypeError: lock must be a Lock or have its methods, got the class Lock without acquire()",
    );
    expect(label(thrownBy(() => new Condition({ acquire: nothing, release: nothing } as never)))).toBe(
      "TypeError: lock must be a Lock or have its methods, got an object without locked()",
    );
  });

  it("leaves a priority queue as it was when an item cannot be compared", () =>
    onLoop(backend, function* () {
      const queue = new PriorityQueue<unknown>();
      queue.putNowait(2);
      for (const odd of ["text", null, undefined, {}, [1], Symbol("s"), nothing, sleep(0)]) {
        expect(thrownBy(() => queue.putNowait(odd))).toBeInstanceOf(TypeError);
      }
      queue.putNowait(1);
      expect([queue.qsize(), yield* queue.get(), yield* queue.get()]).toEqual([2, 1, 2]);
    }));

  it("says how a protocol class becomes a factory, before it listens or connects", () =>
    onLoop(backend, function* ({ loop }) {
      class Echo extends Protocol {}
      for (const refused of [
        loop.createServer(Echo as never, HOST, 0),
        loop.createConnection(Echo as never, HOST, 1),
        startServer(Echo as never, HOST, 0),
      ]) {
        expect(label(yield* errorOf(refused))).toMatch(
          /^TypeError: a function was expected by \w+\(\), got the class Echo: \(\) => new Echo\(\.\.\.\) is one$/,
        );
      }
    }));

  it("refuses wrong writes and protocols of a transport, which goes on", () =>
    onLoop(backend, function* ({ loop }) {
      const server = yield* startServer(
        function* (reader, writer): Coroutine<void> {
          writer.write(yield* reader.readline());
          writer.close();
        },
        HOST,
        0,
      );
      const reader = new StreamReader({ loop });
      const [transport] = yield* loop.createConnection(
        () => new StreamReaderProtocol(reader, null, loop),
        HOST,
        server.sockets[0]!.getsockname()[1],
      );
      const refusals: [RegExp, () => void][] = [
        [/^TypeError: data must be a Uint8Array or Buffer, got 5/, () => transport.write(5 as never)],
        [/^TypeError: data must be .*, got an array/, () => transport.writelines([[1]] as never)],
        [/^TypeError: chunks must be an array .*, got null/, () => transport.writelines(null as never)],
        [/^TypeError: chunks must be an array .*, got "text"/, () => transport.writelines("text")],
        [
          /^TypeError: setProtocol\(\) takes a protocol, got null/,
          () => transport.setProtocol(null as never),
        ],
        [/^TypeError: the options of setWriteBufferLimits/, () => transport.setWriteBufferLimits(5 as never)],
        [/has no option "hihg"/, () => transport.setWriteBufferLimits({ hihg: 5 } as never)],
        [
          /^RangeError: high \(1\) must be at least low/,
          () => transport.setWriteBufferLimits({ high: 1, low: 2 }),
        ],
        [/^RangeError: high must be an integer/, () => transport.setWriteBufferLimits({ high: NaN })],
      ];
      for (const [message, call] of refusals) expect(label(thrownBy(call))).toMatch(message);
      transport.writelines(["li", Buffer.from("ne\n")]);
      expect(String(yield* reader.readline())).toBe("line\n");
      transport.close();
      server.close();
      yield* server.waitClosed();
    }));

  it("says nothing of a queue's items: anything is one", () =>
    onLoop(backend, function* () {
      const queue = new Queue<unknown>(1);
      for (const item of [undefined, null, NaN, 0, "", steps(), new Error("item")]) {
        const getting = createTask(queue.get());
        yield* queue.put(item);
        expect(Object.is(yield* getting, item)).toBe(true);
      }
    }));
});
