"""Measures the cancellation of a tree of tasks, from cancel() on its root until every task has ended.

argv is the loop's name and the step as JSON. Needs Python 3.11, which brought TaskGroup.
"""

import asyncio
import time

import batches

WARM_UP_DEPTH = 3

step = batches.step()
fan_out = step["fanOut"]


def tasks_in(levels):
    return (fan_out ** (levels + 1) - 1) // (fan_out - 1)


async def cancel_tree(levels):
    """One tree: made, left to fall asleep, cancelled. Gives the seconds of the cancellation."""
    asleep = 0
    ended = 0

    async def leaf():
        nonlocal asleep, ended
        try:
            asleep += 1
            await asyncio.sleep(3600)
        finally:
            ended += 1

    async def group(level):
        nonlocal ended
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(fan_out):
                    tasks.create_task(node(level - 1))
        finally:
            ended += 1

    async def gathered(level):
        nonlocal ended
        try:
            await asyncio.gather(*[node(level - 1) for _ in range(fan_out)])
        finally:
            ended += 1

    inner = group if step["kind"] == "group" else gathered

    def node(level):
        return leaf() if level == 0 else inner(level)

    root = asyncio.create_task(node(levels))
    while asleep < fan_out**levels:
        await asyncio.sleep(0)
    begin = time.perf_counter()
    root.cancel()
    await asyncio.wait([root])
    seconds = time.perf_counter() - begin
    assert root.cancelled() and ended == tasks_in(levels)
    return seconds


batches.measure_runs(
    lambda: cancel_tree(step["depth"]),
    tasks_in(step["depth"]),
    step["seconds"],
    lambda: cancel_tree(WARM_UP_DEPTH),
)
