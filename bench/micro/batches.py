"""Times an asynchronous batch on the named loop and prints nanoseconds per operation."""

import asyncio
import json
import statistics
import sys
import time

WARM_UP_BATCHES = 1
LEAST_SAMPLES = 3


def measure(batch, operations, seconds):
    """batch is an async function; the value is the median over the batches that fit into the time."""

    async def run():
        begin = time.perf_counter()
        await batch()
        return time.perf_counter() - begin

    async def warm_up():
        for _ in range(WARM_UP_BATCHES):
            await batch()

    measure_runs(run, operations, seconds, warm_up)


def measure_runs(run, operations, seconds, warm_up):
    """For what needs a preparation that must not count: run gives the seconds of the part that does."""

    async def main():
        await warm_up()
        samples = []
        end = time.perf_counter() + seconds
        while len(samples) < LEAST_SAMPLES or time.perf_counter() < end:
            samples.append(await run() * 1e9 / operations)
        return statistics.median(samples)

    if sys.argv[1] == "uvloop":
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    print(json.dumps({"value": asyncio.run(main())}))


def step():
    return json.loads(sys.argv[2])
