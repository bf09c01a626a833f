"""Runs random programs, a batch at a time, and gives back their logs as lines."""

import asyncio
import gc
import json
import logging
import sys
import warnings

import describe
import program_locking
import program_waiting  # noqa: F401 -- adds its statements
from program_coroutines import run_body
from program_world import TICKS, Scope, World
from virtual_loop import VirtualLoop, run_until_stopped

END = 4096
"""The tick at which what still runs is abandoned."""

# Abandoned coroutines are closed by the collector, and programs make coroutines that nobody awaits.
sys.unraisablehook = lambda _unraisable: None
warnings.simplefilter("ignore")
logging.getLogger("asyncio").disabled = True


def run_programs(text):
    gc.disable()
    try:
        return json.dumps([run_program(program) for program in json.loads(text)])
    finally:
        gc.enable()
        gc.collect()


def run_program(program):
    loop = VirtualLoop()
    world = World(loop, program)
    loop.set_exception_handler(world.report)
    if program["eager"]:
        loop.set_task_factory(asyncio.eager_task_factory)
    loop.call_at(END / TICKS, loop.stop)
    world.put("main", loop.create_task(run_body(world, Scope("main"), program["main"]), name="main"))
    run_until_stopped(loop)
    if not world.dead:
        _log_end(world)
    world.dead = True
    loop.close()
    return world.lines


def _log_end(world):
    for future in world.started:
        world.log("=", f"{world.show(future)} {describe.show_state(future)}")
    for i, future in enumerate(world.futures):
        world.log("=", f"f{i} {describe.show_state(future)}")
    for i, lock in enumerate(world.locks):
        world.log("=", f"lock{i} {lock.locked()}")
    for i, event in enumerate(world.events):
        world.log("=", f"event{i} {event.is_set()}")
    for i, condition in enumerate(world.conditions):
        world.log("=", f"condition{i} {condition.locked()}")
    for i, semaphore in enumerate(world.semaphores):
        world.log("=", f"semaphore{i} {semaphore.locked()}")
    for i, barrier in enumerate(world.barriers):
        world.log("=", f"barrier{i} {program_locking.show_barrier(barrier)}")
    for i, queue in enumerate(world.queues):
        world.log("=", f"q{i} {program_locking.show_queue(queue)} {_drained(queue)}")


def _drained(queue):
    items = []
    while True:
        try:
            items.append(queue.get_nowait())
        except (asyncio.QueueEmpty, asyncio.QueueShutDown) as error:
            return f"{describe.show(items)} {type(error).__name__}"
