// Cancellation: it is thrown into the coroutine at its yield*, which cleans up and lets the error pass.
import { CancelledError, createTask, run, sleep } from "asyncio-uv";

function* worker() {
  console.log("worker: the resource is open");
  try {
    yield* sleep(3600);
  } catch (error) {
    // A catch block around an await sees cancellations too. Without this line the task would refuse to end.
    if (error instanceof CancelledError) throw error;
    console.log("worker: trying again after", error);
  } finally {
    // Cleaning up may wait as well.
    yield* sleep(0.01);
    console.log("worker: the resource is closed");
  }
}

await run(function* () {
  const task = createTask(worker(), { name: "worker" });
  // One pass of the ready queue: enough for the worker to reach its sleep.
  yield* sleep(0);

  task.cancel("time to go");
  console.log("main: asked it to stop; done:", task.done());
  try {
    yield* task;
  } catch (error) {
    console.log(`main: ${error.name}: ${error.message}; cancelled: ${task.cancelled()}`);
  }
});

// Output:
//   worker: the resource is open
//   main: asked it to stop; done: false
//   worker: the resource is closed
//   main: CancelledError: time to go; cancelled: true
