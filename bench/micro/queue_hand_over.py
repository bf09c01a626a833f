"""Measures the hand-over of items through a bounded queue; argv is the loop's name and the step as JSON."""

import asyncio

import batches

step = batches.step()
items = step["items"]


async def produce(queue):
    for i in range(items):
        await queue.put(i)


async def consume(queue):
    for i in range(items):
        assert await queue.get() == i


async def batch():
    queue = asyncio.Queue(step["size"])
    await asyncio.gather(produce(queue), consume(queue))


batches.measure(batch, items, step["seconds"])
