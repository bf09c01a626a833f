// Measures a resume under nested coroutines, or a call that does not suspend.
// Its arguments: the backend (or "node"), the manner (coroutine, generator, async), the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, manner, json] = process.argv.slice(2);
const { kind, depth, tasks, switches, calls, seconds } = JSON.parse(json);
const operations = kind === "resume" ? tasks * switches : calls;

async function measureNode() {
  async function nested(level) {
    if (level > 1) {
      await nested(level - 1);
      return;
    }
    for (let i = 0; i < switches; i++) await null;
  }
  async function increment(value) {
    return value + 1;
  }
  async function callMany() {
    let sum = 0;
    for (let i = 0; i < calls; i++) sum = await increment(sum);
    if (sum !== calls) throw new Error("a call is missing");
  }
  const resume = () => Promise.all(Array.from({ length: tasks }, () => nested(depth)));
  const batch = (done) => void (kind === "resume" ? resume() : callMany()).then(done);
  return nanosecondsPerOperation({ seconds, operations, batch });
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  const { gather, sleep } = asyncio;
  const make = manner === "coroutine" ? asyncio.coroutine : (fn) => fn;

  const nested = make(function* (level) {
    if (level > 1) {
      yield* nested(level - 1);
      return;
    }
    for (let i = 0; i < switches; i++) yield* sleep(0);
  });
  const increment = make(function* (value) {
    return value + 1;
  });
  function* callMany() {
    let sum = 0;
    for (let i = 0; i < calls; i++) sum = yield* increment(sum);
    if (sum !== calls) throw new Error("a call is missing");
  }
  function* resume() {
    yield* gather(...Array.from({ length: tasks }, () => nested(depth)));
  }
  const batch = (done) => runTask(kind === "resume" ? resume() : callMany(), done);
  return onOurLoop(flavour, () => nanosecondsPerOperation({ seconds, operations, batch }));
}

print({ value: await (flavour === "node" ? measureNode() : measureOurs()) });
