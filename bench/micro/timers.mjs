// Measures timers that are set and cancelled, or set and fired, in CPU time.
// Its arguments: the backend (or "node") and the step as JSON.
import { print } from "./batches.mjs";

const [flavour, json] = process.argv.slice(2);
const { kind, count, window } = JSON.parse(json);

const WARM_UP_TIMERS = 20_000;
const WARM_UP_WINDOW = 0.02;

/** The same delays in every process (xorshift32), in seconds, so that all contestants have the same work. */
function randomDelays(length, seconds) {
  const delays = new Float64Array(length);
  let state = 0x2545f491;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    delays[i] = ((state >>> 0) / 2 ** 32) * seconds;
  }
  return delays;
}

function cpuNanoseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/**
 * One run of `length` timers. What a cancel leaves for later is paid in the turns after it, so those count too.
 *
 * @param {{ set: (seconds: number, fire: () => void) => unknown, cancel: (timer: any) => void }} facility
 */
async function run({ set, cancel }, length, seconds) {
  const delays = randomDelays(length, seconds);
  const timers = new Array(length).fill(null);
  let fired = 0;
  let allFired;
  const finished = new Promise((resolve) => (allFired = resolve));
  const fire = () => {
    if (++fired === length) allFired();
  };
  const begin = cpuNanoseconds();
  for (let i = 0; i < length; i++) timers[i] = set(delays[i], fire);
  const setting = cpuNanoseconds() - begin;
  if (kind === "cancel") {
    for (let i = 0; i < length; i++) cancel(timers[i]);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (fired !== 0) throw new Error("a cancelled timer fired");
  } else {
    await finished;
  }
  return { value: (cpuNanoseconds() - begin) / length, setting: setting / length };
}

async function measure(facility) {
  await run(facility, WARM_UP_TIMERS, WARM_UP_WINDOW);
  return run(facility, count, window);
}

async function measureOurs() {
  const { onOurLoop } = await import("./on-our-loop.mjs");
  return onOurLoop(flavour, (loop) =>
    measure({
      set: (seconds, fire) => loop.callLater(seconds, fire),
      cancel: (timer) => timer.cancel(),
    }),
  );
}

function measureNode() {
  return measure({
    set: (seconds, fire) => setTimeout(fire, seconds * 1000),
    cancel: (timer) => clearTimeout(timer),
  });
}

print(await (flavour === "node" ? measureNode() : measureOurs()));
