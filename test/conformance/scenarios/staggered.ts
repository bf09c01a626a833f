// Scenarios of staggered_race().
import { type Coroutine, createTask, sleep, staggeredRace } from "../../../lib/index.ts";
import { Boom, type Log, outcome, scenario, tick } from "./scenario.ts";

const PYTHON = `
    from asyncio.staggered import staggered_race
    def runner(log, n, time, fails):
        async def run():
            log(n, "starts")
            try:
                await asyncio.sleep(time * tick)
            except asyncio.CancelledError as e:
                log(n, "stopped")
                raise
            if fails:
                raise Boom(f"{n}!")
            return n
        return run
`;

function runner(log: Log, n: number, time: number, fails: boolean): () => Coroutine<number> {
  return function* () {
    log(n, "starts");
    try {
      yield* sleep(time * tick);
    } catch (e) {
      log(n, "stopped");
      throw e;
    }
    if (fails) throw new Boom(`${n}!`);
    return n;
  };
}

/** Time and failure of each runner, and the delay. */
const RACES: [runners: [time: number, fails: boolean][], delay: number | null][] = [
  [[[2, false]], null],
  [
    [
      [2, true],
      [2, false],
      [2, false],
    ],
    null,
  ],
  [
    [
      [5, false],
      [1, false],
      [1, false],
    ],
    2,
  ],
  [
    [
      [5, true],
      [5, true],
    ],
    1,
  ],
  [
    [
      [1, true],
      [3, false],
      [9, false],
    ],
    2,
  ],
  [[], 1],
];

const PYTHON_RACES = JSON.stringify(RACES)
  .replaceAll("true", "True")
  .replaceAll("false", "False")
  .replaceAll("null", "None");

export const STAGGERED = [
  scenario(
    "one starts after the other, when it fails or the delay has passed; the first success wins",
    `${PYTHON}
    async def main(log, loop):
        for runners, delay in ${PYTHON_RACES}:
            fns = [runner(log, n, time, fails) for n, (time, fails) in enumerate(runners)]
            winner, index, errors = await staggered_race(fns, delay and delay * tick)
            log(winner, index, errors)
            await asyncio.sleep(9 * tick)
    `,
    function* (log) {
      for (const [runners, delay] of RACES) {
        const fns = runners.map(([time, fails], n) => runner(log, n, time, fails));
        const [winner, index, errors] = yield* staggeredRace(fns, delay === null ? null : delay * tick);
        log(winner, index, errors);
        yield* sleep(9 * tick);
      }
    },
  ),
  scenario(
    "cancelled, it stops all runners and waits for them",
    `${PYTHON}
    async def main(log, loop):
        fns = [runner(log, n, 9, False) for n in range(3)]
        t = asyncio.create_task(staggered_race(fns, tick))
        await asyncio.sleep(2 * tick)
        t.cancel("t!")
        log(await outcome(t))
        await asyncio.sleep(9 * tick)
    `,
    function* (log) {
      const fns = [0, 1, 2].map((n) => runner(log, n, 9, false));
      const t = createTask(staggeredRace(fns, tick));
      yield* sleep(2 * tick);
      t.cancel("t!");
      log(yield* outcome(t));
      yield* sleep(9 * tick);
    },
  ),
];
