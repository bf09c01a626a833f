"""An asyncio loop on a virtual clock: when nothing is ready, time jumps to the next deadline."""

import asyncio
import itertools
from asyncio import base_events, events

# Far below the steps of time in use, so that a timer fires exactly at its deadline, and far above a float's last digit.
CLOCK_RESOLUTION = 1e-9


class FifoTimerHandle(events.TimerHandle):
    """CPython leaves the order of equal deadlines open; here it is the order of their making."""

    __slots__ = ("_arrival",)
    _arrivals = itertools.count()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._arrival = next(self._arrivals)

    def __lt__(self, other):
        return (self._when, self._arrival) < (other._when, other._arrival)


class _JumpingSelector:
    """Stands where the poll for I/O stands: there is none, so waiting is a jump in time."""

    def __init__(self, loop):
        self._loop = loop

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("nothing is ready and no timer is set: the loop would wait for ever")
        if timeout > 0:
            self._loop.now = self._loop._scheduled[0]._when
        return []


class VirtualLoop(base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._clock_resolution = CLOCK_RESOLUTION
        self._selector = _JumpingSelector(self)
        # The loop itself holds tasks weakly: what only a cycle keeps alive would vanish when the collector comes by.
        self.made = []

    def time(self):
        return self.now

    def create_task(self, coro, **kwargs):
        task = super().create_task(coro, **kwargs)
        self.made.append(task)
        return task

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


def install():
    events.TimerHandle = FifoTimerHandle


def run_until_stopped(loop):
    without_running_loop(loop.run_forever)


def without_running_loop(function):
    """Pyodide's own loop is always registered as running."""
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        function()
    finally:
        asyncio._set_running_loop(outer)
