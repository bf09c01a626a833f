// Timers: callbacks at a time, after a delay and in the next pass; and how to take one back.
import { getRunningLoop, run, sleep } from "asyncio-uv";

await run(function* () {
  const loop = getRunningLoop();
  // Seconds of the loop's clock, which is performance.now() / 1000.
  const start = loop.time();

  loop.callAt(start + 0.03, console.log, "last");
  loop.callAt(start + 0.02, console.log, "first of two with one deadline");
  loop.callAt(start + 0.02, console.log, "second of two with one deadline");
  const unwanted = loop.callLater(0.01, console.log, "never printed");
  unwanted.cancel();
  loop.callSoon(console.log, "in the next pass");

  yield* sleep(0.05);
  console.log("early:", loop.time() < start + 0.05);
  console.log("cancelled:", unwanted.cancelled());
});

// Output:
//   in the next pass
//   first of two with one deadline
//   second of two with one deadline
//   last
//   early: false
//   cancelled: true
