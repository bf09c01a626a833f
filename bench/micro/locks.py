"""Measures taking and releasing a lock, or a unit of a semaphore, that nobody else wants.

argv is the loop's name and the step as JSON.
"""

import asyncio

import batches

step = batches.step()


async def batch():
    lock = asyncio.Lock() if step["kind"] == "lock" else asyncio.Semaphore(step["units"])
    for _ in range(step["rounds"]):
        await lock.acquire()
        lock.release()
    assert not lock.locked()


batches.measure(batch, step["rounds"], step["seconds"])
