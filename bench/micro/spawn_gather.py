"""Measures making, running and collecting a task; argv is the loop's name and the step as JSON."""

import asyncio

import batches

step = batches.step()


async def one(i):
    return i


async def batch():
    results = await asyncio.gather(*[one(i) for i in range(step["tasks"])])
    assert sum(results) == step["tasks"] * (step["tasks"] - 1) // 2


batches.measure(batch, step["tasks"], step["seconds"])
