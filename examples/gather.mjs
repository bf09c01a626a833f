// gather(): several coroutines at once, their results in the order of the arguments, and what happens when one fails.
import { gather, run, sleep } from "asyncio-uv";

function* double(n) {
  console.log(`start ${n}`);
  yield* sleep(0.01);
  return 2 * n;
}

function* fail() {
  yield* sleep(0);
  throw new Error("no luck");
}

await run(function* () {
  const [a, b, c] = yield* gather(double(1), double(2), double(3));
  console.log("results:", a, b, c);

  // The first error fails the whole. The others are not cancelled: they go on.
  try {
    yield* gather(double(4), fail());
  } catch (error) {
    console.log("failed:", error.message);
  }

  // Or errors are results like any other.
  const results = yield* gather([double(5), fail()], { returnExceptions: true });
  console.log("both:", results[0], results[1].message);
});

// Output:
//   start 1
//   start 2
//   start 3
//   results: 2 4 6
//   start 4
//   failed: no luck
//   start 5
//   both: 10 no luck
