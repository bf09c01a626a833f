// Measures taking and releasing a lock, or a unit of a semaphore, that nobody else wants.
// Its arguments: the backend (or "node", "effect") and the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { kind, units, rounds, seconds } = JSON.parse(json);

function checkFree(free) {
  if (free !== true) throw new Error("what was taken was not given back");
}

function measureBatches(batch) {
  return nanosecondsPerOperation({ seconds, operations: rounds, batch });
}

async function measureNode() {
  const { PromiseSemaphore } = await import("./promise-semaphore.mjs");
  async function main() {
    const semaphore = new PromiseSemaphore(units);
    for (let i = 0; i < rounds; i++) {
      await semaphore.acquire();
      semaphore.release();
    }
    checkFree(semaphore.free === units);
  }
  return measureBatches((done) => void main().then(done));
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  function* main() {
    const lock = kind === "lock" ? new asyncio.Lock() : new asyncio.Semaphore(units);
    let gaveWay = false;
    asyncio.getRunningLoop().callSoon(() => (gaveWay = true));
    for (let i = 0; i < rounds; i++) {
      yield* lock.acquire();
      lock.release();
    }
    if (gaveWay) throw new Error("a task switch on the way");
    checkFree(!lock.locked());
  }
  return onOurLoop(flavour, () => measureBatches((done) => runTask(main(), done)));
}

async function measureEffect() {
  const { Effect, Semaphore } = await import("effect");
  const main = Effect.gen(function* () {
    const semaphore = yield* Semaphore.make(units);
    for (let i = 0; i < rounds; i++) {
      yield* semaphore.take(1);
      yield* semaphore.release(1);
    }
    checkFree(yield* semaphore.takeIfAvailable(units));
  });
  return measureBatches((done) => void Effect.runPromise(main).then(done));
}

const RIVALS = { node: measureNode, effect: measureEffect };

print({ value: await (RIVALS[flavour] ?? measureOurs)() });
