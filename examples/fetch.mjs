// Async functions around Node's own fetch(): the task's AbortSignal cuts a request off when the task is cancelled.
import { once } from "node:events";
import { createServer } from "node:http";
import { asyncWith, createTask, currentTask, run, timeout, TimeoutError } from "asyncio-uv";

const server = createServer((request, response) => {
  if (request.url === "/fast") {
    response.end("an answer");
    return;
  }
  // No answer, ever.
  server.emit("waiting");
  response.on("close", () => server.emit("gone"));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${server.address().port}`;

async function get(path) {
  const response = await fetch(address + path, { signal: currentTask().signal });
  return response.text();
}

await run(async () => {
  console.log(await get("/fast"));

  // A limit in time for whatever is awaited inside.
  try {
    await asyncWith(timeout(0.05), () => get("/never"));
  } catch (error) {
    console.log("timed out:", error instanceof TimeoutError);
  }

  // A cancellation from outside. The function rejects with fetch's own AbortError, and counts as cancelled.
  const waiting = once(server, "waiting");
  const gone = once(server, "gone");
  const task = createTask(() => get("/never"));
  await waiting;
  task.cancel();
  try {
    await task;
  } catch (error) {
    console.log(`${error.name}; cancelled: ${task.cancelled()}`);
  }
  await gone;
  console.log("the server sees that nobody waits any more");
});

server.close();
server.closeAllConnections();

// Output:
//   an answer
//   timed out: true
//   CancelledError; cancelled: true
//   the server sees that nobody waits any more
