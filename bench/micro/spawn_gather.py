"""Measures making, running and collecting a task: all of them together, or one after the other.

argv is the loop's name and the step as JSON.
"""

import asyncio

import batches

step = batches.step()
tasks = step["tasks"]


async def one(i):
    return i


async def gather():
    return await asyncio.gather(*[one(i) for i in range(tasks)])


async def join():
    return [await asyncio.create_task(one(i)) for i in range(tasks)]


async def batch():
    results = await (gather() if step["kind"] == "gather" else join())
    assert sum(results) == tasks * (tasks - 1) // 2


batches.measure(batch, tasks, step["seconds"])
