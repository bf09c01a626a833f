"""Faults of this CPython that the library does not copy, repaired here so that all else can be compared."""

from asyncio import timeouts


def _timeout_with_pending_cancel():
    """gh-134471: a cancellation that was pending when the block was entered became the block's TimeoutError."""
    enter = timeouts.Timeout.__aenter__

    async def __aenter__(self):
        entered = await enter(self)
        if self._task._must_cancel:
            self._cancelling -= 1
        return entered

    timeouts.Timeout.__aenter__ = __aenter__


def install():
    _timeout_with_pending_cancel()
