"""Measures a task switch; argv is the loop's name and the step as JSON."""

import asyncio

import batches

step = batches.step()


async def worker():
    for _ in range(step["switches"]):
        await asyncio.sleep(0)


async def batch():
    await asyncio.gather(*[worker() for _ in range(step["tasks"])])


batches.measure(batch, step["tasks"] * step["switches"], step["seconds"])
