"""Statements of random programs that never wait: they may stand in coroutines and in callbacks."""

import asyncio
import contextvars

from program_world import TICKS, make_error

SYNC = {}


def sync(op):
    def add(function):
        SYNC[op] = function
        return function

    return add


class Return:
    def __init__(self, value):
        self.value = value


def run_now(world, scope, statements):
    """Runs statements in a callback. What they raise goes to the exception handler."""
    for node in statements:
        if world.dead:
            return
        SYNC[node["op"]](world, scope, node)


@sync("raise")
def _raise(world, scope, node):
    raise make_error(node)


@sync("return")
def _return(world, scope, node):
    return Return(node["value"])


@sync("cancel")
def _cancel(world, scope, node):
    target = asyncio.current_task(world.loop) if node["of"] == "self" else world.find(node["of"])
    if target is None:
        return world.log(scope.who, "cancel nobody")
    done = target.cancel() if node.get("text") is None else target.cancel(node["text"])
    world.log(scope.who, f"cancel {world.show(target)}: {done}")


@sync("uncancel")
def _uncancel(world, scope, node):
    target = asyncio.current_task(world.loop) if node["of"] == "self" else world.find(node["of"])
    if not isinstance(target, asyncio.Task):
        return world.log(scope.who, "uncancel nobody")
    world.log(scope.who, f"uncancel {world.show(target)}: {target.uncancel()}")


@sync("probe")
def _probe(world, scope, node):
    target = world.find(node["of"])
    if target is None:
        return world.log(scope.who, "probe nobody")
    counts = f" cancelling={target.cancelling()}" if isinstance(target, asyncio.Task) else ""
    world.log(scope.who, f"probe {world.show(target)}: {target.done()} {target.cancelled()}{counts}")
    if node["read"]:
        world.log(scope.who, f"holds {world.show(target.result())}")


@sync("settle")
def _settle(world, scope, node):
    future = world.futures[node["f"]]
    if node["how"] == "result":
        future.set_result(node["value"])
    else:
        future.set_exception(make_error(node))
    world.log(scope.who, f"settled f{node['f']}")


@sync("renew")
def _renew(world, scope, node):
    """A bare future is replaced by a new one; who waits for the old goes on waiting."""
    i = node["f"]
    world.futures[i] = world.loop.create_future()
    world.names[world.futures[i]] = f"f{i}"
    world.log(scope.who, f"renewed f{i}")


@sync("soon")
def _soon(world, scope, node):
    inner = scope.named(node["name"])
    if node.get("delay") is None:
        handle = world.loop.call_soon(run_now, world, inner, node["do"], **context_option(world, node))
    else:
        handle = world.loop.call_later(
            node["delay"] / TICKS, run_now, world, inner, node["do"], **context_option(world, node)
        )
    world.handles[node["handle"]] = handle
    world.log(scope.who, f"scheduled {node['name']}")


def context_option(world, node):
    # A future that is given None copies the context when it is done; one that is given nothing, now.
    k = node.get("context")
    if k is None:
        return {}
    if k not in world.contexts:
        world.contexts[k] = contextvars.copy_context()
    return {"context": world.contexts[k]}


@sync("unschedule")
def _unschedule(world, scope, node):
    handle = world.handles.get(node["handle"])
    if handle is None:
        return world.log(scope.who, "unschedule nothing")
    handle.cancel()
    world.log(scope.who, f"unscheduled h{node['handle']}: {handle.cancelled()}")


@sync("whenDone")
def _when_done(world, scope, node):
    target = world.find(node["of"])
    if target is None:
        return world.log(scope.who, "callback on nobody")
    inner = scope.named(node["name"])

    def callback(future):
        world.log(inner.who, f"called with {world.show(future)}")
        run_now(world, inner, node["do"])

    world.callbacks[node["name"]] = (target, callback)
    target.add_done_callback(callback, **context_option(world, node))
    world.log(scope.who, f"callback on {world.show(target)}")


@sync("notWhenDone")
def _not_when_done(world, scope, node):
    if node["name"] not in world.callbacks:
        return world.log(scope.who, "no callback")
    target, callback = world.callbacks[node["name"]]
    world.log(scope.who, f"callbacks removed: {target.remove_done_callback(callback)}")


@sync("count")
def _count(world, scope, node):
    counter = node["counter"]
    world.counters[counter] = world.counters.get(counter, 0) + 1
    world.log(scope.who, f"counter {counter}={world.counters[counter]}")


@sync("setVariable")
def _set_variable(world, scope, node):
    world.variables[node["v"]].set(node["value"])


@sync("getVariable")
def _get_variable(world, scope, node):
    world.log(scope.who, f"v{node['v']}={world.variables[node['v']].get()}")


@sync("reschedule")
def _reschedule(world, scope, node):
    if not scope.timeouts:
        return world.log(scope.who, "no timeout around")
    block = scope.timeouts[max(0, len(scope.timeouts) - 1 - node["depth"])]
    delay = node["delay"]
    block.reschedule(None if delay is None else world.loop.time() + delay / TICKS)
    world.log(scope.who, f"rescheduled {world.show(None if delay is None else block.when() * TICKS)}")
