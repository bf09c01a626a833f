"""Runs one hand-written scenario: the text of a Python function `async def main(log, loop)`."""

import asyncio
import contextvars
import logging
import sys
import textwrap
import warnings

import describe
from program_world import TICKS
from virtual_loop import VirtualLoop, run_until_stopped, without_running_loop

END = 1 << 20

sys.unraisablehook = lambda _unraisable: None
warnings.simplefilter("ignore")
logging.getLogger("asyncio").disabled = True


class Log:
    """log("text", value...) adds a line: the time in ticks, then the values."""

    def __init__(self, loop):
        self.loop = loop
        self.lines = []
        self.closed = False
        self.names = {}

    def __call__(self, *values):
        if not self.closed:
            words = " ".join(describe.show(value, self.names) for value in values)
            now = 0 if self.loop is None else self.loop.now
            self.lines.append(f"{now * TICKS:g} {words}")

    def called(self, future, name):
        self.names[future] = name
        return future

    def report(self, _loop, context):
        message = context["message"]
        if message.startswith("Exception in callback"):
            message = "Exception in callback"
        keys = ",".join(sorted(key for key in context if key not in ("message", "exception")))
        self(f"report {message}: {describe.show(context.get('exception'))} ({keys})")


async def outcome(awaitable):
    """What an await gives: its result, or the error it raises."""
    try:
        return await awaitable
    except BaseException as error:
        return error


def attempt(call):
    """What a call gives: its result, or the error it raises."""
    try:
        return call()
    except BaseException as error:
        return error


def _namespace(text):
    namespace = {
        "asyncio": asyncio,
        "contextvars": contextvars,
        "Boom": describe.Boom,
        "Bang": describe.Bang,
        "tick": 1 / TICKS,
        "outcome": outcome,
        "attempt": attempt,
    }
    exec(textwrap.dedent(text), namespace)
    return namespace


def run_scenario(text):
    loop = VirtualLoop()
    log = Log(loop)
    loop.set_exception_handler(log.report)
    main = loop.create_task(_namespace(text)["main"](log, loop))
    main.add_done_callback(lambda _main: loop.stop())
    loop.call_at(END, loop.stop)
    run_until_stopped(loop)
    if not main.done():
        log("main never ended")
    elif main.cancelled():
        log("main was cancelled")
    elif main.exception() is not None:
        log("main failed:", main.exception())
    log.closed = True
    loop.close()
    return log.lines


def run_plain_scenario(text):
    """As run_scenario(), for a plain `def main(log, new_loop)` that makes its loops itself and runs them."""
    log = Log(None)

    def new_loop():
        log.loop = VirtualLoop()
        log.loop.set_exception_handler(log.report)
        return log.loop

    without_running_loop(lambda: _namespace(text)["main"](log, new_loop))
    log.closed = True
    return log.lines
