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

    async def main():
        for _ in range(WARM_UP_BATCHES):
            await batch()
        samples = []
        end = time.perf_counter() + seconds
        while len(samples) < LEAST_SAMPLES or time.perf_counter() < end:
            begin = time.perf_counter()
            await batch()
            samples.append((time.perf_counter() - begin) * 1e9 / operations)
        return statistics.median(samples)

    if sys.argv[1] == "uvloop":
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    print(json.dumps({"value": asyncio.run(main())}))


def step():
    return json.loads(sys.argv[2])
