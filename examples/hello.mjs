// The smallest program: a coroutine, a task, and a result.
import { createTask, run, sleep } from "asyncio-uv";

function* greet(name) {
  // Waits for a hundredth of a second. Times are in seconds, as in Python.
  yield* sleep(0.01);
  return `hello, ${name}`;
}

const result = await run(function* () {
  // A call runs nothing by itself: it is awaited with yield*, or made a task that runs beside this one.
  const task = createTask(greet("task"));
  console.log(yield* greet("coroutine"));
  console.log(yield* task);
  return "done";
});
console.log(result);

// Output:
//   hello, coroutine
//   hello, task
//   done
