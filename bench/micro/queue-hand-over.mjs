// Measures the hand-over of items through a bounded queue, from a producer to a consumer.
// Its arguments: the backend (or "node", "p-queue", "effect", "effection") and the step as JSON.
import { nanosecondsPerOperation, print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { size, items, seconds } = JSON.parse(json);

function checkItem(item, expected) {
  if (item !== expected) throw new Error(`item ${expected} is missing or out of order: got ${item}`);
}

function measureBatches(batch) {
  return nanosecondsPerOperation({ seconds, operations: items, batch });
}

async function measureNode() {
  const { PromiseQueue } = await import("./promise-queue.mjs");
  async function produce(queue) {
    for (let i = 0; i < items; i++) await queue.put(i);
  }
  async function consume(queue) {
    for (let i = 0; i < items; i++) checkItem(await queue.get(), i);
  }
  async function main() {
    const queue = new PromiseQueue(size);
    await Promise.all([produce(queue), consume(queue)]);
  }
  return measureBatches((done) => void main().then(done));
}

async function measureOurs() {
  const { asyncio, onOurLoop, runTask } = await import("./on-our-loop.mjs");
  function* produce(queue) {
    for (let i = 0; i < items; i++) yield* queue.put(i);
  }
  function* consume(queue) {
    for (let i = 0; i < items; i++) checkItem(yield* queue.get(), i);
  }
  function* main() {
    const queue = new asyncio.Queue(size);
    yield* asyncio.gather(produce(queue), consume(queue));
  }
  return onOurLoop(flavour, () => measureBatches((done) => runTask(main(), done)));
}

/** It queues functions and calls them itself: an item is a function, and the consumer is the one worker. */
async function measurePQueue() {
  const { default: PQueue } = await import("p-queue");
  async function main() {
    const queue = new PQueue({ concurrency: 1 });
    let consumed = 0;
    for (let i = 0; i < items; i++) {
      if (queue.size >= size) await queue.onSizeLessThan(size);
      void queue.add(() => checkItem(i, consumed++));
    }
    await queue.onIdle();
    checkItem(consumed, items);
  }
  return measureBatches((done) => void main().then(done));
}

async function measureEffect() {
  const { Effect, Fiber, Queue } = await import("effect");
  const produce = Effect.fnUntraced(function* (queue) {
    for (let i = 0; i < items; i++) yield* Queue.offer(queue, i);
  });
  const consume = Effect.fnUntraced(function* (queue) {
    for (let i = 0; i < items; i++) checkItem(yield* Queue.take(queue), i);
  });
  const main = Effect.gen(function* () {
    const queue = yield* Queue.bounded(size);
    const fibers = [yield* Effect.forkChild(produce(queue)), yield* Effect.forkChild(consume(queue))];
    yield* Fiber.joinAll(fibers);
  });
  return measureBatches((done) => void Effect.runPromise(main).then(done));
}

/** Its queue has no bound: a second one, of the free places, gives it one. */
async function measureEffection() {
  const { createQueue, run, spawn } = await import("effection");
  function* produce(queue, places) {
    for (let i = 0; i < items; i++) {
      yield* places.next();
      queue.add(i);
    }
  }
  function* consume(queue, places) {
    for (let i = 0; i < items; i++) {
      checkItem((yield* queue.next()).value, i);
      places.add();
    }
  }
  function* main() {
    const queue = createQueue();
    const places = createQueue();
    for (let i = 0; i < size; i++) places.add();
    const producer = yield* spawn(() => produce(queue, places));
    yield* consume(queue, places);
    yield* producer;
  }
  return measureBatches((done) => void run(main).then(done));
}

const RIVALS = {
  node: measureNode,
  "p-queue": measurePQueue,
  effect: measureEffect,
  effection: measureEffection,
};

print({ value: await (RIVALS[flavour] ?? measureOurs)() });
