// Structured concurrency: a block is left when all its tasks have ended; an error or a timeout ends them all.
import { asyncWith, run, sleep, TaskGroup, timeout, TimeoutError } from "asyncio-uv";

function* ask(service, seconds) {
  try {
    yield* sleep(seconds);
    if (service === "search") throw new Error("search is down");
    return `${service} answers`;
  } finally {
    // Runs whether there is an answer, an error or a cancellation.
    console.log(`${service}: connection closed`);
  }
}

await run(function* () {
  console.log("all well:");
  const answers = [];
  yield* asyncWith(new TaskGroup(), function* (group) {
    const users = group.createTask(ask("users", 0.01));
    const orders = group.createTask(ask("orders", 0.02));
    // The block may wait for some of them before its end; it need not.
    answers.push(yield* users, yield* orders);
  });
  console.log(answers.join(", "));

  console.log("one fails:");
  try {
    yield* asyncWith(new TaskGroup(), function* (group) {
      group.createTask(ask("users", 3600));
      group.createTask(ask("search", 0.01));
    });
  } catch (error) {
    // Other errors may have come meanwhile, so it is a group even if there is one.
    console.log(String(error), error.exceptions.map(String));
  }

  console.log("too slow:");
  try {
    yield* asyncWith(timeout(0.01), function* () {
      yield* asyncWith(new TaskGroup(), function* (group) {
        group.createTask(ask("users", 3600));
        group.createTask(ask("orders", 3600));
      });
    });
  } catch (error) {
    console.log("timed out:", error instanceof TimeoutError);
  }
});

// Output:
//   all well:
//   users: connection closed
//   orders: connection closed
//   users answers, orders answers
//   one fails:
//   search: connection closed
//   users: connection closed
//   ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception) [ 'Error: search is down' ]
//   too slow:
//   users: connection closed
//   orders: connection closed
//   timed out: true
