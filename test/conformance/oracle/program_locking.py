"""Statements of random programs on locks, events, conditions, semaphores, barriers and queues."""

from program_coroutines import run_block, waits
from program_statements import sync


def _lockable(world, node):
    kind, k = node["kind"], node["k"]
    return {"lock": world.locks, "condition": world.conditions, "semaphore": world.semaphores}[kind][k]


@waits("acquire")
async def _acquire(world, scope, node):
    value = await _lockable(world, node).acquire()
    world.log(scope.who, f"acquired {node['kind']}{node['k']} {value}")


@sync("release")
def _release(world, scope, node):
    _lockable(world, node).release()
    world.log(scope.who, f"released {node['kind']}{node['k']} {_lockable(world, node).locked()}")


@sync("locked")
def _locked(world, scope, node):
    world.log(scope.who, f"{node['kind']}{node['k']} locked {_lockable(world, node).locked()}")


@waits("with")
async def _with(world, scope, node):
    async with _lockable(world, node):
        world.log(scope.who, f"holds {node['kind']}{node['k']}")
        outcome = await run_block(world, scope, node["do"])
    world.log(scope.who, f"left {node['kind']}{node['k']}")
    return outcome


@waits("conditionWait")
async def _condition_wait(world, scope, node):
    condition = world.conditions[node["k"]]
    try:
        if node.get("counter") is None:
            value = await condition.wait()
        else:
            counter, least = node["counter"], node["value"]
            value = await condition.wait_for(lambda: world.counters.get(counter, 0) >= least)
    finally:
        world.log(scope.who, f"woken, condition{node['k']} locked {condition.locked()}")
    world.log(scope.who, f"notified {world.show(value)}")


@sync("notify")
def _notify(world, scope, node):
    condition = world.conditions[node["k"]]
    if node["n"] is None:
        condition.notify_all()
    else:
        condition.notify(node["n"])
    world.log(scope.who, f"notify condition{node['k']}")


@waits("eventWait")
async def _event_wait(world, scope, node):
    value = await world.events[node["k"]].wait()
    world.log(scope.who, f"saw event{node['k']} {value}")


@sync("event")
def _event(world, scope, node):
    event = world.events[node["k"]]
    event.set() if node["set"] else event.clear()
    world.log(scope.who, f"event{node['k']} {event.is_set()}")


@waits("barrierWait")
async def _barrier_wait(world, scope, node):
    barrier = world.barriers[node["k"]]
    if node.get("do") is None:
        position = await barrier.wait()
        world.log(scope.who, f"passed barrier{node['k']} {position}")
        return None
    async with barrier as position:
        world.log(scope.who, f"inside barrier{node['k']} {position}")
        return await run_block(world, scope, node["do"])


@waits("barrier")
async def _barrier(world, scope, node):
    barrier = world.barriers[node["k"]]
    if node["how"] == "reset":
        await barrier.reset()
    else:
        await barrier.abort()
    world.log(scope.who, f"{node['how']} barrier{node['k']} {show_barrier(barrier)}")


def show_barrier(barrier):
    return f"{barrier.parties} {barrier.n_waiting} {barrier.broken}"


@waits("put")
async def _put(world, scope, node):
    await world.queues[node["k"]].put(node["value"])
    world.log(scope.who, f"put {node['value']} into q{node['k']}")


@waits("get")
async def _get(world, scope, node):
    value = await world.queues[node["k"]].get()
    world.log(scope.who, f"got {value} from q{node['k']}")


@waits("join")
async def _join(world, scope, node):
    await world.queues[node["k"]].join()
    world.log(scope.who, f"joined q{node['k']}")


@sync("putNowait")
def _put_nowait(world, scope, node):
    world.queues[node["k"]].put_nowait(node["value"])
    world.log(scope.who, f"put {node['value']} into q{node['k']} at once")


@sync("getNowait")
def _get_nowait(world, scope, node):
    value = world.queues[node["k"]].get_nowait()
    world.log(scope.who, f"got {value} from q{node['k']} at once")


@sync("taskDone")
def _task_done(world, scope, node):
    world.queues[node["k"]].task_done()
    world.log(scope.who, f"task done q{node['k']}")


@sync("shutdown")
def _shutdown(world, scope, node):
    world.queues[node["k"]].shutdown(node["immediate"])
    world.log(scope.who, f"shut down q{node['k']}")


@sync("queue")
def _queue(world, scope, node):
    world.log(scope.who, f"q{node['k']} {show_queue(world.queues[node['k']])}")


def show_queue(queue):
    return f"{queue.qsize()} {queue.empty()} {queue.full()}"
