"""Statements of random programs that wait for tasks and for time: sleep, gather, wait, timeouts, groups and their like."""

import asyncio
from asyncio.staggered import staggered_race

from program_coroutines import awaitable, awaitables, run_block, run_body, waits
from program_statements import sync
from program_world import TICKS, Scope


def seconds(ticks):
    return None if ticks is None else ticks / TICKS


@waits("sleep")
async def _sleep(world, scope, node):
    value = await asyncio.sleep(node["delay"] / TICKS, node.get("value"))
    world.log(scope.who, f"slept {world.show(value)}")


@waits("await")
async def _await(world, scope, node):
    target = world.find(node["of"])
    if target is None:
        return world.log(scope.who, "await nobody")
    world.log(scope.who, f"got {world.show(target)}: {world.show(await target)}")


@sync("start")
def _start(world, scope, node):
    """A gather() or shield() whose future is kept and not awaited."""
    if node["what"] == "gather":
        items = awaitables(world, scope, node["items"])
        future = asyncio.gather(*items, return_exceptions=node["returnExceptions"])
    else:
        item = awaitable(world, scope, node["items"][0])
        if item is None:
            return world.log(scope.who, "shield nobody")
        future = asyncio.shield(item)
    world.put(node["slot"], future)
    world.log(scope.who, f"started {node['what']} {world.show(future)}")


@waits("gather")
async def _gather(world, scope, node):
    items = awaitables(world, scope, node["items"])
    values = await asyncio.gather(*items, return_exceptions=node["returnExceptions"])
    world.log(scope.who, f"gathered {world.show(values)}")


@waits("wait")
async def _wait(world, scope, node):
    items = awaitables(world, scope, node["items"])
    done, pending = await asyncio.wait(items, timeout=seconds(node["timeout"]), return_when=node["until"])
    world.log(scope.who, f"waited {world.show(list(done))} {world.show(list(pending))}")


@waits("waitFor")
async def _wait_for(world, scope, node):
    item = awaitable(world, scope, node["item"])
    if item is None:
        return world.log(scope.who, "wait for nobody")
    value = await asyncio.wait_for(item, seconds(node["timeout"]))
    world.log(scope.who, f"waited for {world.show(value)}")


@waits("shield")
async def _shield(world, scope, node):
    item = awaitable(world, scope, node["item"])
    if item is None:
        return world.log(scope.who, "shield nobody")
    world.log(scope.who, f"shielded {world.show(await asyncio.shield(item))}")


@waits("asCompleted")
async def _as_completed(world, scope, node):
    items = awaitables(world, scope, node["items"])
    left = node["limit"]
    ready = asyncio.as_completed(items, timeout=seconds(node["timeout"]))
    if node["plain"]:
        for one in ready:
            if left == 0:
                one.close()
                break
            left -= 1
            try:
                world.log(scope.who, f"next {world.show(await one)}")
            except Exception as error:
                world.log(scope.who, f"next failed {world.show(error)}")
    else:
        async for one in ready:
            world.log(scope.who, f"next {world.show(one)} {one.done()}")
            left -= 1
            if left <= 0:
                break
    world.log(scope.who, "all completed")


@waits("race")
async def _race(world, scope, node):
    starters = [lambda body=item["body"]: run_body(world, scope, body) for item in node["items"]]
    winner, index, errors = await staggered_race(starters, seconds(node["delay"]))
    world.log(scope.who, f"raced {world.show(winner)} {world.show(index)} {world.show(errors)}")


@waits("timeout")
async def _timeout(world, scope, node):
    delay = seconds(node["delay"])
    if node["absolute"] and delay is not None:
        block = asyncio.timeout_at(world.loop.time() + delay)
    else:
        block = asyncio.timeout(delay)
    inner = Scope(scope.who, scope.groups, (*scope.timeouts, block))
    try:
        async with block:
            return await run_block(world, inner, node["do"])
    finally:
        world.log(scope.who, f"timeout left, expired {block.expired()}")


@waits("group")
async def _group(world, scope, node):
    group = asyncio.TaskGroup()
    inner = Scope(scope.who, (*scope.groups, group), scope.timeouts)
    try:
        async with group:
            outcome = await run_block(world, inner, node["do"])
            world.log(scope.who, "group body ends")
            return outcome
    finally:
        world.log(scope.who, "group left")
