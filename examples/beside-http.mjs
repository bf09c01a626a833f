// Async functions instead of generators, beside Node's own http server: both live on the same libuv loop.
import { once } from "node:events";
import { createServer } from "node:http";
import { gather, run, sleep } from "asyncio-uv";

function* lookUp(key) {
  yield* sleep(0.01);
  return `${key}=${key.length}`;
}

await run(async () => {
  const server = createServer(async (_request, response) => {
    // Called by Node, outside any task. While a loop runs, that is fine: what is awaited becomes a task of that loop.
    const values = await gather(lookUp("one"), lookUp("three"));
    response.end(values.join(" "));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  console.log(answer.status, await answer.text());

  server.close();
  await once(server, "close");
  console.log("closed");
});

// Output:
//   200 one=3 three=5
//   closed
