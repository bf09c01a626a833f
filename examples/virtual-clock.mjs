// A test on a virtual clock: code that waits for hours is tested in no time, and with exact times.
import assert from "node:assert/strict";
import { CancelledError, createTask, getRunningLoop, newEventLoop, run, sleep } from "asyncio-uv";
import { VirtualClock, waitUntilBlocked } from "asyncio-uv/testing";

/** The code under test: tries again after 1, 2, 4... seconds, an hour at most. */
function* persistently(attempt) {
  for (let delay = 1; ; delay = Math.min(2 * delay, 3600)) {
    try {
      return yield* attempt();
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      yield* sleep(delay);
    }
  }
}

function onVirtualTime(test) {
  return run(test, { loopFactory: () => newEventLoop({ clock: new VirtualClock() }) });
}

await onVirtualTime(function* () {
  const times = [];
  const result = yield* persistently(function* () {
    times.push(getRunningLoop().time());
    yield* sleep(0);
    if (times.length < 5) throw new Error("not yet");
    return "there at last";
  });
  assert.equal(result, "there at last");
  assert.deepEqual(times, [0, 1, 3, 7, 15]);
  console.log("ok: waits twice as long each time");
});

await onVirtualTime(function* () {
  let attempts = 0;
  const task = createTask(
    persistently(function* () {
      attempts++;
      yield* sleep(0);
      throw new Error("never");
    }),
  );
  yield* sleep(24 * 3600);
  // Lets everything happen that can happen without time going on.
  yield* waitUntilBlocked();
  assert.equal(attempts, 35);
  task.cancel();
  yield* waitUntilBlocked();
  assert.ok(task.cancelled());
  console.log("ok: can be cancelled after a day");
});

// Output:
//   ok: waits twice as long each time
//   ok: can be cancelled after a day
