"""The coroutines of random programs: bodies, control flow, and making tasks of them."""

import asyncio

from program_statements import SYNC, context_option, sync
from program_world import make_error

ASYNC = {}


def waits(op):
    def add(function):
        ASYNC[op] = function
        return function

    return add


async def run_block(world, scope, statements):
    """Gives the Return that ended the block, or None."""
    for node in statements:
        if world.dead:
            raise GeneratorExit
        function = SYNC.get(node["op"])
        if function is not None:
            outcome = function(world, scope, node)
        else:
            outcome = await ASYNC[node["op"]](world, scope, node)
        if outcome is not None:
            return outcome
    return None


async def run_body(world, outer, body):
    scope = outer.named(body["name"])
    world.log(scope.who, "begins")
    try:
        outcome = await run_block(world, scope, body["do"])
    except BaseException as error:
        world.log(scope.who, f"ends with {world.show(error)}")
        raise
    value = None if outcome is None else outcome.value
    world.log(scope.who, f"ends: {world.show(value)}")
    return value


def awaitable(world, scope, item):
    """What a combinator is given: a task or future that exists, or a coroutine. None for an empty slot."""
    if "body" in item:
        return run_body(world, scope, item["body"])
    return world.find(item)


def awaitables(world, scope, items):
    found = [awaitable(world, scope, item) for item in items]
    return [one for one in found if one is not None]


@sync("spawn")
def _spawn(world, scope, node):
    body = node["body"]
    options = {"name": body["name"], **context_option(world, node)}
    if node.get("eager") is not None:
        options["eager_start"] = node["eager"]
    groups = scope.groups
    if node.get("group") is not None and groups:
        create = groups[max(0, len(groups) - 1 - node["group"])].create_task
    else:
        create = asyncio.create_task
    coroutine = run_body(world, scope, body)
    try:
        task = create(coroutine, **options)
    finally:
        coroutine = None
    world.put(node["slot"], task)
    world.log(scope.who, f"spawned {world.show(task)} {task.get_name()}")


@sync("whoami")
def _whoami(world, scope, node):
    task = asyncio.current_task(world.loop)
    if task is None:
        return world.log(scope.who, "in no task")
    # Tasks that were given no name are numbered over the whole life of a process.
    name = "unnamed" if task.get_name().startswith("Task-") else task.get_name()
    world.log(scope.who, f"in {name} cancelling={task.cancelling()}")


@waits("call")
async def _call(world, scope, node):
    world.log(scope.who, f"called: {world.show(await run_body(world, scope, node['body']))}")


@waits("repeat")
async def _repeat(world, scope, node):
    for _ in range(node["times"]):
        outcome = await run_block(world, scope, node["do"])
        if outcome is not None:
            return outcome


CONDITIONS = {
    "done": lambda world, node: (target := world.find(node["of"])) is not None and target.done(),
    "counter": lambda world, node: world.counters.get(node["counter"], 0) >= node["value"],
    "cancelling": lambda world, node: asyncio.current_task(world.loop).cancelling() > 0,
    "locked": lambda world, node: world.locks[node["k"]].locked(),
    "set": lambda world, node: world.events[node["k"]].is_set(),
}


@waits("if")
async def _if(world, scope, node):
    branch = node["do"] if CONDITIONS[node["test"]](world, node) else node["else"]
    return await run_block(world, scope, branch)


@waits("try")
async def _try(world, scope, node):
    try:
        return await _try_except(world, scope, node)
    finally:
        if node.get("finally") is not None and not world.dead:
            world.log(scope.who, "finally")
            outcome = await run_block(world, scope, node["finally"])
            if outcome is not None:
                return outcome


async def _try_except(world, scope, node):
    try:
        return await run_block(world, scope, node["do"])
    except asyncio.CancelledError as error:
        handler = node.get("onCancel") or node.get("onAny")
        if handler is None:
            raise
        return await _handle(world, scope, handler, error)
    except Exception as error:
        handler = node.get("onError") or node.get("onAny")
        if handler is None:
            raise
        return await _handle(world, scope, handler, error)


async def _handle(world, scope, handler, error):
    world.log(scope.who, f"caught {world.show(error)}")
    outcome = await run_block(world, scope, handler["do"])
    if outcome is not None:
        return outcome
    if handler["then"] == "again":
        raise error
    if handler["then"] == "other":
        raise make_error(handler) from error
