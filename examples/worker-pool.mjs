// A worker pool on a bounded queue: the producer waits while the workers are behind, and shutdown() lets them end.
import { asyncWith, Queue, QueueShutDown, run, sleep, TaskGroup } from "asyncio-uv";

const WORKERS = 3;

function* worker(queue, results) {
  for (;;) {
    let job;
    try {
      job = yield* queue.get();
    } catch (error) {
      if (error instanceof QueueShutDown) return;
      throw error;
    }
    yield* sleep(0.001);
    results.set(job, job * job);
    queue.taskDone();
  }
}

await run(function* () {
  const queue = new Queue(2);
  const results = new Map();
  let mostWaiting = 0;

  yield* asyncWith(new TaskGroup(), function* (group) {
    for (let i = 0; i < WORKERS; i++) group.createTask(worker(queue, results), { name: `worker ${i}` });

    for (let job = 1; job <= 10; job++) {
      // Waits while two jobs are in the queue: memory stays bounded, however fast the producer is.
      yield* queue.put(job);
      mostWaiting = Math.max(mostWaiting, queue.qsize());
    }
    console.log("all jobs are handed in; done yet:", results.size === 10);
    yield* queue.join();
    console.log("all jobs are done:", results.size === 10);
    // Nothing more will come: each worker that waits gets QueueShutDown, and the group can end.
    queue.shutdown();
  });

  console.log("most jobs that waited at once:", mostWaiting);
  console.log([...results.values()].sort((a, b) => a - b).join(" "));
});

// Output:
//   all jobs are handed in; done yet: false
//   all jobs are done: true
//   most jobs that waited at once: 2
//   1 4 9 16 25 36 49 64 81 100
